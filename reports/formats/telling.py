"""What the formats tell of a rule, and how: text from a host is untrusted in each of them."""

import json
from collections.abc import Sequence
from typing import Any

from vmfex.checks.result.acceptance import Acceptance, Kind
from vmfex.checks.result.certification import Certification, RuleResult
from vmfex.checks.result.verdict import Finding, Verdict
from vmfex.checks.text import harmless, one_line, shorten
from vmfex.reports.actions import NOTHING
from vmfex.reports.times import ages
from vmfex.reports.view import remedy

GOOD = (Verdict.COMPLIANT, Verdict.NOT_APPLICABLE)
GUIDE_ONLY = (
    "the guide's rules alone decide: what libvirt, the kernel and UCS Manager refuse does not count"
)
UNJUDGED = Finding("the rule", Verdict.UNDETERMINED, NOTHING, "a finding")
LIMIT = 4000  # characters of one text; a cell of Excel takes 32,767, and the record has the rest


def telling(result: RuleResult) -> Sequence[Finding]:
    """The findings that a reader gets: all of a rule that is well. Of any other those that are not,
    since readers count a rule with one pass among skipped results as passed."""
    if not result.findings:
        return (UNJUDGED,)
    if result.verdict in GOOD:
        return result.findings
    return [finding for finding in result.findings if finding.verdict not in GOOD]


def acceptance_of(finding: Finding, certification: Certification) -> Acceptance | None:
    """The waiver or statement that made it waived; None where it is not."""
    if finding.verdict is not Verdict.WAIVED or finding.accepted is None:
        return None
    return certification.accepted[finding.accepted]


def measured(finding: Finding, certification: Certification) -> Verdict:
    """The verdict that the evidence alone gives: a waiver speaks of a violation, a statement of
    what nobody could see."""
    acceptance = acceptance_of(finding, certification)
    if acceptance is None:
        return finding.verdict
    return Verdict.UNDETERMINED if acceptance.kind is Kind.STATEMENT else Verdict.VIOLATED


def accepted_by(finding: Finding, certification: Certification) -> str:
    """Who accepted it until when, and why; empty where nobody did."""
    acceptance = acceptance_of(finding, certification)
    return f"{acceptance.label}: {acceptance.text}" if acceptance else ""


def what_to_do(result: RuleResult, finding: Finding) -> str:
    """On this very host; empty where nothing is to be done."""
    return "" if finding.verdict in GOOD else finding.remedy or remedy(result)


def remarks(of: Certification) -> list[str]:
    """What is to be known of a decision, in sentences: what gave it, and what it leaves out."""
    old = (f"{what}, {how}: {when}" for what, how, when, is_old in ages(of) if is_old)
    told = (
        "constructed: no real host gave this evidence" if of.constructed else "",
        f"not all of the evidence arrived: {of.lost}" if of.lost else "",
        GUIDE_ONLY if of.guide_only else "",
        "strict: every derived rule counts for the decision" if of.strict else "",
        *old,
        *of.notes,
        *(f"out of scope by the plan, and not judged: {vm}" for vm in of.out_of_scope),
    )
    return [line(each) for each in told if each]


def line(text: str, limit: int = LIMIT) -> str:
    """Text from outside on one line, harmless and not long."""
    return shorten(one_line(text), limit).strip()


def lines(text: str) -> str:
    """The same, with its line feeds."""
    return shorten(harmless(text), LIMIT).strip()


def sentence(finding: Finding) -> str:
    """What was read of whom, and what the rule wants."""
    return f"{line(finding.subject)}: {line(finding.observed)}; wanted: {line(finding.wanted)}"


def yes(value: bool) -> str:
    return "yes" if value else "no"


def dumps(document: Any) -> str:
    """The document as JSON, in ASCII: nothing in it can steer a terminal."""
    return json.dumps(document) + "\n"
