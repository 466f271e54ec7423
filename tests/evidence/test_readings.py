"""When and how evidence was read, from every way in."""

from pathlib import Path

import pytest

from tests.support.tree import DictTree
from vmfex.checks.result.reading import Reading, in_days
from vmfex.evidence.archive.manifest import Manifest
from vmfex.evidence.recorder import RecordingTree
from vmfex.evidence.sources.local import LocalTree
from vmfex.evidence.sources.recorded import RecordedTree, load
from vmfex.evidence.sources.sos.made_at import made_at

THEN = "2026-03-01T10:00:00Z"


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("Sun Mar  1 10:00:00 UTC 2026\n", THEN),
        ("Sun 01 Mar 2026 10:00:00 AM UTC\n", THEN),
        ("Sun Mar  1 10:00:00 AM UTC 2026\n", THEN),
        ("Sun Mar  1 10:00:00 CET 2026\n", ""),
        ("Sun Mar 41 10:00:00 UTC 2026\n", ""),
        ("", ""),
    ],
)
def test_a_sosreport_says_when_it_was_made(printed: str, expected: str) -> None:
    """Only in UTC: a zone's name does not tell its offset."""
    assert made_at({"sos_commands/date/date_--utc": printed.encode()}) == expected


def test_a_recording_keeps_the_time_of_what_it_was_made_from(tmp_path: Path) -> None:
    """Not the time at which it was written, or copied."""

    class Captured(DictTree):
        readings = (Reading("host", "by the capture script", THEN),)

    tree = Captured({"etc/os-release": b"ID=rhel\n"})
    recorder = RecordingTree(tree)
    recorder.read("etc/os-release")
    recorder.write(tmp_path / "host")
    assert load(tmp_path / "host").readings == (Reading("host", "from a recording", THEN),)


@pytest.mark.parametrize("stated", ["yesterday", 5, None, "2026-03-01 10:00"])
def test_a_recording_that_states_no_time_has_none(stated: object) -> None:
    """Whatever stands there is not believed."""
    assert Manifest.parse({"recorded": stated}, "blade-7").recorded == ""
    assert RecordedTree.of({"etc/x": b""}).readings == (Reading("host", "from a recording"),)


def test_a_host_that_is_read_now_has_this_moment() -> None:
    """In UTC, as everything in a record."""
    [reading] = LocalTree().readings
    assert reading.what == "host"
    assert reading.age(reading.at) == 0


@pytest.mark.parametrize(
    ("at", "expected"),
    [("2026-03-03T10:00:00Z", 172800.0), ("not a time", None), ("2026-03-03T10:00:00", None)],
)
def test_the_age_of_evidence(at: str, expected: float | None) -> None:
    """Unknown where one of the two times is, or has no zone."""
    assert Reading("host", "from a recording", THEN).age(at) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (59, "less than a minute"),
        (3600, "1 hour"),
        (172800 + 5, "2 days"),
        (-9, "less than a minute"),
    ],
)
def test_an_age_in_words(seconds: float, expected: str) -> None:
    """In the largest unit, rounded down."""
    assert in_days(seconds) == expected
