"""One host, from the start to the exit with every file written, against a suite of testinfra."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.processes import ROOT, Command, certify, compared

SUITE = Path(__file__).with_name("testinfra_suite.py")
# pytest looks through no folder above the suite, whatever is there
ALONE = ("-c", "/dev/null", "--rootdir", str(SUITE.parent), "--confcutdir", str(SUITE.parent))
PLUGINS = ("-p", "no:cacheprovider", "-p", "testinfra.plugin")


def lines(rounds: int) -> Iterator[str]:
    """What was measured, and the aim."""
    with tempfile.TemporaryDirectory(prefix="vmfex-benchmark-") as place, _libvirtd() as uri:
        words = (sys.executable, "-m", "pytest", "-q", *PLUGINS, *ALONE, str(SUITE))
        # no plugin that happens to be installed
        settings = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "LIBVIRT_DEFAULT_URI": uri}
        suite = Command("pytest-testinfra, 60 checks", words, environment=settings)
        mine = certify("reference", Path(place) / "out")
        yield from compared(mine, suite, rounds, "a ratio of at most 0.3")


@contextmanager
def _libvirtd() -> Iterator[str]:
    """The URI of a daemon in a process of its own, whose memory is not taken for the suite's."""
    words = (sys.executable, "-m", "benchmarks.libvirtd")
    with subprocess.Popen(
        words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdin
        assert holder.stdout
        try:
            uri = holder.stdout.readline().strip()
            if not uri:
                raise RuntimeError("no libvirtd for the suite: its reason is above")
            yield uri
        finally:
            holder.stdin.close()  # ends it
