"""`--ucsm`: a host is certified and recorded with what UCS Manager says of it."""

import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.judging import judge_tree
from tests.support.sessions import certify, command, command_line, plain, process_environment
from tests.support.ucsm import faults
from tests.support.ucsm.asking import credentials_in_environment, environment, manager
from tests.support.ucsm.domain import load as load_fabric
from tests.support.ucsm.run import ca_file, running
from tests.support.ucsm.server import PASSWORD, USER, Fault, UcsServer
from tests.support.unsealed import unseal
from tests.support.waiting import PATIENCE, wait_until
from vmfex.evidence.embedded import load_embedded, unpack
from vmfex.evidence.sources.recorded import RecordedTree
from vmfex.evidence.sources.ucsm.classes import CLASSES
from vmfex.evidence.sources.ucsm.manager import UcsmRequest
from vmfex.evidence.sources.ucsm.tree import WithFabric

# Fabric, recorded host whose evidence but for UCS Manager's it goes with, and what is violated.
VERDICTS = {
    "6332-release-3.1": ("reference", set()),
    "6454-with-profiles": ("reference", {"FAB-01", "FAB-02", "FAB-03"}),
    "6454-release-4.0": ("reference", {"FAB-01", "FAB-03", "FAB-05", "PRF-02", "PRF-04"}),
    "release-2.0": ("rhel61-private-ucs20", set()),
    "release-2.1": ("rhel61-private-ucs21", {"MTD-01"}),
    "extra-clusters": ("reference", set()),
    "profile-without-client": ("reference", {"PRF-03"}),
    "client-not-default": ("reference", {"PRF-03"}),
    "dynamic-vnics-off": ("reference", {"FAB-05"}),
}
NOTE = "its certificate was not verified (--ucsm-insecure)"


@pytest.fixture
def server() -> Iterator[UcsServer]:
    with running(load_fabric("6332-release-3.1")) as started:
        yield started


@pytest.fixture
def host(tmp_path: Path) -> Path:
    """The reference host without UCS Manager's answers."""
    return bare("reference", tmp_path)


def bare(name: str, folder: Path) -> Path:
    """A recorded host of which nobody has asked UCS Manager."""
    target = folder / "bare"
    unpack(name, target)
    shutil.rmtree(target / "ucsm")
    unseal(target)
    return target


def without_fabric(name: str) -> RecordedTree:
    tree = load_embedded(name)
    files = {path: raw for path, raw in tree.files.items() if not path.startswith("ucsm/")}
    return RecordedTree.of(files, tree.links, tree.manifest)


@pytest.mark.parametrize("name", VERDICTS)
def test_live_fabric_decides(name: str, tmp_path: Path) -> None:
    """The rules on the fabric are decided by what it says now; nothing else changes."""
    base, violated = VERDICTS[name]
    with running(load_fabric(name)) as server:
        tree = WithFabric(without_fabric(base), manager(server, tmp_path))
        judged = judge_tree(tree)
    assert {rule for rule, verdict in judged.verdicts.items() if verdict == "violated"} == violated


def test_live_equals_recorded(server: UcsServer, host: Path, tmp_path: Path) -> None:
    """The same host, with the fabric asked now and with the answers that it holds."""
    with credentials_in_environment():
        live = certify(
            tmp_path / "live", host, ucsm=UcsmRequest(server.url, str(ca_file(tmp_path)))
        )
    held = certify(tmp_path / "held", "reference")
    assert live.verdicts == held.verdicts
    assert live.status == held.status == 0
    assert server.opened == server.closed == 1


def test_plain_pytest_asks_it_too(server: UcsServer, host: Path, tmp_path: Path) -> None:
    """`pytest features --host ... --ucsm ...` is the same certification."""
    with credentials_in_environment():
        run = plain(
            tmp_path / "out", host, f"--ucsm={server.url}", f"--ucsm-ca={ca_file(tmp_path)}"
        )
    assert run.verdicts["FAB-01"] == "compliant"


def test_rules_that_need_no_fabric_ask_for_none(
    server: UcsServer, host: Path, tmp_path: Path
) -> None:
    """UCS Manager is asked only where a selected rule wants it."""
    with credentials_in_environment():
        certify(
            tmp_path / "o",
            host,
            rules=["HST-01"],
            ucsm=UcsmRequest(server.url, str(ca_file(tmp_path))),
        )
    assert server.seen == []


def test_every_report_says_what_was_not_verified(host: Path, tmp_path: Path) -> None:
    """The record, the text and its last line, JUnit, Allure, and what is made from the record."""
    out = tmp_path / "out"
    fabric = load_fabric("6332-release-3.1")
    with running(fabric, "self-signed") as server, credentials_in_environment():
        run = certify(out, host, ucsm=UcsmRequest(server.url, insecure=True))
    assert run.record["notes"] == [f"UCS Manager at {server.url}: {NOTE}"]
    assert NOTE in run.stdout.splitlines()[-1]
    assert NOTE in " ".join(run.stdout.split("\n\n")[0].split())
    assert NOTE in (out / "junit.xml").read_text()
    assert NOTE in (out / "allure-results" / "environment.properties").read_text()
    for form in ("text", "junit", "json"):
        made = command("report", form, str(out), cwd=tmp_path)
        assert NOTE in " ".join(made.stdout.split())
    quiet = command("report", "text", str(out), "--quiet", cwd=tmp_path)
    assert NOTE in quiet.stdout


def test_verified_session_needs_no_note(server: UcsServer, host: Path, tmp_path: Path) -> None:
    """Nothing to know."""
    with credentials_in_environment():
        run = certify(tmp_path / "out", host, ucsm=UcsmRequest(server.url, str(ca_file(tmp_path))))
    assert run.record["notes"] == []
    assert "note:" not in run.stdout


def test_recording_holds_the_answers(server: UcsServer, tmp_path: Path) -> None:
    """`vmfex record --ucsm` writes them, and the recording gives the live fabric's verdicts."""
    ca, target = ca_file(tmp_path), tmp_path / "recorded"
    done = command(
        *("record", "reference", target, "--ucsm", server.url, "--ucsm-ca", ca),
        cwd=tmp_path,
        environment=environment(),
    )
    assert done.returncode == 0, done.stderr
    assert {path.stem for path in (target / "ucsm").iterdir()} == {*CLASSES, "connection"}
    kept = "".join(path.read_text() for path in (target / "ucsm").iterdir())
    assert not re.search("jdoe|k3y|secret-cookie|4711|auditor", kept)
    assert 'cookie=""' in kept
    run = certify(tmp_path / "out", target)
    assert run.verdicts == certify(tmp_path / "held", "reference").verdicts


def test_recording_keeps_that_nothing_was_verified(tmp_path: Path) -> None:
    """Whoever certifies the recording later is told as well."""
    target = tmp_path / "recorded"
    with running(load_fabric("6332-release-3.1"), "wrong name") as server:
        done = command(
            *("record", "reference", target, "--ucsm", server.url, "--ucsm-insecure"),
            cwd=tmp_path,
            environment=environment(),
        )
    assert done.returncode == 0, done.stderr
    assert NOTE in done.stderr
    assert NOTE in certify(tmp_path / "out", target).record["notes"][0]


def test_recording_says_what_it_lacks(tmp_path: Path) -> None:
    """A fabric that could not be asked is unknown in the recording, and that is said."""
    with running(load_fabric("6332-release-3.1")) as server:
        url = server.url
    target = tmp_path / "recorded"
    asked = ("record", "reference", target, "--ucsm", url)
    done = command(*asked, cwd=tmp_path, environment=environment())
    assert done.returncode == 0
    reason = f"UCS Manager at {url} cannot be reached: Connection refused"
    assert done.stderr.splitlines() == [f"vmfex: recorded as unknown: {reason}"]
    assert certify(tmp_path / "out", target).verdicts["FAB-01"] == "undetermined"


@pytest.mark.parametrize(
    ("arguments", "given", "said"),
    [
        (["--ucsm", "http://ucs"], True, "has to be https://HOST"),
        (["--ucsm", "https://u:s3cret@ucs"], True, "names no user and no password"),
        (["--ucsm", "https://ucs"], False, "There are no user and password for https://ucs"),
        (["--ucsm", "https://ucs", "--ucsm-ca", "gone.pem"], True, "gone.pem cannot be used"),
        (["--ucsm", "https://ucs", "--ucsm-ca", "/dev/null"], True, "it holds no certificate"),
        (
            ["--ucsm", "https://ucs", "--ucsm-ca", "x", "--ucsm-insecure"],
            True,
            "cannot be used together",
        ),
        (["--ucsm-insecure"], True, "need --ucsm"),
    ],
)
def test_usage(arguments: list[str], given: bool, said: str, tmp_path: Path) -> None:
    """One sentence and exit status 4, before anything is read."""
    done = command(
        *("certify", "reference", *arguments),
        cwd=tmp_path,
        environment={"HOME": str(tmp_path)} | (dict(environment()) if given else {}),
    )
    assert done.returncode == 4
    assert said in " ".join(done.stderr.split())
    assert "s3cret" not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


def test_without_the_sdk(tmp_path: Path) -> None:
    """It is an extra: without it, and without --ucsm, everything else works."""
    gone = "import sys; sys.modules['ucsmsdk'] = None; sys.modules['keyring'] = None"
    works = command("certify", "reference", cwd=tmp_path, code=gone)
    assert works.returncode == 0, works.stderr
    asked = ("certify", "reference", "--ucsm", "https://ucs")
    fails = command(*asked, cwd=tmp_path, code=gone, environment=environment())
    assert fails.returncode == 4
    assert "--ucsm needs Cisco's SDK" in fails.stderr


def test_sdk_is_loaded_only_when_asked(tmp_path: Path) -> None:
    """A certification without --ucsm imports neither the SDK nor the keyring."""
    told = "import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr))"
    modules = command("certify", "reference", cwd=tmp_path, code=told).stderr.split()
    assert "vmfex.evidence.host" in modules
    assert not {"ucsmsdk", "keyring", "vmfex.evidence.sources.ucsm.session"} & set(modules)


FAULTS: dict[str, tuple[str, Fault]] = {
    "login": ("aaaLogin", faults.status(500)),
    "junk": ("aaaLogin", faults.instead(b"<aaaLogin outCookie='")),
    "query": ("configResolveClasses", faults.cut_short),
    "bomb": ("configResolveClasses", faults.instead(faults.BOMB)),
}


@pytest.mark.parametrize("fault", [None, *FAULTS, "wrong password"])
def test_password_is_nowhere(fault: str | None, tmp_path: Path) -> None:
    """Not in anything that is printed or written, with every traceback shown, nor in the arguments
    or the environment of a child process."""
    out, children = tmp_path / "out", tmp_path / "children"
    spy = (
        "import os, subprocess\n"
        "real = subprocess.Popen.__init__\n"
        "def init(self, *args, **more):\n"
        f"    print(args, more, dict(os.environ), file=open({str(children)!r}, 'a'))\n"
        "    real(self, *args, **more)\n"
        "subprocess.Popen.__init__ = init\n"
        "import logging; logging.basicConfig(level=logging.DEBUG)\n"
    )
    password = PASSWORD if fault != "wrong password" else f"{PASSWORD}-wrong"
    with running(load_fabric("6332-release-3.1")) as server:
        if fault in FAULTS:
            method, what = FAULTS[fault]
            server.faults[method, 1] = what
        done = command(
            *("certify", "local", "--out", out, "--verbose", "--html"),
            *("--ucsm", server.url, "--ucsm-ca", ca_file(tmp_path)),
            cwd=tmp_path,
            environment={**environment(password), "VMFEX_DEBUG": "1"},
            code=spy,
        )
        assert any(b"p&lt;4&gt;&amp;" in body for body in server.bodies)
    written = [path.read_text(errors="replace") for path in out.rglob("*") if path.is_file()]
    shown = [done.stdout, done.stderr, *written]
    shown += [children.read_text()] if children.exists() else []
    assert len(shown) > 10
    for text in shown:
        assert "s-never-shown" not in text
        assert "secret-cookie" not in text
        assert USER not in text


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_interrupted_program_logs_out(number: signal.Signals, host: Path, tmp_path: Path) -> None:
    """Ctrl-C, a cancelled job, a closed terminal: exit status 2, and the session is closed."""
    with running(load_fabric("6332-release-3.1")) as server:
        server.faults["configResolveClasses", 2] = faults.hang
        words = ("certify", str(host), "--ucsm", server.url, "--ucsm-ca", ca_file(tmp_path))
        process = subprocess.Popen(
            command_line(*words),
            cwd=tmp_path,
            env=process_environment(environment()),
            stderr=subprocess.PIPE,
            text=True,
        )
        wait_until(lambda: server.seen.count("configResolveClasses") == 2, "the second question")
        os.kill(process.pid, number)
        _, said = process.communicate(timeout=PATIENCE)
        assert process.returncode == 2
        assert "interrupted" in said
        assert "Traceback" not in said
        assert (server.opened, server.closed) == (1, 1)


def test_unreachable_is_undetermined_and_not_worse(tmp_path: Path, host: Path) -> None:
    """One clear sentence on each rule that needs the fabric; the others are judged as ever, but for
    VIC-02: UCS Manager was asked for the card's PID, and that nobody tells takes the certainty."""
    with running(load_fabric("6332-release-3.1")) as server:
        url = server.url
    with credentials_in_environment():
        run = certify(tmp_path / "out", host, ucsm=UcsmRequest(url))
    assert run.status == 6
    held = certify(tmp_path / "held", host).verdicts
    assert run.verdicts == held | {"VIC-02": "undetermined"}
    [finding] = next(r for r in run.record["rules"] if r["id"] == "FAB-01")["findings"]
    assert finding["observed"] == f"UCS Manager at {url} cannot be reached: Connection refused"
    assert json.loads((tmp_path / "out" / "certification.json").read_text())["decision"]
