"""The fuzzer itself: it runs over all targets, and what it is to find it finds and keeps."""

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random

import pytest

from tests.fuzz.__main__ import repeat
from tests.fuzz.guard import Guard, forget_peak, peak_memory
from tests.fuzz.loop import Fuzzer, kept
from tests.fuzz.mutate import by_bytes
from tests.fuzz.target import Target
from tests.fuzz.targets import TARGETS

MEMORY = 2 * 10**9  # bytes; the process of a whole test run has more than the program alone


def fuzzer(folder: Path, *targets: Target, guard: Guard | None = None) -> Fuzzer:
    made = Fuzzer(targets, 1, folder, guard or Guard(memory=MEMORY), say=lambda _line: None)
    made.prepare()
    return made


def planted(run: Callable[[bytes], Iterable[str]]) -> Target:
    return Target("planted", 1, lambda: [b"a" * 40], by_bytes, run)


def faults(folder: Path) -> list[str]:
    return [path.read_text() for path in (folder / "faults").glob("*.txt")]


@pytest.mark.parametrize("target", TARGETS, ids=[target.name for target in TARGETS])
def test_no_input_meets_a_fault(target: Target, tmp_path: Path) -> None:
    """Its seeds and a few more of each target; `make fuzz` has more of them."""
    made = fuzzer(tmp_path, target)
    for _ in range(15):
        made.one(target)
    assert made.figures[target.name].inputs > 15
    assert faults(tmp_path) == []


@pytest.mark.parametrize("target", TARGETS, ids=[target.name for target in TARGETS])
def test_seeds_come_to_something(target: Target) -> None:
    """A target whose inputs are all refused at once would look as well as a good one: what is made
    of a seed comes to another thing than the seed, sooner or later."""
    seeds, random = list(target.seeds()), Random(1)
    assert seeds
    whole = {said for seed in seeds[:3] for said in target.run(seed)}
    other: set[str] = set()
    for _ in range(400):
        changed = target.mutate(random.choice(seeds[:3]), random.choice(seeds), random)
        other |= set(target.run(changed))
        if other - whole:
            return
    pytest.fail(f"nothing but {sorted(whole)[:3]}")


def test_crash_is_kept_small(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The input that is left is as small as it can be, and the file says how to repeat it."""

    def run(raw: bytes) -> Iterable[str]:
        if b"a" not in raw:
            raise KeyError("planted")
        return [str(len(raw))]

    made = fuzzer(tmp_path, planted(run))
    made.run(60, 2_000)
    [text] = faults(tmp_path)
    assert "KeyError" in text
    assert "seed 1" in text
    [file] = [path for path in (tmp_path / "faults").iterdir() if path.suffix != ".txt"]
    assert f"--repeat {file}" in text
    assert kept(file) == ("planted", b"")
    assert made.figures["planted"].faults["crash"] >= 1


def test_hang_is_ended(tmp_path: Path) -> None:
    """Also where the program catches every exception."""

    def run(raw: bytes) -> Iterable[str]:
        while raw != b"a" * 40:
            try:
                time.process_time()
            except Exception:
                continue
        return []

    made = fuzzer(tmp_path, planted(run), guard=Guard(limit=0.05, memory=MEMORY))
    made.run(60, 3)
    assert made.figures["planted"].faults["hang"] >= 1
    assert "Hang" in faults(tmp_path)[0]


def test_input_that_takes_memory_is_found(tmp_path: Path) -> None:
    """By its own peak, though memory is measured after some inputs only. What it takes is the
    limit itself: what the process has without it may shrink meanwhile, and is never below zero."""

    forget_peak()
    limit = peak_memory() + 50 * 10**6

    def run(raw: bytes) -> Iterable[str]:
        return [] if raw.startswith(b"a") else [str(len(b"x" * limit))]

    made = fuzzer(tmp_path, planted(run), guard=Guard(memory=limit))
    made.run(60, 200)
    assert made.figures["planted"].faults["memory"] >= 1
    [file] = (tmp_path / "faults").glob("memory-????????????????")
    assert not kept(file)[1].startswith(b"a")


def test_corpus_grows_from_run_to_run(tmp_path: Path) -> None:
    """What came to something new is there when the next run begins."""

    def run(raw: bytes) -> Iterable[str]:
        return [str(len(raw))]

    first = fuzzer(tmp_path, planted(run))
    first.run(60, 200)
    again = fuzzer(tmp_path, planted(run))
    assert again.corpora["planted"].kept
    assert len(again.corpora["planted"].kept) == len(first.corpora["planted"].kept)


def test_repeat(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An input that meets no fault any more says what it comes to."""
    made = fuzzer(tmp_path, TARGETS[0])
    target, [raw, *_] = TARGETS[0], made.corpora[TARGETS[0].name].seeds
    file = tmp_path / "input"
    file.write_bytes(f"{target.name}\t{len(raw)}".encode().ljust(63) + b"\n" + raw)
    assert repeat(file) == 0
    assert capsys.readouterr().out
