"""A signal ends a run as interrupted, also where its exception does not come through."""

from pathlib import Path

import pytest

from tests.support.faults import run, whole
from tests.support.sessions import certify

# Condition's lock is not held when a signal interrupts its `wait`: the exception of that hides the
# signal's.
HIDDEN = """
import os, signal
import {module} as module
def hide(*_):
    try:
        os.kill(os.getpid(), signal.SIGTERM)
    finally:
        {ending}
module.{function} = hide
"""
ONE = "vmfex.checks.rules.adapter", "has_vic"
MANY = "vmfex.fleet.fleet", "combine"  # they are judged in other processes


@pytest.mark.parametrize("hosts", [("reference",), ("reference", "no-vic")])
@pytest.mark.parametrize("ending", ["raise RuntimeError('release unlocked lock')", "return []"])
def test_an_interrupt_that_is_hidden(tmp_path: Path, hosts: tuple[str, ...], ending: str) -> None:
    """By another exception, or swallowed by what is in a `finally`."""
    out = tmp_path / "out"
    certify(out, rules=["VIC-01"])
    earlier = whole(out)
    module, function = ONE if len(hosts) == 1 else MANY
    code = HIDDEN.format(ending=ending, module=module, function=function)
    done = run(tmp_path, "certify", *hosts, "--out=out", code=code)
    assert done.returncode == 2
    assert done.stderr.endswith("vmfex: interrupted; nothing is certified by this run\n")
    assert whole(out) is None
    assert whole(out / "previous") == earlier
