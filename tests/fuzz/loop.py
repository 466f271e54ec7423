"""The loop: time is shared out over the targets, and what is new is made more of."""

import mmap
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from random import Random

from tests.fuzz.corpus import Corpus
from tests.fuzz.coverage import Coverage
from tests.fuzz.guard import Fault, Guard
from tests.fuzz.mutate import SIZE_LIMIT
from tests.fuzz.target import Target

WATCHED = 60  # of that many inputs the lines of one are looked at
PREPARING = 2.0  # seconds that a target may take before its first new input
TELLING = 60.0  # seconds from one line about the progress to the next
SHRINKING = 3.0  # seconds that may go into making an input smaller
_HEADER = 64  # bytes: the target's name, and the input's size


@dataclass
class Figures:
    """Of one target. `faults` are counted by kind; `places` are those that were met before."""

    inputs: int = 0
    spent: float = 0.0
    faults: dict[str, int] = field(default_factory=lambda: {"crash": 0, "hang": 0, "memory": 0})


@dataclass
class Fuzzer:
    """`folder` keeps the corpus, the faults, and the input that is being run: that stays there if
    it ends the process. `say` is told of every new fault."""

    targets: tuple[Target, ...]
    seed: int
    folder: Path
    guard: Guard
    say: Callable[[str], None] = print
    coverage: Coverage = field(default_factory=Coverage)
    figures: dict[str, Figures] = field(default_factory=dict)
    corpora: dict[str, Corpus] = field(default_factory=dict)
    known: dict[str, set[str]] = field(default_factory=dict)
    places: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        (self.folder / "faults").mkdir(parents=True, exist_ok=True)
        self._random = Random(self.seed)
        with (self.folder / "current").open("w+b") as file:
            file.truncate(_HEADER + SIZE_LIMIT)
            self._current = mmap.mmap(file.fileno(), _HEADER + SIZE_LIMIT)

    def prepare(self) -> None:
        """Makes the seeds, and learns what the inputs that there are come to."""
        for target in self.targets:
            corpus = Corpus(target.seeds(), self.folder / "corpus" / target.name.replace("/", "-"))
            assert corpus.seeds, f"{target.name} has no seeds"
            self.corpora[target.name], self.known[target.name] = corpus, set()
            self.figures[target.name] = Figures()
            end = time.monotonic() + PREPARING
            for raw in (*corpus.seeds, *corpus.kept):
                if time.monotonic() < end:
                    self._run(target, raw[:SIZE_LIMIT], watched=False)

    def run(self, seconds: float, inputs: int) -> None:
        """Until the time is over, or that many inputs were run."""
        end, done, told = time.monotonic() + seconds, 0, time.monotonic()
        while done < inputs and time.monotonic() < end:
            if time.monotonic() > told + TELLING:
                told = time.monotonic()
                self.say(f"{done:,} inputs, {len(self.places)} faults, {self.guard.peak >> 20} MiB")
            target = min(self.targets, key=lambda t: self.figures[t.name].spent / t.weight)
            for _ in range(min(20, inputs - done)):
                self.one(target)
                done += 1

    def one(self, target: Target) -> None:
        """One new input."""
        corpus = self.corpora[target.name]
        raw = corpus.pick(self._random)
        for _ in range(self._random.choice((1, 1, 1, 2, 3, 6))):
            raw = target.mutate(raw, corpus.pick(self._random), self._random)[:SIZE_LIMIT]
        if self._run(target, raw, watched=self._random.randrange(WATCHED) == 0):
            corpus.add(raw)

    def _run(self, target: Target, raw: bytes, *, watched: bool) -> bool:
        """Whether the input came to something new."""
        self._current[: _HEADER + len(raw)] = _header(target, raw) + raw
        figures, known = self.figures[target.name], self.known[target.name]
        before, lines = time.monotonic(), len(self.coverage.seen)
        if watched:
            with self.coverage.watching():
                said = self.guard.run(target.run, raw)
        else:
            said = self.guard.run(target.run, raw)
        if found := self.guard.too_much():
            read, input_, fault = found
            owner = next(target for target in self.targets if target.run is read)
            self.figures[owner.name].faults[fault.kind] += 1
            self._tell(owner, input_, fault)
        figures.inputs += 1
        figures.spent += time.monotonic() - before
        if isinstance(said, Fault):
            figures.faults[said.kind] += 1
            self._tell(target, raw, said)
            return False
        new = not said <= known
        known |= said
        return new or len(self.coverage.seen) > lines

    def _tell(self, target: Target, raw: bytes, fault: Fault) -> None:
        """A small file of a fault that was not met before, and how to meet it again."""
        if fault.place in self.places:
            return
        self.places.add(fault.place)
        small = raw if fault.kind == "memory" else self._smaller(target.run, raw, fault)
        name = f"{fault.kind}-{sha256(small).hexdigest()[:16]}"
        file = self.folder / "faults" / name
        file.write_bytes(_header(target, small) + small)
        command = f".venv/bin/python -m tests.fuzz --repeat {file}"
        file.with_suffix(".txt").write_text(
            f"{target.name}: {fault.place}\nseed {self.seed}\n{command}\n\n{fault.trace}\n"
        )
        self.say(f"{fault.kind} in {target.name}: {fault.place}: {command}")

    def _smaller(self, read: Callable[[bytes], Iterable[str]], raw: bytes, fault: Fault) -> bytes:
        """An input as small as is soon found that meets the same fault."""
        end = time.monotonic() + SHRINKING
        size = len(raw) // 2
        while size and time.monotonic() < end:
            at = 0
            while at < len(raw) and time.monotonic() < end:
                less = raw[:at] + raw[at + size :]
                met = self.guard.run(read, less)
                if isinstance(met, Fault) and met.place == fault.place:
                    raw = less
                else:
                    at += size
            size //= 2
        return raw


def _header(target: Target, raw: bytes) -> bytes:
    return f"{target.name}\t{len(raw)}".encode().ljust(_HEADER - 1) + b"\n"


def kept(file: Path) -> tuple[str, bytes]:
    """The target's name and the input of a file that was kept. Raises ValueError."""
    raw = file.read_bytes()
    name, _, size = raw[:_HEADER].decode("utf-8").rstrip().partition("\t")
    return name, raw[_HEADER : _HEADER + int(size)]
