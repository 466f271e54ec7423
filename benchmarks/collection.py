"""A hundred hosts over SSH that are far away, against the slowest of some that are read alone.

One sshd on loopback stands for all of them, behind a relay that passes everything on 50 ms later,
each way; `tc netem` would do the same where the kernel has it. The hosts replay a capture: what is
measured is the way there and back, and not 100 scripts on these few cores. Some answer at once, and
some when the script would have ended. Both ends of every connection are here, as they are not in
the field, so that the processor time of this side is told.

Two kinds of sshd: with the key exchange of RHEL 7 to 9 (OpenSSH before 9.0), and with that of newer
ones, sntrup761, whose keys cost a client several times the rest of a connection.
"""

import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from gzip import compress
from itertools import product
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from time import monotonic

from benchmarks.big_host import big_host
from benchmarks.processes import ROOT, VMFEX
from tests.support.capturing import run_script
from tests.support.relay import relay
from tests.support.sshd import USER, Client, running_sshd
from tests.support.world import world_of
from vmfex.evidence.sources.recorded import load

NUMBER = 100
ALONE = 5
DELAY = 0.05  # seconds, each way
SCRIPT = 4  # seconds, about what the capture script takes on a host with VMs (ten with 100 of them)
AT_ONCE = (8, 128)
VFS, DOMAINS = 32, 16
FORCED = "ForceCommand cat >/dev/null; sleep {seconds}; cat {{root}}/capture.tar"
EXCHANGES = {"as RHEL 7 to 9": "curve25519-sha256", "as OpenSSH 9": "sntrup761x25519-sha512"}
CONFIG = """
Host blade-*
 HostName 127.0.0.1
 Port {port}
 User {user}
 HostKeyAlias blade
 KexAlgorithms {exchange}
"""


def lines(_rounds: int) -> Iterator[str]:
    """What was measured, and the aim; in wall time, for what is measured is waiting."""
    with tempfile.TemporaryDirectory(prefix="vmfex-benchmark-") as place:
        big_host(VFS, DOMAINS).write_tar(Path(place) / "host.tar")
        with world_of(load(Path(place) / "host.tar")) as world:
            capture = run_script(root=world.root, tools=world.tools)
        for (name, exchange), seconds in product(EXCHANGES.items(), (0, SCRIPT)):
            yield f"far ends {name} ({exchange}), which answer after {seconds} s"
            there = Path(place) / f"{exchange[0]}{seconds}"
            yield from (f"  {line}" for line in _measured(exchange, seconds, capture, there))


def _measured(exchange: str, seconds: int, capture: bytes, place: Path) -> Iterator[str]:
    only = f"{FORCED.format(seconds=seconds)}\nKexAlgorithms {exchange}"
    with running_sshd(only) as daemon, relay(daemon.port, DELAY) as way:
        file = daemon.root / "capture.tar"
        file.write_bytes(capture)
        file.chmod(0o644)
        known = f"blade {daemon.known.partition(' ')[2]}"
        config = CONFIG.format(port=way.port, user=USER, exchange=exchange)
        client = Client(
            place / "client", identity=daemon.root / "user_key", known=known, config=config
        )
        hosts = [f"ssh://blade-{number}" for number in range(NUMBER)]
        _taken(hosts[:2], 1, place, client)  # not counted: it fills the caches of byte code
        slowest = max(_taken([host], 1, place, client)[0] for host in hosts[:ALONE])
        yield f"{DELAY * 1e3:.0f} ms each way; the slowest of {ALONE} hosts alone: {slowest:.2f} s"
        before = way.back
        for parallel in AT_ONCE:
            took, spent = _taken(hosts, parallel, place, client)
            yield (
                f"{NUMBER} hosts, --parallel {parallel}: {took:.2f} s, {took / slowest:.1f} times "
                f"the slowest (the aim: less than 3); {spent:.1f} s of processor time on this side"
            )
        sent = (way.back - before) / NUMBER / len(AT_ONCE)
        yield (
            f"a capture of {len(capture) / 1e6:.2f} MB came as {sent / 1e6:.3f} MB; gzip would "
            f"make {len(compress(capture, 6)) / 1e6:.3f} MB of it"
        )


def _taken(hosts: Sequence[str], parallel: int, place: Path, client: Client) -> tuple[float, float]:
    """Seconds of a whole run, and of processor time without the far ends'. One rule: the rest is
    judging."""
    words = ("certify", *hosts, "--rule", "HST-01", "--quiet", "--parallel", str(parallel))
    start, before = monotonic(), getrusage(RUSAGE_CHILDREN)
    done = subprocess.run(
        (*VMFEX, *words, "--out", str(place / "out")),
        cwd=ROOT,
        env={**os.environ, **client.environment},
        capture_output=True,
        text=True,
    )
    took, after = monotonic() - start, getrusage(RUSAGE_CHILDREN)
    if done.returncode not in (0, 1, 6) or "over SSH" in done.stdout:
        raise RuntimeError(f"{done.stdout}{done.stderr}")
    return took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
