"""What changed from one certification to the next: expected by hand, from the words of the task:
worse is also what was compliant and is undetermined or waived."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import jsonschema_rs
import pytest
from jsonschema_rs import Draft202012Validator

from tests.support.certifications import WAIVER, certification, finding, result, rule
from vmfex.checks.result.certification import Certification, RuleResult
from vmfex.checks.result.verdict import Verdict
from vmfex.reports.comparison.compare import Trend, compare
from vmfex.reports.comparison.document import SCHEMA_FILE, dump
from vmfex.reports.comparison.hosts import Compared, compare_hosts
from vmfex.reports.comparison.page import render as page
from vmfex.reports.comparison.text import render as text

C, V, U = Verdict.COMPLIANT, Verdict.VIOLATED, Verdict.UNDETERMINED
W, N = Verdict.WAIVED, Verdict.NOT_APPLICABLE
WORSE, BETTER, NEITHER = Trend.WORSE, Trend.BETTER, Trend.NEITHER
VFS = ("16 VFs", "24 VFs")


def read(*observed: tuple[str, str, Verdict], id_: str = "HST-01") -> Certification:
    """A certification of one rule: subject, what was read, verdict."""
    findings = tuple(finding(v, s, o, "at most 22 VFs") for s, o, v in observed)
    return certification(RuleResult(rule(id_), findings), host="blade-7")


@pytest.mark.parametrize(
    ("old", "new", "trend"),
    [
        (C, V, WORSE), (C, U, WORSE), (C, W, WORSE), (W, V, WORSE), (W, U, WORSE), (U, V, WORSE),
        (N, V, WORSE), (N, U, WORSE), (N, W, WORSE),
        (V, U, WORSE),  # what was known is known no more
        (V, W, BETTER), (V, C, BETTER), (V, N, BETTER), (U, C, BETTER), (U, W, BETTER),
        (U, N, BETTER), (W, C, BETTER), (W, N, BETTER),
        (C, N, NEITHER), (N, C, NEITHER),
    ],
)  # fmt: skip
def test_every_change_of_verdict(old: Verdict, new: Verdict, trend: Trend) -> None:
    """All pairs of the five verdicts."""
    [change] = compare(certification(result(old)), certification(result(new))).changes
    assert (change.old, change.new, change.trend) == (old, new, trend)


@pytest.mark.parametrize("verdict", Verdict)
def test_the_same_is_no_change(verdict: Verdict) -> None:
    """Nor is it worse or better."""
    found = compare(certification(result(verdict)), certification(result(verdict)))
    assert (found.changes, found.acceptances, found.remarks, found.trend) == ((), (), (), NEITHER)


def test_evidence_behind_a_verdict_that_changed() -> None:
    """VFs from 16 to 24: what was read then and now stands side by side."""
    found = compare(read(("eth0", VFS[0], C)), read(("eth0", VFS[1], V)))
    [subject] = found.changes[0].subjects
    assert [f.observed for f in (*subject.old, *subject.new)] == list(VFS)
    assert found.decision is WORSE


def test_evidence_that_changes_no_verdict_is_told() -> None:
    """RHEL from 7.8 to 7.9: both compliant, neither worse nor better."""
    found = compare(read(("host", "RHEL 7.8", C)), read(("host", "RHEL 7.9", C)))
    assert [change.trend for change in found.changes] == [NEITHER]
    assert "RHEL 7.8" in (shown := text(Compared({"blade-7": found})))
    assert "RHEL 7.9" in shown


def test_another_subject_of_a_violated_rule_is_worse() -> None:
    """The rule has the verdict that it had, and one VM more violates it."""
    old, new = read(("vm a", "x", V)), read(("vm a", "x", V), ("vm b", "x", V))
    assert compare(old, new).trend is WORSE
    assert compare(new, old).trend is BETTER


def test_a_vm_that_is_gone_is_not_worse() -> None:
    """Nor better, where it was compliant."""
    assert compare(read(("a", "x", C), ("b", "x", C)), read(("a", "x", C))).trend is NEITHER


def test_rules_that_came_and_went() -> None:
    """One that is not judged any more is known no more; one that came and is compliant is not
    worse, one that is violated is."""
    one, two = certification(result()), certification(result(), result(id_="HST-02"))
    went, came = compare(two, one), compare(one, two)
    assert (went.went, went.came, went.trend) == (("HST-02",), (), WORSE)
    assert (came.went, came.came, came.trend) == ((), ("HST-02",), NEITHER)
    assert compare(one, certification(result(), result(V, "HST-02"))).trend is WORSE


def test_a_run_of_fewer_rules_is_worse() -> None:
    """Its decision is INCOMPLETE, whatever the rules say."""
    found = compare(certification(result()), certification(result(), not_run=("HST-02",)))
    assert (found.decision, found.trend) == (WORSE, WORSE)


def test_waivers_that_came_went_and_were_prolonged() -> None:
    """A waiver of the same rule, host and subject is the same one, with another end."""
    old, without = certification(result(W)), certification(result(V))
    longer = replace(WAIVER, expires=datetime(2027, 6, 1, tzinfo=UTC))
    new = replace(old, accepted=(longer,))

    def changes(a: Certification, b: Certification) -> list[tuple[object, object]]:
        return [(each.old, each.new) for each in compare(a, b).acceptances]

    assert changes(without, old) == [(None, WAIVER)]
    assert changes(old, without) == [(WAIVER, None)]
    assert changes(old, new) == [(WAIVER, longer)]


def test_another_rule_set_is_said_in_every_format() -> None:
    """What two programs say may differ for their rules, and not for the host."""
    old = certification(result())
    compared = Compared({"a": compare(old, replace(old, ruleset="77aa"))})
    assert "two rule sets: 5f2b9d, then 77aa" in text(compared)
    assert "two: 5f2b9d, then 77aa" in page(compared)
    assert dump(compared)["hosts"][0]["same_ruleset"] is False
    same = Compared({"a": compare(old, old)})
    assert "the same rule set, 5f2b9d" in text(same)
    assert "the same: 5f2b9d" in page(same)


def test_what_else_makes_the_two_differ() -> None:
    """Two hosts, a new one that is older, and a run that was less strict."""
    old = certification(result(), strict=True)
    new = replace(certification(result(), host="b"), started="2026-02-01T10:00:00Z")
    said = " ".join(compare(old, new).remarks)
    for part in ("two hosts: reference and b", "before the old one", "strict: yes, then no"):
        assert part in said


def test_hosts_that_came_and_went() -> None:
    """By label; one that went is known no more."""
    a, b = certification(result(), host="a"), certification(result(), host="b")
    found = compare_hosts({"a": a, "b": b, "d": a}, {"a": a, "c": b, "d": a})
    assert (list(found.pairs), list(found.came), found.went) == (["a", "d"], ["c"], ("b",))
    assert found.trend is WORSE


@pytest.mark.parametrize(("verdict", "trend"), [(C, NEITHER), (W, NEITHER), (U, WORSE), (V, WORSE)])
def test_a_host_that_came_has_a_certificate_or_is_worse(verdict: Verdict, trend: Trend) -> None:
    """As a subject that came: the run has a fault that it had not."""
    a = certification(result())
    found = compare_hosts({"a": a, "b": a}, {"a": a, "b": a, "c": certification(result(verdict))})
    assert (found.trend, found.decision_is_worse) == (trend, trend is WORSE)


def test_hosts_without_a_record_are_not_left_out() -> None:
    """One that had a record went; one that never had any is named; and what is left of two hosts
    on both sides is no pair."""
    a, b = certification(result(V), host="a"), certification(result(), host="b")
    found = compare_hosts({"a": a, "b": None}, {"a": None, "b": b})
    assert (dict(found.pairs), list(found.came), found.went) == ({}, ["b"], ("a",))
    assert found.trend is WORSE
    nothing = compare_hosts({"a": None, "b": a}, {"a": None, "b": a})
    assert nothing.unknown == ("a",)
    assert "Hosts without a record, then and now:\n    a\n" in text(nothing)
    assert text(nothing).splitlines()[-1].endswith("0 went, 1 without a record")
    assert "Hosts without a record, then and now" in page(nothing)
    assert dump(nothing)["unknown"] == ["a"]


@pytest.mark.parametrize(
    ("old", "new", "trend"),
    [
        ([V], [V, V], WORSE),
        ([V, V], [V], BETTER),
        ([V], [V, U], WORSE),
        ([V, U], [V], BETTER),
        ([U], [U, U], WORSE),
        ([W], [W, W], WORSE),
        ([C], [C, C], NEITHER),
        ([U, U], [V], WORSE),
        ([V, W], [V, U], WORSE),
    ],
)
def test_more_of_the_same_on_one_subject(
    old: list[Verdict], new: list[Verdict], trend: Trend
) -> None:
    """A second device that keeps the same VM from migrating: the rule and the VM have the verdict
    that they had, and there is more to be done."""
    sides = [[("db01", f"device {n}", v) for n, v in enumerate(side)] for side in (old, new)]
    assert compare(*(read(*side) for side in sides)).trend is trend


def test_vms_that_the_plan_leaves_out_now_are_named() -> None:
    """What was violated and is judged no more looks mended."""
    old, new = certification(result()), certification(result(), out_of_scope=("db01",))
    assert "not judged any more, by the plan: db01" in compare(old, new).remarks


def test_document_is_valid_by_its_schema() -> None:
    """With all that a comparison can have."""
    old = certification(result(W), result(id_="HST-02"), host="\udcff")
    new = certification(result(V), result(U, "HST-03"), host="b")
    compared = compare_hosts({"a": old, "b": old}, {"a": new, "c": new})
    schema = json.loads(SCHEMA_FILE.read_text("utf-8"))
    jsonschema_rs.meta.validate(schema)
    document = json.loads(json.dumps(dump(compared)))
    assert [e.message for e in Draft202012Validator(schema).iter_errors(document)] == []
    assert document["trend"] == "worse"


def test_text_of_a_host_steers_no_format() -> None:
    """Escape sequences, markup and words that CI systems take for commands."""
    evil = "\x1b[31m<script>alert(1)</script>\n::error::x"
    shown = Compared({evil: compare(read((evil, evil, C)), read((evil, evil + "2", V)))})
    assert "\x1b" not in text(shown)
    assert "\n::error::" not in text(shown)
    assert "<script" not in page(shown)
    assert "\x1b" not in page(shown)


def test_last_line_sums_up() -> None:
    """For whoever reads only that."""
    shown = text(Compared({"blade-7": compare(read(("e", "1", C)), read(("e", "2", V)))}))
    assert shown.splitlines()[-1] == (
        "WORSE: blade-7: CERTIFIED -> NOT CERTIFIED; rules: 1 worse, 0 better, 0 read otherwise; "
        "the same rule set"
    )
