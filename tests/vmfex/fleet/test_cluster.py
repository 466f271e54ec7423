"""Hosts judged by other machines: a real Dask scheduler and its workers on loopback. The result is
the one that this machine comes to, or there is none and a sentence says why."""

import json
import os
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.support.construct import construct
from tests.support.construct.hosts import REFERENCE
from tests.support.dask import Cluster, cluster
from tests.support.sessions import Run, certify_several, command
from tests.support.ucsm.asking import credentials_in_environment
from tests.support.ucsm.domain import load
from tests.support.ucsm.run import ca_file, running
from tests.support.waiting import wait_until
from tests.vmfex.fleet.test_journal import HOSTS, RULES, texts
from tests.vmfex.fleet.test_several import TIMES, anonymous, dies, of
from vmfex.engine.catalogue import digest
from vmfex.evidence.embedded import embedded_file, unpack
from vmfex.evidence.sources.ucsm.manager import UcsmRequest
from vmfex.fleet import cluster as clusters
from vmfex.fleet import scheduler
from vmfex.fleet.journal import Journal
from vmfex.fleet.many import Many
from vmfex.fleet.scheduler import cluster_at
from vmfex.version import VERSION


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster of two workers, which nobody ends."""
    with cluster(tmp_path_factory.mktemp("dask") / "two") as made:
        yield made


def there(made: Cluster, limit: float = 600) -> clusters.Cluster:
    return cluster_at(made.address, digest(), limit)


class Seen(Executor):
    """Passes work on, and knows of which host it was; `change` may put other work in its place."""

    def __init__(self, to: Executor, change: Callable[[str, Any], Any] = lambda _, fn: fn) -> None:
        self._to, self._change = to, change
        self.labels: list[str] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        label = args[0].target.label
        self.labels.append(label)
        return self._to.submit(self._change(label, fn), *args)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._to.shutdown()


def captures(folder: Path, number: int) -> list[str]:
    """So many files of hosts."""
    folder.mkdir()
    for count in range(number):
        file = folder / f"{count:02}.tar.gz"
        file.write_bytes(embedded_file(HOSTS[count % len(HOSTS)]).read_bytes())
    return [str(path) for path in sorted(folder.iterdir())]


def test_the_result_is_that_of_this_machine(two: Cluster, tmp_path: Path) -> None:
    """Record, JUnit, page and every Allure result, but for times: of captures, of an embedded host,
    of a directory (which is judged here), and of what is no host."""
    unpack("reference", tmp_path / "folder")
    (tmp_path / "broken.tar").write_bytes(b"no tar at all")
    hosts = [*captures(tmp_path / "captures", 2), "m81kr", f"{tmp_path}/broken.tar"]
    hosts.append(str(tmp_path / "folder"))
    far = certify_several(tmp_path / "far", *hosts, executor=there(two))
    near = certify_several(tmp_path / "near", *hosts)
    assert (far.status, far.errors) == (near.status, near.errors)
    assert far.stdout == near.stdout.replace("/near/", "/far/")
    assert texts(far) == texts(near)
    for label in ("00", "01", "m81kr", "broken", "folder"):
        pages = [(of(run, label).out / "certificate.html").read_text() for run in (far, near)]
        assert TIMES.sub("", pages[0]).count("<") == TIMES.sub("", pages[1]).count("<")
        assert anonymous(of(far, label)) == anonymous(of(near, label))


def test_the_command(two: Cluster, tmp_path: Path) -> None:
    """As people type it; nothing of Dask's own words comes through."""
    done = command(
        *("certify", *HOSTS, "--rule=VIC-01", "--out=out", "--scheduler", two.address), cwd=tmp_path
    )
    said = [line for line in done.stderr.splitlines() if not line.startswith("vmfex: still ")]
    refused = "vmfex: refused: no-vic: NOT CERTIFIED; violated: VIC-01"
    assert (done.returncode, said) == (1, [refused])
    assert len(json.loads((tmp_path / "out/summary.json").read_text())["hosts"]) == 3


def test_a_host_that_crashes_what_judges_it_costs_no_worker(two: Cluster, tmp_path: Path) -> None:
    """It is INCOMPLETE and says why; the other hosts have their verdicts."""
    executor = Seen(there(two), lambda label, fn: dies if label == "m81kr" else fn)
    run = certify_several(tmp_path / "out", *HOSTS, rules=RULES, executor=executor)
    lost = "the host was given up: the process that judged it was ended by SIGSEGV"
    assert lost in run.stdout.splitlines()[0]
    assert of(run, "m81kr").record["decision"] == "INCOMPLETE"
    assert of(run, "no-vic").verdicts["VIC-01"] == "violated"
    assert all(worker.poll() is None for worker in two.workers)


def test_answers_of_ucs_manager_travel(two: Cluster, tmp_path: Path) -> None:
    """One session, from here: no worker asks, and none has the password."""
    construct(replace(REFERENCE, ucs=None)).write_tar(tmp_path / "blade.tar")
    hosts = (str(tmp_path / "blade.tar"), "no-vic")
    with running(load("6332-release-3.1")) as server:
        ucsm = UcsmRequest(server.url, str(ca_file(tmp_path)))
        with credentials_in_environment():
            far = certify_several(tmp_path / "far", *hosts, ucsm=ucsm, executor=there(two))
        with credentials_in_environment():
            near = certify_several(tmp_path / "near", *hosts, ucsm=ucsm)
        assert (server.opened, server.closed) == (2, 2)
    assert texts(far) == texts(near)
    assert of(far, "blade").verdicts["PRF-02"] == "compliant"


def at_nth(monkeypatch: pytest.MonkeyPatch, number: int, act: Callable[[], object]) -> list[str]:
    """Does something when so many hosts are finished. Returns the labels of all that are."""
    real, added = Journal.add, list[str]()

    def add(journal: Journal, target: Any, done: Any) -> None:
        real(journal, target, done)
        added.append(target.label)
        if len(added) == number:
            act()

    monkeypatch.setattr(Journal, "add", add)
    return added


def test_a_worker_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half-way, with hosts that it has: none is lost, and none is there twice."""
    hosts = captures(tmp_path / "captures", 20)
    near = certify_several(tmp_path / "near", *hosts, rules=RULES)
    with cluster(tmp_path / "dask") as made:
        added = at_nth(monkeypatch, 8, made.workers[0].kill)
        far = certify_several(tmp_path / "far", *hosts, rules=RULES, executor=there(made))
        assert made.workers[0].poll() is not None
        assert made.workers[1].poll() is None
    assert sorted(added) == [f"{count:02}" for count in range(20)]
    assert (far.status, far.errors) == (near.status, near.errors)
    assert texts(far) == texts(near)


def test_a_worker_stops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is there and says nothing, with hosts that it has: when Dask gives it up (`worker-ttl`, by
    default five minutes) another one gets them. None is lost, and none is there twice."""
    monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL", "3s")
    hosts = captures(tmp_path / "captures", 20)
    near = certify_several(tmp_path / "near", *hosts, rules=RULES)
    with cluster(tmp_path / "dask") as made:
        stopped = made.workers[0]
        added = at_nth(monkeypatch, 8, lambda: stopped.send_signal(signal.SIGSTOP))
        far = certify_several(tmp_path / "far", *hosts, rules=RULES, executor=there(made))
        assert stopped.poll() is None
    assert sorted(added) == [f"{count:02}" for count in range(20)]
    assert (far.status, far.errors) == (near.status, near.errors)
    assert texts(far) == texts(near)


def test_a_worker_stops_and_keeps_its_hosts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its scheduler waits longer for it than we do: this machine judges them."""
    monkeypatch.setattr(clusters, "BEYOND", -590.0)
    hosts = captures(tmp_path / "captures", 12)
    near = certify_several(tmp_path / "near", *hosts, rules=RULES)
    with cluster(tmp_path / "dask") as made:
        stopped = made.workers[0]
        added = at_nth(monkeypatch, 4, lambda: stopped.send_signal(signal.SIGSTOP))
        far = certify_several(tmp_path / "far", *hosts, rules=RULES, executor=there(made))
    assert sorted(added) == [f"{count:02}" for count in range(12)]
    assert (far.status, far.errors) == (near.status, near.errors)
    assert texts(far) == texts(near)


def test_the_scheduler_goes_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run ends with one sentence and certifies nothing; what is finished stays, and this
    machine goes on from there."""
    hosts = captures(tmp_path / "captures", 20)
    with cluster(tmp_path / "dask") as made, monkeypatch.context() as patched:
        added = at_nth(patched, 5, made.scheduler.kill)
        run = certify_several(tmp_path / "out", *hosts, rules=RULES, executor=there(made))
    finished = len(added)
    assert 5 <= finished < 20
    assert (run.status, run.stdout, run.files) == (3, "", set())
    first, second = run.errors.splitlines()
    assert f"{finished} of 20 hosts are finished and kept: the same command with --resume" in first
    assert second == (
        f"vmfex: the Dask scheduler at {made.address} went away while the run was under way "
        "(nothing is certified by this run)"
    )
    again = at_nth(monkeypatch, 0, lambda: None)
    resumed = certify_several(tmp_path / "out", *hosts, rules=RULES, many=Many(resume=True))
    assert len(again) == 20 - finished
    assert texts(resumed) == texts(certify_several(tmp_path / "near", *hosts, rules=RULES))


def test_interrupted_and_resumed(
    two: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C when 8 of 20 hosts are finished loses none of them; here and there are one run."""
    hosts = captures(tmp_path / "captures", 20)

    def interrupt() -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        at_nth(patched, 8, interrupt)
        run = certify_several(tmp_path / "out", *hosts, rules=RULES, executor=there(two))
    assert run.status == 2
    seen = Seen(there(two))
    resumed = certify_several(
        tmp_path / "out", *hosts, rules=RULES, executor=seen, many=Many(resume=True)
    )
    assert len(seen.labels) == 12
    assert texts(resumed) == texts(certify_several(tmp_path / "near", *hosts, rules=RULES))


def test_workers_that_are_gone_or_mute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for ever: one sentence, after a time."""
    monkeypatch.setattr(clusters, "PATIENCE", 0.5)
    monkeypatch.setattr(clusters, "BETWEEN_LOOKS", 0.2)
    hosts = captures(tmp_path / "captures", 6)
    with cluster(tmp_path / "dask", workers=1) as made:
        with monkeypatch.context() as patched:
            at_nth(patched, 2, made.workers[0].kill)
            run = certify_several(tmp_path / "out", *hosts, rules=RULES, executor=there(made))
        assert run.status == 3
        assert f"scheduler at {made.address} has no workers any more (nothing" in run.errors
        run = with_scheduler(tmp_path / "other", made)
        assert run.errors == (
            f"vmfex: the Dask scheduler at {made.address} has no workers: start some with `dask "
            f"worker {made.address}`\n"
        )
        made.work()
        executor = there(made)
        monkeypatch.setattr(clusters, "TO_ANSWER", 0.5)
        with monkeypatch.context() as patched:
            at_nth(patched, 2, lambda: os.kill(made.scheduler.pid, signal.SIGSTOP))
            run = certify_several(tmp_path / "mute", *hosts, rules=RULES, executor=executor)
        assert run.status == 3
        assert f"scheduler at {made.address} does not answer any more (nothing" in run.errors
        monkeypatch.setattr(scheduler, "TO_CONNECT", 0.5)
        run = with_scheduler(tmp_path / "other", made)
        assert run.status == 4
        assert run.errors.startswith(f"vmfex: there is no Dask scheduler at {made.address}: ")


def with_scheduler(out: Path, made: Cluster) -> Run:
    """As the command has it: refused before anything is touched."""
    run = certify_several(
        out, *HOSTS, rules=RULES, executor=None, many=Many(scheduler=made.address)
    )
    assert not out.exists() or run.status in (0, 1, 6)
    return run


# In a worker's own start-up: it has another program, or none.
OTHERS = {
    "version": (
        "import vmfex.version\nvmfex.version.VERSION = '0.0.1'\n",
        f"has vmfex '0.0.1', and this is {VERSION}: install the same there",
    ),
    "rules": (
        "import vmfex.engine.catalogue as c\nc.digest = lambda *_: 'sha256:other'\n",
        f"has another rule set than this machine ('sha256:other', not {digest()}): install the "
        "same vmfex there",
    ),
    "clock": (
        "import time\nreal = time.time\ntime.time = lambda: real() - 86400\n"
        "import vmfex.fleet.serving\ntime.time = real\n",
        "has a clock that differs from this machine's by more than two minutes",
    ),
    "none": (
        "import sys\nsys.modules['vmfex'] = None\n",
        "cannot say which vmfex it has (",
    ),
}


def test_workers_with_another_program(tmp_path: Path) -> None:
    """One such worker, and the run is refused before anything is touched."""
    with cluster(tmp_path / "dask", workers=1) as made:
        for name, (code, sentence) in OTHERS.items():
            worker = made.work(PYTHONPATH=start_up(tmp_path / name, code))
            run = with_scheduler(tmp_path / "out", made)
            assert run.status == 4
            [line] = run.errors.splitlines()
            assert line.startswith(f"vmfex: the Dask worker {made.address.rpartition(':')[0]}:")
            assert sentence in line
            worker.kill()
            worker.wait()
            wait_until(lambda: workers_of(made) == 1, "the worker's end there")


def workers_of(made: Cluster) -> int:
    from distributed import Client

    with Client(made.address, set_as_default=False) as client:
        return len(client.nthreads())


def start_up(folder: Path, code: str) -> str:
    """A path on which Python finds this code when it starts, and the program after it."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(code)
    return f"{folder}:{Path(__file__).parents[3]}"


def test_a_worker_with_another_program_joins_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is asked with each host: nothing that it would say is ever used."""
    other = start_up(tmp_path / "other", OTHERS["rules"][0])
    hosts = captures(tmp_path / "captures", 20)
    with cluster(tmp_path / "dask", workers=1) as made:

        def swap() -> None:
            made.workers[0].kill()
            made.work(PYTHONPATH=other)

        added = at_nth(monkeypatch, 2, swap)
        run = certify_several(tmp_path / "out", *hosts, rules=RULES, executor=there(made))
    assert 2 <= len(added) < 20
    assert run.status == 3
    assert "a Dask worker has another rule set than this machine ('sha256:other', " in run.errors
    assert run.files == set()


def test_addresses_that_are_none(tmp_path: Path) -> None:
    """An empty one would be a cluster of Dask's own making."""
    for address in ("", "host", "http://host:1", "inproc://a:1", "tls://u@h:1", "host:1 x", "h:x"):
        done = command("certify", *HOSTS, "--scheduler", address, "--out=out", cwd=tmp_path)
        assert done.returncode == 4
        [line] = done.stderr.splitlines()
        assert "is not the address of a Dask scheduler, as in tls://HOST:8786" in line
    assert not (tmp_path / "out").exists()
    done = command("certify", "reference", "--scheduler", "a:1", cwd=tmp_path)
    assert "--scheduler is for several hosts: name them all." in done.stderr


def test_nobody_listens_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refused, and what takes a connection and says nothing, too."""
    monkeypatch.setattr(scheduler, "TO_CONNECT", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        port = mute.getsockname()[1]
        many = Many(scheduler=f"tcp://127.0.0.1:{port}")
        for listening in (True, False):
            if not listening:
                mute.close()
            run = certify_several(tmp_path / "out", *HOSTS, rules=RULES, executor=None, many=many)
            assert run.status == 4
            [line] = run.errors.splitlines()
            assert line.startswith(f"vmfex: there is no Dask scheduler at tcp://127.0.0.1:{port}: ")
    assert not (tmp_path / "out").exists()


def test_tls_by_dasks_own_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Certificates for all; who has none is refused, on this side too."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(
        tmp_path / "all.pem"
    )
    by_dask = {
        "DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "true",
        "DASK_DISTRIBUTED__COMM__TLS__CA_FILE": str(tmp_path / "ca.pem"),
        **{
            f"DASK_DISTRIBUTED__COMM__TLS__{who}__CERT": str(tmp_path / "all.pem")
            for who in ("SCHEDULER", "WORKER", "CLIENT")
        },
    }
    words = ("certify", *HOSTS, "--rule=VIC-01", "--out=out")
    for name, value in by_dask.items():
        monkeypatch.setenv(name, value)
    with cluster(tmp_path / "dask", 1, scheduler=("--protocol", "tls")) as made:
        assert made.address.startswith("tls://")
        done = command(*words, "--scheduler", made.address, cwd=tmp_path)
        assert done.returncode == 1, done.stderr
        for name in by_dask:
            monkeypatch.delenv(name)
        done = command(*words, "--scheduler", made.address, "--quiet", cwd=tmp_path)
        assert done.returncode == 4
        [line] = done.stderr.splitlines()
        assert line.startswith(f"vmfex: there is no Dask scheduler at {made.address}: ")


def test_a_worker_whose_scheduler_is_gone(tmp_path: Path) -> None:
    """What the workers' own processes judge ends with them: after kill -9 none goes on."""
    with cluster(tmp_path / "dask", workers=1) as made:
        certify_several(tmp_path / "out", *HOSTS, rules=RULES, executor=there(made))
        wait_until(lambda: not children(made.workers[0].pid), "the end of a run's processes")
        executor = there(made)
        made.scheduler.kill()
        executor.shutdown()


def children(pid: int) -> list[str]:
    found = subprocess.run(["ps", "--ppid", str(pid), "-o", "pid="], capture_output=True, text=True)
    return found.stdout.split()
