"""A sosreport that has lost something never gives a better verdict."""

import random
from collections.abc import Iterator

import pytest

from tests.support.judging import judge_tree
from tests.support.ways import in_the_layout_of_sos
from vmfex.checks.result.verdict import Verdict
from vmfex.evidence.sources.sos.report import SosReport

OPEN = (Verdict.VIOLATED, Verdict.UNDETERMINED)


def damaged(raw: bytes, dice: random.Random) -> Iterator[tuple[str, bytes]]:
    """One file, cut off or garbled in a few places."""
    lines = raw.splitlines(keepends=True)
    yield "empty", b""
    yield "without its last byte", raw[:-1]
    yield "without its last line", b"".join(lines[:-1])
    yield "its headings alone", b"".join(lines[:2])
    for _ in range(2):
        at = dice.randrange(len(raw))
        yield f"cut off at byte {at}", raw[:at]
        yield f"garbled at byte {at}", raw[:at] + b"#" * len(raw[at : at + 8]) + raw[at + 8 :]
        line = dice.randrange(len(lines))
        yield f"without line {line}", b"".join(lines[:line] + lines[line + 1 :])


@pytest.mark.parametrize("name", ["reference", "no-vic"])
def test_damaged_files(name: str) -> None:
    """Each file in turn is cut off or garbled: nothing that was violated or undetermined becomes
    compliant or not applicable."""
    files, dice = in_the_layout_of_sos(name), random.Random(11)
    whole = judge_tree(SosReport(files)).verdicts
    for path, raw in files.items():
        for how, changed in damaged(raw, dice) if raw else ():
            judged = judge_tree(SosReport(files | {path: changed})).verdicts
            for rule, verdict in judged.items():
                if whole[rule] in OPEN:
                    assert verdict in OPEN, f"{rule} is {verdict} with {path} {how}"
