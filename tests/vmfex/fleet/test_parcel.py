"""What goes to a machine that judges, and comes back: bytes, of which nothing is believed that is
about something else."""

import json
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vmfex.fleet.test_words import SUMMARY
from vmfex.evidence.embedded import unpack
from vmfex.evidence.host_spec import parse_host
from vmfex.fleet import parcel
from vmfex.fleet.judging import ASK_UCSM, Done, Task
from vmfex.fleet.parcel import answer, packed, read_answer, received, unpacked
from vmfex.fleet.targets import Target


def told(_task: Task) -> str:
    return ""


def task(folder: Path, host: str, **more: Any) -> Task:
    return Task(b"", "", Target(parse_host(host), "a"), folder / "new", **more)


def test_files_travel_with_the_host(tmp_path: Path) -> None:
    """The recording under its own name; UCS Manager's answers to where they are once for all."""
    for name in ("a.tar", "came", "ucsm"):
        (tmp_path / name).write_bytes(name.encode() * 1000)
    sent = task(
        tmp_path, str(tmp_path / "a.tar"), arrived=tmp_path / "came", fabric=tmp_path / "ucsm"
    )
    got = []
    for place in (tmp_path / "one", tmp_path / "two"):
        place.mkdir()
        bytes_ = packed(told, sent)
        assert bytes_
        assert len(bytes_) < 3000  # of 12,000
        work, there = unpacked(bytes_, place, tmp_path)
        assert work is told
        assert isinstance(there.target.host.place, Path)
        assert there.target.host.place == place / "recording/a.tar"
        assert there.target.host.place.read_bytes() == b"a.tar" * 1000
        assert there.target.source == sent.target.source
        assert there.arrived == place / "arrived"
        assert there.arrived.read_bytes() == b"came" * 1000
        assert there.new == place / "new"
        got.append(there.fabric)
    assert got[0] == got[1]
    assert got[0]
    assert got[0].read_bytes() == b"ucsm" * 1000


def test_what_stays_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Directories, what is large, and what is gone meanwhile, which is told as ever."""
    unpack("no-vic", tmp_path / "folder")
    assert packed(told, task(tmp_path, str(tmp_path / "folder"))) is None
    file = tmp_path / "a.tar"
    file.write_bytes(b"12345")
    asked = task(tmp_path, str(file))
    assert packed(told, asked)
    monkeypatch.setattr(parcel, "LARGEST", 4)
    assert packed(told, asked) is None
    file.unlink()
    assert packed(told, asked) is None


def test_reports_come_to_their_place(tmp_path: Path) -> None:
    """In the place of those that another try left; each byte as it was."""
    place = tmp_path / "new/hosts/a"
    (place / "old").mkdir(parents=True)
    files = {"certification.json": "{}", "allure-results/a": bytes(range(256)).decode("latin-1")}
    words = Done(SUMMARY, None).words()
    assert received(words, files, task(tmp_path, "local")) == words
    assert (place / "allure-results/a").read_bytes() == bytes(range(256))
    assert sorted(path.name for path in place.iterdir()) == ["allure-results", "certification.json"]
    assert received(ASK_UCSM, {}, task(tmp_path, "local")) == ASK_UCSM


def test_reports_that_cannot_be_written(tmp_path: Path) -> None:
    """The verdict is not lost, and says so, as where the host is judged here."""
    (tmp_path / "new").write_text("no folder")
    words = received(Done(SUMMARY, None).words(), {"a": ""}, task(tmp_path, "local"))
    summary = Done.of_words(words).summary
    assert (summary.decision, summary.directory, summary.status) == (SUMMARY.decision, None, 3)
    assert summary.reason == "the reports cannot be written: Not a directory"


@pytest.mark.parametrize("name", ["../b", "/etc/a", "a/../../b", "", "a\0", "./a"])
def test_files_of_no_plain_name(tmp_path: Path, name: str) -> None:
    """Nothing is written outside the host's folder, and nothing at all."""
    with pytest.raises(ValueError, match="something else"):
        received(Done(SUMMARY, None).words(), {name: "x"}, task(tmp_path, "local"))
    assert not (tmp_path / "new").exists()


def test_words_of_another_host(tmp_path: Path) -> None:
    other = Done(replace(SUMMARY, label="b"), None).words()
    with pytest.raises(ValueError, match="something else"):
        received(other, {}, task(tmp_path, "local"))


@given(st.binary() | st.binary().map(zlib.compress) | st.text().map(lambda t: answer({"a": t})))
def test_whatever_is_answered(sent: bytes) -> None:
    """It is a mapping, or a ValueError."""
    try:
        found = read_answer(sent)
    except ValueError:
        return
    assert isinstance(found, dict)


def test_answers_that_are_none() -> None:
    for text in ("[]", "1", "[" * 10**5, "{"):
        with pytest.raises(ValueError, match=r"."):
            read_answer(zlib.compress(text.encode()))
    assert read_answer(zlib.compress(json.dumps({"a": 1}).encode())) == {"a": 1}
