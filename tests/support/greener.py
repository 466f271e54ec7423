"""What a change of a host's evidence made greener."""

from collections.abc import Iterator

from tests.support.judging import Judgement
from vmfex.checks.result.certification import Decision, RuleResult, decide
from vmfex.checks.result.verdict import Verdict
from vmfex.engine.catalogue import rules

GREEN = {Verdict.COMPLIANT, Verdict.NOT_APPLICABLE}
CERTIFIED = {Decision.CERTIFIED, Decision.CERTIFIED_WITH_WAIVERS}
CATALOGUE = {rule.id: rule for rule in rules()}
DECISION = "decision"  # in the place of a rule


def decision(judged: Judgement) -> Decision:
    results = [RuleResult(CATALOGUE[rule], found) for rule, found in judged.findings.items()]
    return decide(results, strict=False, guide_only=False, partial=False)


def greener(before: Judgement, after: Judgement) -> Iterator[tuple[str, str]]:
    """Each rule, and what is better of it in words: it was violated or undetermined, of the host
    or of one subject, and is compliant or not applicable. And the decision, if it certifies now."""
    was, is_ = before.verdicts, after.verdicts
    for rule, verdict in was.items():
        if verdict in GREEN:
            continue
        if is_[rule] in GREEN:
            yield rule, f"{rule} was {verdict}, and is {is_[rule]}"
            continue
        open_ = {f.subject: f.verdict for f in before.findings[rule] if f.verdict not in GREEN}
        for subject, said in _verdicts(after, rule).items():
            if subject in open_ and said <= GREEN:
                yield rule, f"{rule} was {open_[subject]} of {subject}, and is not"
    if decision(after) in CERTIFIED and decision(before) not in CERTIFIED:
        yield DECISION, f"{decision(before)} became {decision(after)}"


def _verdicts(judged: Judgement, rule: str) -> dict[str, set[Verdict]]:
    found: dict[str, set[Verdict]] = {}
    for finding in judged.findings[rule]:
        found.setdefault(finding.subject, set()).add(finding.verdict)
    return found
