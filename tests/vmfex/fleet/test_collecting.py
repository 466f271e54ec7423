"""Hosts over SSH side by side: one connection and one session each, no more at once than may be,
and another try where that makes sense."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from threading import Barrier

import pytest

from tests.support.capturing import run_script
from tests.support.relay import Relay, relay
from tests.support.sessions import Run, certify_several
from tests.support.sshd import USER, Client, Sshd, running_sshd
from vmfex.engine.certify import Notify
from vmfex.evidence import opening
from vmfex.evidence.host_spec import HostSpec
from vmfex.evidence.sources.ssh import Arrived, fetch
from vmfex.evidence.sources.ssh_address import SshAddress
from vmfex.fleet import again
from vmfex.fleet.many import Many

FORCED = "ForceCommand cat >/dev/null; cat {root}/capture.tar"
HOSTS = [f"ssh://blade-{number}" for number in range(12)]


@pytest.fixture(scope="module")
def replaying() -> Iterator[Sshd]:
    """Whoever logs in gets one and the same capture, after the script has come in."""
    with running_sshd(FORCED) as daemon:
        (daemon.root / "capture.tar").write_bytes(run_script())
        (daemon.root / "capture.tar").chmod(0o644)
        yield daemon


def reaching(daemon: Sshd, way: Relay, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes every `blade-N` the daemon's host, by way of the relay."""
    config = f"Host blade-*\n  HostName 127.0.0.1\n  Port {way.port}\n  User {USER}\n"
    config += "  HostKeyAlias blade\n"
    known = f"blade {daemon.known.partition(' ')[2]}"
    Client(folder, identity=daemon.root / "user_key", known=known, config=config).use(monkeypatch)


def of(daemon: Sshd, way: Relay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n: int) -> Run:
    reaching(daemon, way, tmp_path / "client", monkeypatch)
    return certify_several(tmp_path / "out", *HOSTS, rules=["HST-01"], many=Many(parallel=n))


def read(run: Run) -> list[str]:
    """The hosts whose release was read."""
    hosts = json.loads((run.out / "summary.json").read_text())["hosts"]
    return [host["label"] for host in hosts if not host["counts"].get("undetermined")]


@pytest.mark.parametrize("parallel", [1, 4])
def test_one_connection_and_one_session_a_host(
    replaying: Sshd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parallel: int
) -> None:
    """As the server counts them; and no more at once than `--parallel` says."""
    before, now, most = replaying.log, list[HostSpec](), list[int]()
    real = opening.fetch

    def counted(host: HostSpec, notify: Notify) -> Arrived | None:
        now.append(host)
        most.append(len(now))
        try:
            return real(host, notify)
        finally:
            now.remove(host)

    monkeypatch.setattr(opening, "fetch", counted)
    with relay(replaying.port) as way:
        run = of(replaying, way, tmp_path, monkeypatch, parallel)
    assert len(read(run)) == len(HOSTS)
    log = replaying.log[len(before) :]
    assert way.connections == len(HOSTS)
    assert log.count("Accepted publickey") == log.count("Starting session: ") == len(HOSTS)
    assert max(most) <= parallel


def test_as_many_at_once_as_may(
    replaying: Sshd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of them are under way before the first comes to its end."""
    barrier, real = Barrier(len(HOSTS)), opening.fetch

    def together(host: HostSpec, notify: Notify) -> Arrived | None:
        barrier.wait(60)
        return real(host, notify)

    monkeypatch.setattr(opening, "fetch", together)
    with relay(replaying.port) as way:
        run = of(replaying, way, tmp_path, monkeypatch, len(HOSTS))
    assert len(read(run)) == len(HOSTS)


@pytest.mark.parametrize("refused", [0, 1, 2])
def test_a_server_that_is_busy_for_a_moment(
    replaying: Sshd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: int
) -> None:
    """Closed before a word was said, as by MaxStartups: another try, and the host is read."""
    monkeypatch.setattr(again, "PAUSES", (0.0, 0.0))
    with relay(replaying.port, refused=refused) as way:
        run = of(replaying, way, tmp_path, monkeypatch, 1)
        assert way.connections == len(HOSTS) + refused
    assert len(read(run)) == len(HOSTS)


def test_a_server_that_stays_busy(
    replaying: Sshd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three tries, and the host is INCOMPLETE, with why; the others are read."""
    monkeypatch.setattr(again, "PAUSES", (0.0, 0.0))
    with relay(replaying.port, refused=3) as way:
        run = of(replaying, way, tmp_path, monkeypatch, 1)
        assert way.connections == len(HOSTS) - 1 + 3
    assert len(read(run)) == len(HOSTS) - 1
    [line] = [line for line in run.stdout.splitlines() if line.startswith("INCOMPLETE")]
    assert "the connection was lost (" in line


def test_what_no_other_try_makes_better(
    replaying: Sshd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A login that is refused: asked once, for a server may lock out who asks often."""
    with relay(replaying.port) as way:
        reaching(replaying, way, tmp_path / "client", monkeypatch)
        (tmp_path / "client/known_hosts").write_text("")
        run = certify_several(tmp_path / "out", *HOSTS[:2], rules=["HST-01"])
        assert way.connections == 2
    assert run.stdout.count("its host key is not known") >= 2


def test_what_comes_is_packed_on_its_way(
    replaying: Sshd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By SSH itself, which needs nothing on the host: near to what gzip would make of it."""
    raw = (replaying.root / "capture.tar").read_bytes()
    with relay(replaying.port) as way:
        reaching(replaying, way, tmp_path / "client", monkeypatch)
        arrived = fetch(SshAddress(None, "blade-1", None))
    assert arrived.raw
    with arrived.raw as stream:
        assert stream.read() == raw
    assert way.back < 1.5 * len(gzip.compress(raw)) + 10_000  # what it takes to log in
