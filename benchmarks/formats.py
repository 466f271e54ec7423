"""Every format of one record: what it costs beyond the start and reading the record."""

import gc
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.big_host import write_big_host
from vmfex.api import certify
from vmfex.checks.result.certification import Certification
from vmfex.engine.catalogue import digest
from vmfex.engine.rule_places import rule_places
from vmfex.reports.formats import MODULES, module_of
from vmfex.reports.formats.context import Context

AIMS = {"reference": 0.05, "256 VFs, 200 VMs": 0.4}  # seconds of processor time


def lines(rounds: int) -> Iterator[str]:
    """All formats together, and each; a round not counted loads the modules."""
    with tempfile.TemporaryDirectory() as folder:
        big = Path(folder, "big")
        write_big_host(big, 256, 200)
        hosts = {"reference": "reference", "256 VFs, 200 VMs": str(big)}
        for name, aim in AIMS.items():
            yield from _measured(name, certify(hosts[name]).certification, aim, rounds)


def _measured(name: str, of: Certification, aim: float, rounds: int) -> Iterator[str]:
    context = Context(rule_places(), digest())
    gc.collect()
    gc.disable()  # as in the program
    taken = [_taken(of, context) for _ in range(rounds + 1)][1:]
    gc.enable()
    whole = median(sum(each.values()) for each in taken)
    parts = ", ".join(f"{form} {median(t[form] for t in taken) * 1000:.1f}" for form in taken[0])
    yield f"{name}: all formats {whole * 1000:.0f} ms (aim: {aim * 1000:.0f} ms)"
    yield f"  each, in ms: {parts}"


def _taken(of: Certification, context: Context) -> dict[str, float]:
    taken = {}
    for form in MODULES:
        render = module_of(form).render
        begun = time.process_time()
        render([of], context)
        taken[form] = time.process_time() - begun
    return taken
