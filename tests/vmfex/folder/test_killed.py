"""A run that is killed at any step of moving files: nothing is lost, nothing mixed, and the next
run puts in order what is left."""

import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.support.runs import every, found, leave, make, whole
from vmfex.folder.folder import folder_at

TOUCHING = ("os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir", "open")
RECORD = "certification.json"


def killed_at(step: int, work: Callable[[], object]) -> bool:
    """Does the work in a process of its own that dies before its nth step that touches files, as
    by SIGKILL. Returns whether it came so far."""
    child = os.fork()
    if child == 0:
        left = step

        def hook(event: str, _arguments: object) -> None:
            nonlocal left
            left -= event in TOUCHING
            if left < 0:
                os._exit(9)

        sys.addaudithook(hook)
        try:
            work()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def one_run(out: Path) -> None:
    with folder_at(out).run() as folder:
        make(folder.new, "new")
        folder.publish()


def killed_everywhere(
    tmp_path: Path, prepare: Callable[[Path], object], check: Callable[[Path], object]
) -> int:
    """Checks a folder after each step at which a run in it can be killed. Returns how many."""
    for step in range(1000):
        out = tmp_path / str(step)
        prepare(out)
        if not killed_at(step, partial(one_run, out)):
            return step
        check(out)
    raise AssertionError("it is never done")


def is_sound(out: Path) -> str:
    """The newest run that came to its end is in place or in `previous/`, whole; beside it is
    nothing that could be believed. Returns its label."""
    here, before = found(out), found(out / "previous")
    if RECORD in here:
        label = here[RECORD].split()[0]
        known = whole(label)
        assert all(known[name] == text for name, text in here.items()), "mixed"
        if label == "new":
            assert here == known
            assert before == whole("earlier")
        return label
    assert before == whole("earlier")
    return "earlier"


def test_killed_at_every_step(tmp_path: Path) -> None:
    """With two earlier runs, so that all there is to move is moved."""

    def prepare(out: Path) -> None:
        leave(out, "oldest")
        leave(out, "earlier")

    def check(out: Path) -> None:
        newest = is_sound(out)
        leave(out, "next")
        assert found(out) == whole("next")
        assert found(out / "previous") == whole(newest)
        assert [path.name for path in (out / ".vmfex").iterdir()] == ["lock"]

    assert killed_everywhere(tmp_path, prepare, check) > 40


def test_killed_twice(tmp_path: Path) -> None:
    """What the next run puts in order can be cut off as well, at every step."""
    folders: list[Path] = []

    def prepare(out: Path) -> None:
        leave(out, "oldest")
        leave(out, "earlier")
        killed_at(len(folders) * 3 % 60, partial(one_run, out))

    def check(out: Path) -> None:
        folders.append(out)
        newest = is_sound(out)
        leave(out, "next")
        assert found(out) == whole("next")
        assert found(out / "previous") == whole(newest)

    assert killed_everywhere(tmp_path, prepare, check) > 40


def test_the_first_run_is_killed_at_every_step(tmp_path: Path) -> None:
    """Files of others that lie in the folder are as they were."""

    def prepare(out: Path) -> None:
        out.mkdir()
        (out / "thesis.txt").write_text("mine")

    def check(out: Path) -> None:
        assert RECORD not in every(out) or found(out) == whole("new") | {"thesis.txt": "mine"}
        leave(out, "next")
        assert found(out) == whole("next") | {"thesis.txt": "mine"}

    assert killed_everywhere(tmp_path, prepare, check) > 20


def test_a_lock_ends_with_its_process(tmp_path: Path) -> None:
    """Whatever ends it: the next run is not refused."""
    assert killed_at(6, partial(one_run, tmp_path / "out"))
    assert killed_at(6, partial(one_run, tmp_path / "out"))
    leave(tmp_path / "out", "next")
    assert found(tmp_path / "out") == whole("next")
