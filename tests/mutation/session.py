"""pytest's session: the tests are collected once, and run for each mutant that they concern."""

import gc
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import pytest

from tests.mutation.changed import Functions, all_functions
from tests.mutation.children import in_children, one_step_more
from tests.mutation.memory import Memory, Watched
from tests.mutation.mutants import Mutant, mutants

ROOT = Path(__file__).parents[2]
SURVIVED, ENDLESS = -1, -2


class Noticed(StrEnum):
    """How far a mutant that no test kills is seen at all on the hosts of the tests."""

    VERDICT = "another verdict"
    WORDS = "other words"
    NOWHERE = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`killer` is the test that failed, or what else ended the mutant; None where nothing did.
    `tests` is how many go through its lines."""

    path: str
    mutant: Mutant
    killer: str | None
    noticed: Noticed
    tests: int

    def __str__(self) -> str:
        where = f"{self.path}:{self.mutant.lines.start} {self.mutant.function}"
        seen = f"{self.tests} tests, {self.noticed or 'no difference'}"
        return f"{where}: {self.mutant.was}  ->  {self.mutant.becomes}  ({seen})"


class Session:
    """A plugin that runs the tests for each mutant of the modules, and keeps the outcomes."""

    def __init__(self, paths: Sequence[str], at_once: int) -> None:
        self._paths = paths
        self._at_once = at_once
        self._items: Sequence[pytest.Item] = ()
        self._failed = False
        self.outcomes: list[Outcome] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._failed |= report.failed

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._items = session.items
        memory = Memory({imported(path) for path in self._paths})
        watched = self._watched(memory)
        made = all_functions()
        gc.freeze()  # what children only read is not copied
        for path in self._paths:
            self.outcomes += self._of(
                path, Functions(imported(path), made.get(imported(path), [])), watched, memory
            )
        return True

    def _fails(self, n: int) -> bool:
        self._failed = False
        item = self._items[n]
        item.ihook.pytest_runtest_protocol(item=item, nextitem=None)
        return self._failed

    def _watched(self, memory: Memory) -> dict[int, Watched]:
        """What each test goes through, those of the fewest hosts first."""
        started = time.monotonic()
        watched = {}
        for n, item in enumerate(self._items):
            watched[n] = memory.watch()
            if self._fails(n):
                raise RuntimeError(f"{item.nodeid} fails without any mutant")
        memory.stop()
        print(f"{len(watched)} tests, {time.monotonic() - started:.0f} s", flush=True)
        return dict(sorted(watched.items(), key=lambda item: len(item[1].hosts)))

    def _of(
        self, path: str, functions: Functions, watched: Mapping[int, Watched], memory: Memory
    ) -> Iterator[Outcome]:
        name, started = imported(path), time.monotonic()
        killers: Counter[object] = Counter()

        def work(mutant: Mutant) -> tuple[int, Noticed, int, object]:
            for function, code in functions.changed_by(mutant.source):
                function.__code__ = code
            lines = {(name, line) for line in mutant.lines}
            through = {key for key, host in memory.hosts.items() if host.lines & lines}
            tests = [n for n, w in watched.items() if w.hosts & through or w.lines & lines]
            tried: set[int] = set()
            noticed = Noticed.NOWHERE

            def kills(n: int) -> bool:
                one_step_more()
                tried.add(n)
                return self._fails(n)

            n = next((n for n in tests if watched[n].lines & lines and kills(n)), SURVIVED)
            if n != SURVIVED:
                return n, noticed, len(tests), None
            if "/rules/" not in path:
                memory.recall_nothing()
                n = next((n for n in tests if n not in tried and kills(n)), SURVIVED)
                return n, noticed, len(tests), None
            first = [key for key, _ in killers.most_common()]
            for difference in memory.differences(lines, first):
                noticed = Noticed.VERDICT if difference.verdict else noticed or Noticed.WORDS
                words = {(difference.host, rule) for rule in difference.rules}
                for n in tests:
                    w = watched[n]
                    looks = difference.host in w.hosts if difference.verdict else w.words & words
                    if n not in tried and looks and kills(n):
                        return n, noticed, len(tests), difference.host
            return SURVIVED, noticed, len(tests), None

        found = mutants((ROOT / path).read_text())
        survived = 0
        for mutant, answer in in_children(work, found, self._at_once):
            n, noticed, tests, host = answer or (ENDLESS, Noticed.VERDICT, 0, None)
            if host is not None:
                killers[host] += 1
            survived += n == SURVIVED
            killer = {SURVIVED: None, ENDLESS: "does not end"}.get(n, self._items[n].nodeid)
            outcome = Outcome(path, mutant, killer, noticed, tests)
            if killer is None:
                print(f"  {outcome}", flush=True)
            yield outcome
        took = time.monotonic() - started
        print(f"{path}: {len(found)} mutants, {survived} survive, {took:.0f} s", flush=True)


def imported(path: str) -> str:
    """The name under which a module's code knows its file: by the link in `vmfex/`."""
    return str(ROOT / "vmfex" / path)
