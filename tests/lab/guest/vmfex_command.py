"""`vmfex` in the guest, each command in a process forked from this one.

On the emulated processor its imports take longer than what it does: so they are done once.
"""

import multiprocessing
import os
import sys
from importlib import import_module
from pathlib import Path

from tests.lab.guest.commands import Answer
from vmfex import cli

LIMIT = 300.0  # seconds
OUTPUT = Path("/run/vmfex")
LOADED = (
    *(
        "vmfex.evidence.host",
        "vmfex.evidence.sources.hypervisor",
        "vmfex.evidence.sources.local",
        "vmfex.evidence.sources.netlink",
        "libvirt",
    ),
    *(
        "pyroute2.netlink.rtnl.ifinfmsg",
        "vmfex.reports.junit",
        "vmfex.reports.record",
        "vmfex.reports.text",
    ),
    *("vmfex.evidence.every_fact", "vmfex.engine.plan_file", "vmfex.one_host"),
    *("vmfex.evidence.sources.libvirt_host", "vmfex.evidence.sources.ssh"),
)


def preload() -> None:
    """Imports what the commands import."""
    for module in LOADED:
        import_module(module)


def vmfex(*arguments: str) -> Answer:
    """What the command said; killed at the limit."""
    child = multiprocessing.get_context("fork").Process(target=_main, args=(arguments,))
    child.start()
    child.join(LIMIT)
    if child.exitcode is None:
        child.kill()
        child.join()
    said = [OUTPUT.with_suffix(suffix).read_text() for suffix in (".out", ".err")]
    return Answer(" ".join(("vmfex", *arguments)), child.exitcode or 0, said[0], said[1])


def _main(arguments: tuple[str, ...]) -> None:
    for number, suffix in ((1, ".out"), (2, ".err")):
        file = os.open(OUTPUT.with_suffix(suffix), os.O_CREAT | os.O_TRUNC | os.O_WRONLY)
        os.dup2(file, number)
    sys.argv = ["vmfex", *arguments]
    cli.main()
