"""The violation matrix: on each host, the rules that change their verdict are those expected."""

import pytest

from tests.rules.rows import ABSENCES, GAPS, VIOLATIONS
from tests.rules.table import (
    COMPLIANT,
    NOT_APPLICABLE,
    UNDETERMINED,
    VIOLATED,
    Absence,
    Gap,
    Violation,
)
from tests.support.construct import HOSTS, make
from tests.support.judging import judge_raw
from tests.support.needs import missing
from vmfex.checks.result.verdict import Verdict
from vmfex.evidence.parsers.schema import DOMAIN_SCHEMA

Row = Violation | Absence | Gap


def name(row: Row) -> str:
    return f"{row.rule}: {row.why if isinstance(row, Absence) else row.what}"


@pytest.fixture(autouse=True)
def schema(request: pytest.FixtureRequest) -> None:
    """What TOP-04 needs."""
    if "TOP-04" in request.node.name and not DOMAIN_SCHEMA.is_file():
        missing(str(DOMAIN_SCHEMA))


@pytest.mark.parametrize("row", VIOLATIONS, ids=name)
def test_smallest_change_violates_the_rule_and_no_other(row: Violation) -> None:
    """The rule is compliant before and violated after; the others change as the row says."""
    before, after = row.base.judged(), row.host.judged()
    assert before.verdicts[row.rule] is COMPLIANT, before.of(row.rule)
    changed: dict[str, Verdict] = {
        rule: verdict
        for rule, verdict in after.verdicts.items()
        if verdict != before.verdicts[rule]
    }
    expected = {rule: verdict for rule, (verdict, _) in row.consequences.items()}
    assert changed == expected | {row.rule: VIOLATED}, "\n".join(map(after.of, changed))


@pytest.mark.parametrize("row", VIOLATIONS, ids=name)
def test_violation_shows_what_was_read_and_wanted(row: Violation) -> None:
    """Each violated finding names its subject, what was observed and wanted, and its evidence."""
    found = [f for f in row.host.judged().findings[row.rule] if f.verdict is VIOLATED]
    assert found
    assert all(f.subject and f.observed and f.wanted and f.evidence for f in found)


@pytest.mark.parametrize("row", [row for row in ABSENCES if row.host], ids=name)
def test_absent_subject_is_not_applicable(row: Absence) -> None:
    """Without its subject, established, the rule is not applicable."""
    assert row.host is not None
    judged = row.host.judged()
    assert judged.verdicts[row.rule] is NOT_APPLICABLE, judged.of(row.rule)


@pytest.mark.parametrize("row", [row for row in ABSENCES if not row.host], ids=name)
def test_subject_that_every_host_has_is_never_absent(row: Absence) -> None:
    """On no constructed host, and none of the matrix, is the rule not applicable."""
    assert row.why
    hosts = [judge_raw(make(host), None, row.rule) for host in HOSTS]
    others = [row.host for row in VIOLATIONS] + [row.host for row in GAPS]
    hosts += [host.judged() for host in others]
    assert all(judged.verdicts[row.rule] is not NOT_APPLICABLE for judged in hosts)


@pytest.mark.parametrize("row", GAPS, ids=name)
def test_missing_evidence_is_undetermined(row: Gap) -> None:
    """Where the evidence could not be read, the rule is undetermined, with the reason."""
    judged = row.host.judged()
    assert judged.verdicts[row.rule] is UNDETERMINED, judged.of(row.rule)
    open_ = [f for f in judged.findings[row.rule] if f.verdict is UNDETERMINED]
    assert all(f.subject and f.observed for f in open_)
