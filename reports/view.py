"""What more than one format needs: what decides, and for what a host was judged."""

from vmfex.checks.result.certification import (
    UNCONDITIONAL_AREAS,
    Certification,
    RuleResult,
    counts_for_decision,
)
from vmfex.checks.result.verdict import Verdict


def is_advice(certification: Certification, result: RuleResult) -> bool:
    """Whether the rule can never decide in this run, whatever its verdict."""
    return not counts_for_decision(result.rule, certification.strict)


def decides(certification: Certification, result: RuleResult) -> bool:
    """Whether this verdict takes part in the decision, as `decide` in `certification` has it."""
    if is_advice(certification, result):
        return False
    outside = not certification.topologies and result.rule.area not in UNCONDITIONAL_AREAS
    return not (outside and result.verdict is Verdict.UNDETERMINED)


def why_not(certification: Certification, result: RuleResult) -> str:
    """Why a verdict decides nothing; empty where it decides."""
    if decides(certification, result):
        return ""
    return "advice" if is_advice(certification, result) else "no topology was judged"


def remedy(result: RuleResult) -> str:
    """What to do now: mend what is violated, or give the evidence that could not be read."""
    if result.verdict is Verdict.UNDETERMINED:
        return f"Give the evidence that could not be read ({result.rule.evidence})."
    return result.rule.remedy


def purpose(certification: Certification) -> str:
    """What the host was judged for, with the number of VM interfaces on each topology."""
    if not certification.topologies:
        return "no topology was judged"
    return ", ".join(f"{name} ({n})" for name, n in sorted(certification.topologies.items()))


def tally(certification: Certification) -> str:
    """Counts by verdict, without the verdicts of no rule; what decides nothing is named as such."""
    parts = []
    for verdict in Verdict:
        of_it = [r for r in certification.results if r.verdict is verdict]
        aside = sum(not decides(certification, r) for r in of_it)
        loud = verdict in (Verdict.VIOLATED, Verdict.UNDETERMINED, Verdict.WAIVED)
        note = ""
        if loud and aside:
            note = " (not deciding)" if aside == len(of_it) else f" ({aside} not deciding)"
        if of_it:
            parts.append(f"{len(of_it)} {verdict}{note}")
    if certification.not_run:
        parts.append(f"{len(certification.not_run)} not run")
    return ", ".join(parts) or "no rule was judged"
