"""Several hosts and one UCS Manager: one session, and which VMs could move where."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema_rs import Draft202012Validator

from tests.support.construct import RawTree, construct
from tests.support.construct.hosts import NEIGHBOUR, REFERENCE
from tests.support.construct.spec import Blade
from tests.support.sessions import certify_several, command_line, process_environment
from tests.support.ucsm import faults
from tests.support.ucsm.asking import credentials_in_environment, environment
from tests.support.ucsm.domain import Domain, load
from tests.support.ucsm.run import ca_file, running
from tests.support.ucsm.server import UcsServer
from tests.support.waiting import PATIENCE, wait_until
from vmfex.evidence.sources.ucsm.manager import UcsmRequest
from vmfex.reports.summary import SCHEMA_FILE

SECOND = replace(REFERENCE, name="blade-2", hostname="blade-2", uuid=NEIGHBOUR, vms=())
STRANGER = replace(SECOND, name="blade-9", uuid="5ca1ab1e-0000-4000-8000-000000000009")


@pytest.fixture
def hosts(tmp_path: Path) -> list[Path]:
    """Two blades of the fabric, one with VMs, and one that it does not know."""
    return [write(blade, tmp_path) for blade in (REFERENCE, SECOND, STRANGER)]


@pytest.fixture
def server() -> Iterator[UcsServer]:
    with running(load("6332-release-3.1")) as started:
        yield started


def write(blade: Blade, folder: Path) -> Path:
    """A recording of which nobody asked UCS Manager."""
    tree: RawTree = construct(replace(blade, ucs=None))
    tree.write(folder / blade.name)
    return folder / blade.name


def asked(server: UcsServer, folder: Path) -> UcsmRequest:
    return UcsmRequest(server.url, str(ca_file(folder)))


def test_hosts_share_one_session(server: UcsServer, hosts: list[Path], tmp_path: Path) -> None:
    """Three hosts side by side: UCS Manager sees one login and one logout."""
    with credentials_in_environment():
        certify_several(tmp_path / "out", *map(str, hosts), ucsm=asked(server, tmp_path))
    assert (server.opened, server.closed) == (1, 1)


def test_matrix_in_the_report(server: UcsServer, hosts: list[Path], tmp_path: Path) -> None:
    """VMs on SR-IOV with MacVTap passthrough can go to the blade of their cluster; one in hostdev
    mode cannot; and nobody knows of a host that the fabric does not know."""
    with credentials_in_environment():
        run = certify_several(tmp_path / "out", *map(str, hosts), ucsm=asked(server, tmp_path))
    summary = json.loads((run.out / "summary.json").read_text())
    Draft202012Validator(json.loads(SCHEMA_FILE.read_text())).validate(summary)
    vms = {vm["domain"]: vm for vm in summary["migration"]["vms"]}
    assert set(vms) == {"web01", "web02", "db01"}
    for name in ("web01", "web02"):
        assert vms[name]["possible"] == ["blade-2"]
        assert vms[name]["not_possible"] == []
        [unknown] = vms[name]["unknown"]
        assert unknown["hosts"] == ["blade-9"]
        assert unknown["reason"] == "UCS Manager does not know the destination as a hypervisor"
    [never] = vms["db01"]["not_possible"]
    assert never["hosts"] == ["blade-2", "blade-9"]
    assert "live migration is not supported" in never["reason"]
    lines = run.stdout.splitlines()
    assert "  reference  web01  -  +  ?" in lines
    assert "  reference  db01   -  x  x" in lines


def test_other_cluster_in_the_matrix(hosts: list[Path], tmp_path: Path) -> None:
    """The second blade in the cluster `lab`: nothing can go there."""
    domain: Domain = load("6332-release-3.1")
    moved = [
        {**o, "dvsName": "lab"} if o["uuid"] == NEIGHBOUR else o for o in domain.classes["vmHv"]
    ]
    with running(domain.but(vmHv=moved)) as server, credentials_in_environment():
        run = certify_several(tmp_path / "out", *map(str, hosts[:2]), ucsm=asked(server, tmp_path))
    [web01] = [
        vm
        for vm in json.loads((run.out / "summary.json").read_text())["migration"]["vms"]
        if vm["domain"] == "web01"
    ]
    assert web01["possible"] == []
    assert (
        "the destination is in the cluster lab, not default" in web01["not_possible"][0]["reason"]
    )


def test_without_ucs_manager_nothing_is_possible(hosts: list[Path], tmp_path: Path) -> None:
    """What nobody asked is no yes, and on the terminal no matrix of question marks."""
    run = certify_several(tmp_path / "out", *map(str, hosts[:2]))
    vms = json.loads((run.out / "summary.json").read_text())["migration"]["vms"]
    assert [vm["possible"] for vm in vms] == [[], [], []]
    assert "the cluster is not known" in vms[0]["unknown"][0]["reason"]
    assert "migration" not in run.stdout


def test_rules_without_clusters_ask_for_no_matrix(
    server: UcsServer, hosts: list[Path], tmp_path: Path
) -> None:
    """Selected rules read what they need and nothing more."""
    with credentials_in_environment():
        run = certify_several(
            tmp_path / "out", *map(str, hosts), rules=["HST-01"], ucsm=asked(server, tmp_path)
        )
    assert json.loads((run.out / "summary.json").read_text())["migration"]["vms"] == []
    assert server.seen == []


def test_notes_of_several_hosts(hosts: list[Path], tmp_path: Path) -> None:
    """That nothing was verified is in the summary, on each line, and in the last line alone."""
    with running(load("6332-release-3.1"), "self-signed") as server, credentials_in_environment():
        run = certify_several(
            tmp_path / "out", *map(str, hosts[:2]), ucsm=UcsmRequest(server.url, insecure=True)
        )
    note = "its certificate was not verified (--ucsm-insecure)"
    summary = json.loads((run.out / "summary.json").read_text())
    assert all(any(note in n for n in host["notes"]) for host in summary["hosts"])
    assert run.stdout.splitlines()[-1].count(note) == 1
    assert note in run.stdout.splitlines()[0]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_run_logs_out(
    number: signal.Signals, hosts: list[Path], tmp_path: Path
) -> None:
    """The session is a thread's; it is closed all the same before the program ends."""
    with running(load("6332-release-3.1")) as server:
        server.faults["configResolveClasses", 2] = faults.hang
        process = subprocess.Popen(
            command_line(
                *("certify", *map(str, hosts), "--ucsm", server.url),
                *("--ucsm-ca", ca_file(tmp_path)),
            ),
            cwd=tmp_path,
            env=process_environment(environment()),
            stderr=subprocess.PIPE,
            text=True,
        )
        wait_until(lambda: server.seen.count("configResolveClasses") >= 2, "the second question")
        os.kill(process.pid, number)
        _, said = process.communicate(timeout=PATIENCE)
        assert process.returncode == 2
        assert "Traceback" not in said
        assert (server.opened, server.closed) == (1, 1)
