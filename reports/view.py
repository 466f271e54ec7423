"""What more than one format needs: what decides, and for what a host was judged."""

from vmfex.checks.result.certification import Certification, RuleResult, decides
from vmfex.checks.result.rule import Rule, Severity
from vmfex.checks.result.verdict import Verdict


def why_not(certification: Certification, result: RuleResult) -> str:
    """Why a verdict decides nothing; empty where it decides."""
    return why_aside(result, strict=certification.strict, guide_only=certification.guide_only)


def why_aside(result: RuleResult, *, strict: bool, guide_only: bool) -> str:
    """The same, where there is no certification yet."""
    if decides(result, strict, guide_only):
        return ""
    if guide_only and result.rule.derived:
        return "not in the guide"
    if is_advice(result.rule):
        return "advice"
    return "not in the guide: only a violation decides"


def is_advice(rule: Rule) -> bool:
    """Whether a rule decides nothing, unless the user is strict."""
    normal = rule.derived and rule.severity is Severity.NORMAL
    return normal or rule.severity is Severity.MINOR


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
        loud = verdict in (Verdict.VIOLATED, Verdict.UNDETERMINED, Verdict.WAIVED)
        aside = sum(not certification.decides(r) for r in of_it) if loud else 0
        note = ""
        if aside:
            note = " (not deciding)" if aside == len(of_it) else f" ({aside} not deciding)"
        if of_it:
            parts.append(f"{len(of_it)} {verdict}{note}")
    if certification.not_run:
        parts.append(f"{len(certification.not_run)} not run")
    return ", ".join(parts) or "no rule was judged"
