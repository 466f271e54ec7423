"""Verdicts, findings, and the two ways in which a rule speaks: a selection, then its findings."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from vmfex.checks.model.fact import Evidence, Missing, Unknown


class Verdict(StrEnum):
    """From the one that weighs most to the one that weighs least."""

    VIOLATED = "violated"
    UNDETERMINED = "undetermined"
    WAIVED = "waived"
    COMPLIANT = "compliant"
    NOT_APPLICABLE = "not applicable"


_WEIGHT = {verdict: weight for weight, verdict in enumerate(Verdict)}


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict that weighs most. Nothing judged at all is undetermined, never a pass."""
    return min(verdicts, key=_WEIGHT.__getitem__, default=Verdict.UNDETERMINED)


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule's verdict on one subject: what was read, from where, and what the rule wanted.
    `remedy` is what to do on this very host; empty where the rule's own remedy says it. `accepted`
    is the place of the waiver, statement or objection that speaks of it in the certification."""

    subject: str
    verdict: Verdict
    observed: str
    wanted: str
    evidence: tuple[Evidence, ...] = ()
    remedy: str = ""
    accepted: int | None = None


def in_words(findings: Sequence[Finding]) -> str:
    """The worst verdict, in capitals, and the findings that have it, a line each."""
    verdict = worst(finding.verdict for finding in findings)
    said = [
        f"{f.subject}: {f.observed}; wanted: {f.wanted}" for f in findings if f.verdict is verdict
    ]
    return f"{verdict.upper()}: " + "\n".join(said)


class Subject(Protocol):
    """Whatever a rule can judge: it can be named, and says what it was read from."""

    @property
    def label(self) -> str: ...

    @property
    def evidence(self) -> tuple[Evidence, ...]: ...


GAPS_TOLD = 20  # what else of a selection could not be read is one finding with their number

S_co = TypeVar("S_co", bound=Subject, covariant=True)


@dataclass(frozen=True, slots=True)
class Selection(Generic[S_co]):
    """What a Given selects. `unknown` says what might belong to it and could not be read."""

    what: str
    items: tuple[S_co, ...]
    unknown: tuple[Unknown, ...] = ()
    evidence: tuple[Evidence, ...] = ()


def found(
    subject: Subject,
    ok: bool,
    observed: str,
    wanted: str,
    *evidence: Evidence,
    remedy: str = "",
) -> Finding:
    """A finding on evidence that was read: compliant, or violated with the remedy."""
    verdict = Verdict.COMPLIANT if ok else Verdict.VIOLATED
    read = (*subject.evidence, *evidence)
    return Finding(subject.label, verdict, observed, wanted, read, "" if ok else remedy)


def undetermined(subject: str, unknown: Unknown, wanted: str = "readable evidence") -> Finding:
    """A finding on evidence that could not be read."""
    reason, evidence = unknown.reason, unknown.evidence
    return Finding(subject, Verdict.UNDETERMINED, reason, wanted, evidence, unknown.remedy)


S = TypeVar("S", bound=Subject)


def judge(selection: Selection[S], check: Callable[[S], Finding | list[Finding]]) -> list[Finding]:
    """Every selected subject's findings; a missing fact makes its subject undetermined."""
    findings: list[Finding] = []
    for item in selection.items:
        try:
            judged = check(item)
            findings += judged if isinstance(judged, list) else [judged]
        except Missing as missing:
            unknown = missing.unknown
            evidence = (*item.evidence, *unknown.evidence)
            unknown = Unknown(unknown.reason, evidence, unknown.remedy)
            findings.append(undetermined(item.label, unknown))
    return findings + _gaps(selection)


def judge_selection(selection: Selection[Subject]) -> list[Finding]:
    """What an empty selection means; an empty list when there is something to judge."""
    if selection.items:
        return []
    if selection.unknown:
        return _gaps(selection)
    observed, wanted = f"no {selection.what} on this host", "nothing: the rule has no subject here"
    return [Finding(selection.what, Verdict.NOT_APPLICABLE, observed, wanted, selection.evidence)]


def _gaps(selection: Selection[S]) -> list[Finding]:
    """What could not be read: a host of a thousand VMs would give each rule a thousand pages."""
    unknown = selection.unknown
    if len(unknown) > GAPS_TOLD + 1:
        first, more = unknown[GAPS_TOLD], len(unknown) - GAPS_TOLD
        reason = f"{more:,} more cannot be read; the first: {first.reason}"
        unknown = (*unknown[:GAPS_TOLD], Unknown(reason, first.evidence, first.remedy))
    return [undetermined(selection.what, gap) for gap in unknown]
