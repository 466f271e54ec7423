"""What was judged without any mutant, so that a mutant's rules alone are judged again.

A rule is a function of a host and its plan: a mutant changes nothing of a rule that goes through
its lines on no host. Mutants of `checks/model` change the hosts themselves, and use no memory.
"""

import sys
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from tests.rules import table
from tests.support import judging
from tests.support.construct import RawTree
from tests.support.judging import Judgement, scenarios
from vmfex.checks.model.plan import Plan
from vmfex.checks.model.scope import Scope
from vmfex.checks.result.verdict import Finding
from vmfex.engine.catalogue import FEATURES
from vmfex.engine.judge import judge
from vmfex.evidence.host import ReadHost

Line = tuple[str, int]  # a file's name as its code knows it, and a number
Findings = dict[str, tuple[Finding, ...]]
JudgeRaw = Callable[..., Judgement]
JUDGE_RAW: JudgeRaw = judging.judge_raw


@dataclass(frozen=True, slots=True)
class Remembered:
    """A host as it was judged, and the lines of interest that this went through."""

    judgement: Judgement
    lines: frozenset[Line]


@dataclass(frozen=True, slots=True)
class Watched:
    """What a test went through by itself, the hosts that it had judged, and the rules of whose
    findings on them it looked at more than the verdict."""

    lines: set[Line] = field(default_factory=set)
    hosts: set[object] = field(default_factory=set)
    words: set[tuple[object, str]] = field(default_factory=set)


class Told(dict[str, tuple[Finding, ...]]):
    """Findings that tell which of them were looked at."""

    def __init__(self, found: Findings, host: object, watched: Watched) -> None:
        super().__init__(found)
        self._host, self._watched = host, watched

    def __getitem__(self, rule: str) -> tuple[Finding, ...]:
        self._watched.words.add((self._host, rule))
        return super().__getitem__(rule)


@dataclass(frozen=True, slots=True)
class Difference:
    """Rules that find something else on a host than before, and whether a verdict is another."""

    host: object
    rules: Collection[str]
    verdict: bool


class Memory:
    """Stands in the place of `judge_raw`. `names` are the files whose lines are of interest,
    `again` the rules that are not remembered."""

    def __init__(self, names: Collection[str]) -> None:
        self.hosts: dict[object, Remembered] = {}
        self.again: Collection[str] = ()
        self._rules: dict[Line, set[str]] = {}
        self._names = names
        self._watched = Watched()
        self._seen = self._watched.lines
        self._put(self.judge_raw)

    def recall_nothing(self) -> None:
        """Every host is judged from its evidence on."""
        self._put(JUDGE_RAW)

    def _put(self, judge_raw: JudgeRaw) -> None:
        for module in list(sys.modules.values()):
            if getattr(module, "judge_raw", None) in (JUDGE_RAW, self.judge_raw):
                module.__dict__["judge_raw"] = judge_raw

    def watch(self) -> Watched:
        """What is gone through from now on. No host is known by its row alone any more."""
        table._judged.clear()
        self._watched = Watched()
        self._seen = self._watched.lines
        sys.settrace(self._call)
        return self._watched

    def stop(self) -> None:
        sys.settrace(None)
        table._judged.clear()

    def differences(
        self, lines: Collection[Line], first: Collection[object]
    ) -> Iterator[Difference]:
        """On each host where rules that go through the lines find something else than before."""
        self.again = {rule for line in lines for rule in self._rules.get(line, ())}
        for key in dict.fromkeys((*first, *self.hosts)):
            host = self.hosts[key]
            if host.lines.isdisjoint(lines):
                continue
            before = {r: f for r, f in host.judgement.findings.items() if r in self.again}
            try:
                after = findings(host.judgement.scope, before)
            except Exception:
                yield Difference(key, self.again, True)
                continue
            rules = {rule for rule in before if after[rule] != before[rule]}
            if rules:
                verdicts = (
                    Judgement({r: f[r] for r in rules}, host.judgement.scope).verdicts
                    for f in (before, after)
                )
                yield Difference(key, rules, next(verdicts) != next(verdicts))

    def judge_raw(self, raw: RawTree, plan: Plan | None = None, *rules: str) -> Judgement:
        plan = plan or Plan()
        key = (frozenset(raw.files.items()), frozenset(raw.links.items()), repr(plan), rules)
        if key not in self.hosts:
            if sys.gettrace() is None:
                return JUDGE_RAW(raw, plan, *rules)
            self.hosts[key] = self._judged(raw, plan, rules)
        self._watched.hosts.add(key)
        known = self.hosts[key].judgement
        if sys.gettrace() is not None:
            return Judgement(Told(dict(known.findings), key, self._watched), known.scope)
        anew = findings(known.scope, [r for r in known.findings if r in self.again])
        return Judgement({**known.findings, **anew}, known.scope)

    def _judged(self, raw: RawTree, plan: Plan, rules: Collection[str]) -> Remembered:
        """Judged rule by rule, to see which goes through which lines."""
        lines: set[Line] = set()
        self._seen = lines
        scope = Scope(ReadHost(judging.recorded(raw)), plan)
        found: Findings = {}
        for rule in dict.fromkeys(s.rule_id for s in scenarios(FEATURES)):
            if not rules or rule in rules:
                self._seen = set()
                found |= findings(scope, [rule])
                lines |= self._seen
                for line in self._seen:
                    self._rules.setdefault(line, set()).add(rule)
        self._seen = self._watched.lines
        return Remembered(Judgement(found, scope), frozenset(lines))

    def _call(self, frame: FrameType, *_: Any) -> Any:
        return self._line if frame.f_code.co_filename in self._names else None

    def _line(self, frame: FrameType, event: str, _: Any) -> Any:
        if event == "line":
            self._seen.add((frame.f_code.co_filename, frame.f_lineno))
        return self._line


def findings(scope: Scope, rules: Collection[str]) -> Findings:
    """Of these rules. Raises what a step raises."""
    found: Findings = {}
    for scenario in scenarios(FEATURES):
        if scenario.rule_id in rules:
            judged = judge(scenario, scope)
            if judged.error:
                raise judged.error
            found[scenario.rule_id] = (*found.get(scenario.rule_id, ()), *judged.findings)
    return found
