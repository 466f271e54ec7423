"""A hundred hosts over SSH that are far away, against the slowest of some that are read alone.

One sshd on loopback stands for all of them, behind a relay that passes everything on 50 ms later,
each way; `tc netem` would do the same where the kernel has it. The hosts replay a capture of this
machine: what is measured is the way there and back, and not 100 scripts on these few cores. Both
ends of every connection are here, as they are not in the field.
"""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

from benchmarks.processes import ROOT, VMFEX
from tests.support.capturing import run_script
from tests.support.relay import relay
from tests.support.sshd import USER, Client, running_sshd

NUMBER = 100
ALONE = 5
DELAY = 0.05  # seconds, each way
AT_ONCE = (8, 32, NUMBER)
FORCED = "ForceCommand cat >/dev/null; cat {root}/capture.tar"
CONFIG = "Host blade-*\n HostName 127.0.0.1\n Port {port}\n User {user}\n HostKeyAlias blade\n"


def lines(_rounds: int) -> Iterator[str]:
    """What was measured, and the aim; in wall time, for what is measured is waiting."""
    with (
        running_sshd(FORCED) as daemon,
        relay(daemon.port, DELAY) as way,
        tempfile.TemporaryDirectory(prefix="vmfex-benchmark-") as place,
    ):
        capture = daemon.root / "capture.tar"
        capture.write_bytes(run_script())
        capture.chmod(0o644)
        known = f"blade {daemon.known.partition(' ')[2]}"
        config = CONFIG.format(port=way.port, user=USER)
        client = Client(
            Path(place) / "client", identity=daemon.root / "user_key", known=known, config=config
        )
        hosts = [f"ssh://blade-{number}" for number in range(NUMBER)]
        _taken(hosts[:2], 1, place, client)  # not counted: it fills the caches of byte code
        slowest = max(_taken([host], 1, place, client) for host in hosts[:ALONE])
        yield f"{DELAY * 1e3:.0f} ms each way; the slowest of {ALONE} hosts alone: {slowest:.2f} s"
        before = way.back
        for parallel in AT_ONCE:
            took = _taken(hosts, parallel, place, client)
            yield (
                f"{NUMBER} hosts, --parallel {parallel}: {took:.2f} s, {took / slowest:.1f} times "
                "the slowest (the aim: less than 3)"
            )
        sent = (way.back - before) / NUMBER / len(AT_ONCE)
        size = capture.stat().st_size
        yield f"a capture of {size / 1e6:.2f} MB came as {sent / 1e6:.2f} MB"


def _taken(hosts: list[str], parallel: int, place: str, client: Client) -> float:
    """Seconds of a whole run. One rule: the rest is judging."""
    words = ("certify", *hosts, "--rule", "HST-01", "--quiet", "--parallel", str(parallel))
    start = monotonic()
    done = subprocess.run(
        (*VMFEX, *words, "--out", f"{place}/out"),
        cwd=ROOT,
        env={**os.environ, **client.environment},
        capture_output=True,
        text=True,
    )
    took = monotonic() - start
    if done.returncode not in (1, 6) or "over SSH" in done.stdout:
        raise RuntimeError(f"{done.stdout}{done.stderr}")
    return took
