"""A folder of reports: what is in it is of one run that came to its end, and nothing is lost."""

import json
import os
import re
from hashlib import sha256
from pathlib import Path

import pytest

from tests.support.runs import every, found, leave, make, whole
from vmfex.errors import UsageError
from vmfex.folder.folder import folder_at, previous_of
from vmfex.folder.marker import MARKER, SCHEMA
from vmfex.folder.names import WRITTEN


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def working(out: Path) -> set[str]:
    return {path.name for path in (out / ".vmfex").iterdir()}


def cut_off(out: Path, error: type[BaseException]) -> None:
    """A run that raises when it has made its files."""
    with folder_at(out).run() as folder:
        make(folder.new, "cut")
        raise error


def met(out: Path, name: str) -> None:
    """A run that ends when a file of others has come."""
    with folder_at(out).run() as folder:
        make(folder.new, "two")
        (out / name).write_text("mine")
        folder.publish()


def test_a_folder_in_which_nothing_could_be_written(out: Path) -> None:
    """As on a full disk with several hosts: it does not keep the rest from being put in place."""
    with folder_at(out).run() as folder:
        make(folder.new, "one")
        (folder.new / "hosts").mkdir()
        folder.publish()
    assert folder.published
    assert working(out) == {"lock"}


def refusal(out: Path) -> str:
    """The sentence with which the folder is refused, and nothing in it is touched."""
    before = every(out)
    with pytest.raises(UsageError) as caught, folder_at(out).run():
        pytest.fail("was not refused")
    assert every(out) == before
    return str(caught.value)


def test_a_run_is_in_place_when_it_is_published_and_not_before(out: Path) -> None:
    with folder_at(out).run() as folder:
        make(folder.new, "one")
        assert found(out) == {}
        folder.publish()
        assert found(out) == whole("one")
    assert working(out) == {"lock"}
    assert previous_of(out) is None


def test_the_earlier_run_moves_to_previous(out: Path) -> None:
    """When the next one begins: what is beside it was never of another run. Older ones go."""
    for label in ("one", "two", "three"):
        leave(out, label)
    with folder_at(out).run():
        assert found(out) == {}
        assert found(out / "previous") == whole("three")
    leave(out, "four")
    assert found(out) == whole("four")
    assert previous_of(out) == out / "previous"
    assert found(out / "previous") == whole("three")


@pytest.mark.parametrize("error", [KeyboardInterrupt, ZeroDivisionError, SystemExit])
def test_a_run_that_does_not_end_leaves_the_earlier_one(
    out: Path, error: type[BaseException]
) -> None:
    """In `previous/`, whole, however many such runs there are."""
    leave(out, "one")
    for _ in range(3):
        with pytest.raises(error):
            cut_off(out, error)
        assert found(out) == {}
        assert found(out / "previous") == whole("one")
        assert working(out) == {"lock"}


def test_another_kind_of_run_leaves_no_file_of_the_earlier(out: Path) -> None:
    """One of several hosts, then one of one: names that the later has not are gone too."""
    with folder_at(out).run() as folder:
        (folder.new / "hosts/a").mkdir(parents=True)
        (folder.new / "hosts/a/certification.json").write_text("a")
        (folder.new / "summary.json").write_text("all")
        folder.publish()
    leave(out, "one")
    assert found(out) == whole("one")
    assert found(out / "previous") == {"hosts/a/certification.json": "a", "summary.json": "all"}


@pytest.mark.parametrize("name", ["", "previous", *WRITTEN])
def test_a_file_of_others_is_refused(out: Path, name: str) -> None:
    """Under each of our names, as a file and as a folder; other names are nobody's business."""
    if not name:
        out.write_text("mine")
        with pytest.raises(UsageError, match=r"reports cannot go to .*: Not a directory"):
            folder_at(out)
        return
    out.mkdir()
    (out / "thesis.txt").write_text("mine")
    folder_at(out)
    (out / name).write_text("mine")
    assert refusal(out).startswith(f"{out}/{name} was not written by vmfex")
    (out / name).unlink()
    (out / name / "deep").mkdir(parents=True)
    (out / name / "deep/mine.txt").write_text("mine")
    assert refusal(out).startswith(f"{out}/{name}")
    assert not (out / ".vmfex").exists()


CHANGES = {
    "junit.xml": "mine",
    "allure-results/mine-result.json": "{}",
    "allure-results/history/trend.json": "{}",
    "allure-results/a": "of another length",
    "summary.json": "mine",
    "hosts/mine.txt": "mine",
    "previous/notes.txt": "mine",
    "previous/junit.xml": "mine",
    ".written-by-vmfex": "[]",
    ".vmfex/notes.txt": "mine",
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_was_added_or_changed_since_is_of_others(out: Path, name: str) -> None:
    """Also in folders that a run made, and in `previous/`, which the next run would remove."""
    leave(out, "one")
    leave(out, "two")
    (out / name).parent.mkdir(exist_ok=True)
    (out / name).write_text(CHANGES[name])
    assert re.match(f"{out}/({name}|hosts) was not written by vmfex, or was changed", refusal(out))


def test_a_change_that_keeps_the_length_is_one(out: Path) -> None:
    """The record of a user who edited it is no more ours."""
    leave(out, "one")
    (out / "certification.json").write_text("one certification.JSON")
    assert "certification.json was not written by vmfex, or was changed since" in refusal(out)


def test_what_a_user_took_away_is_no_matter(out: Path) -> None:
    leave(out, "one")
    (out / "report.html").unlink()
    (out / "allure-results/a").unlink()
    leave(out, "two")
    assert found(out) == whole("two")
    assert "report.html" not in found(out / "previous")


@pytest.mark.parametrize("name", ["", ".vmfex", "previous", ".written-by-vmfex", *WRITTEN])
def test_links_are_not_followed(out: Path, tmp_path: Path, name: str) -> None:
    """Nothing is written or removed at the end of one: the name is as if it were a file of others.
    The folder itself may be a link: the user names it."""
    elsewhere = tmp_path / "elsewhere"
    leave(elsewhere, "mine")
    before = every(elsewhere)
    if not name:
        out.symlink_to(elsewhere)
        leave(out, "one")
        assert found(elsewhere) == whole("one")
        return
    out.mkdir()
    (out / name).symlink_to(elsewhere / name)
    assert refusal(out).startswith(f"{out}/{name} was not written by vmfex")
    leave(tmp_path / "other", "one")
    if name in ("junit.xml", "allure-results", ".written-by-vmfex"):
        (tmp_path / "other" / name).rename(tmp_path / "moved")
        (tmp_path / "other" / name).symlink_to(tmp_path / "moved")
        assert name in refusal(tmp_path / "other")
    assert every(elsewhere) == before


def test_a_list_of_names_that_no_run_has_is_not_believed(out: Path) -> None:
    """Whoever may write to the folder can make a list by which a file of others is of a run."""
    make(out, "one")
    (out / "mine.txt").write_text("mine")
    entry = [4, sha256(b"mine").hexdigest()]
    document = {"schema": SCHEMA, "run": "x", "files": {"mine.txt": entry}}
    (out / MARKER).write_text(json.dumps(document))
    assert MARKER in refusal(out)
    assert (out / "mine.txt").read_text() == "mine"


def test_a_link_of_the_lock_is_not_written_through(out: Path, tmp_path: Path) -> None:
    (out / ".vmfex").mkdir(parents=True)
    (out / ".vmfex/lock").symlink_to(tmp_path / "target")
    assert "reports cannot go to" in refusal(out)
    assert not (tmp_path / "target").exists()


def test_a_file_that_comes_meanwhile_is_not_overwritten(out: Path) -> None:
    """Between a run's begin and its end: the run fails, and takes back what is in place."""
    leave(out, "one")
    with pytest.raises(FileExistsError):
        met(out, "junit.xml")
    assert found(out) == {"junit.xml": "mine"}
    assert found(out / "previous") == whole("one")


def test_an_empty_name_is_refused() -> None:
    """It would be the current folder."""
    with pytest.raises(UsageError, match=r"the folder for the reports \(--out\) has no name"):
        folder_at("")


def test_a_second_run_at_once_is_refused(out: Path) -> None:
    """In one sentence, and without a trace; the first one is not disturbed."""
    leave(out, "one")
    with folder_at(out).run() as folder:
        make(folder.new, "two")
        assert refusal(out).startswith(f"another run of vmfex writes to {out} now: ")
        folder.publish()
        assert refusal(out).startswith(f"another run of vmfex writes to {out} now: ")
    assert found(out) == whole("two")
    assert found(out / "previous") == whole("one")


def test_without_hard_links(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some file systems have none."""

    def none(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", none)
    for label in ("one", "two", "three"):
        leave(out, label)
    assert (found(out), found(out / "previous")) == (whole("three"), whole("two"))
