"""Waivers, statements and objections: what each changes, and what none of them does."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.certifications import WAIVER, finding, result, rule
from vmfex.checks.result.acceptance import Acceptance, Acceptances, Kind, fault_of, of_no_host
from vmfex.checks.result.certification import Decision, decide
from vmfex.checks.result.rule import Severity
from vmfex.checks.result.verdict import Finding, Verdict

NOW = datetime(2026, 3, 1, tzinfo=UTC)
CRITICAL = rule("SRV-03", Severity.CRITICAL)
HERE = replace(WAIVER, rule="SRV-03", host="blade-*", subject="PCI function 0000:06:*")
SUBJECT = "PCI function 0000:06:00.0 (eth0)"
STATED = Acceptance(
    Kind.STATEMENT, "HDV-05", "enic is bound", "A. Admin", at="2026-02-01T00:00:00Z"
)


def _applied(
    acceptance: Acceptance, verdict: Verdict, of: str = SUBJECT, host: str = "blade-7"
) -> tuple[Finding, Acceptances]:
    given = Acceptances((acceptance,), host, NOW)
    found = replace(finding(verdict, of), accepted=None)
    return given.applied(rule(acceptance.rule, Severity.CRITICAL), found), given


@pytest.mark.parametrize("verdict", Verdict)
def test_a_waiver_turns_violated_into_waived_and_nothing_else(verdict: Verdict) -> None:
    """Undetermined above all stays undetermined."""
    applied, _ = _applied(HERE, verdict)
    waived = verdict is Verdict.VIOLATED
    assert applied.verdict is (Verdict.WAIVED if waived else verdict)
    assert applied.accepted == (0 if waived else None)


@pytest.mark.parametrize("verdict", Verdict)
def test_a_statement_speaks_for_what_was_not_seen_and_nothing_else(verdict: Verdict) -> None:
    """What was read is not talked away, and somebody's word is never compliant."""
    applied, _ = _applied(STATED, verdict, "domain web01")
    stated = verdict is Verdict.UNDETERMINED
    assert applied.verdict is (Verdict.WAIVED if stated else verdict)
    assert applied.accepted == (0 if stated else None)


@pytest.mark.parametrize(
    ("at", "verdict"),
    [
        ("2026-02-28T23:59:59Z", Verdict.WAIVED),
        ("2026-03-01T00:00:00Z", Verdict.WAIVED),
        ("2026-03-01T01:00:00+01:00", Verdict.WAIVED),  # the same instant
        ("2026-03-01T00:00:01Z", Verdict.UNDETERMINED),
        ("2026-03-01T00:00:00-01:00", Verdict.UNDETERMINED),
        ("2027-02-01T00:00:00Z", Verdict.UNDETERMINED),
    ],
)
def test_what_nobody_can_have_seen_yet_is_not_stated(at: str, verdict: Verdict) -> None:
    """A statement of a day to come speaks for nothing, and says so."""
    applied, given = _applied(replace(STATED, at=at), Verdict.UNDETERMINED, "domain web01")
    assert applied.verdict is verdict
    said = f"the statement of A. Admin on HDV-05 is of {at}, which is to come"
    assert any(note.startswith(said) for note in given.notes()) is (verdict is not Verdict.WAIVED)


@pytest.mark.parametrize("verdict", Verdict)
def test_an_objection_changes_no_verdict(verdict: Verdict) -> None:
    """It is named where it speaks."""
    objection = Acceptance(Kind.OBJECTION, "SRV-03", "measured wrongly", "A. Admin")
    applied, _ = _applied(objection, verdict)
    assert (applied.verdict, applied.accepted) == (verdict, 0)


@pytest.mark.parametrize(
    ("of_rule", "host", "subject"),
    [
        ("SRV-04", "blade-7", SUBJECT),
        ("SRV-03", "web-7", SUBJECT),
        ("SRV-03", "blade-7", "PCI function 0000:07:00.0"),
    ],
)
def test_a_waiver_of_something_else_is_not_needed_here(
    of_rule: str, host: str, subject: str
) -> None:
    """Rule, host and subject have to match. One of another host is not spoken of."""
    given = Acceptances((replace(HERE, rule=of_rule),), host, NOW)
    violated = finding(Verdict.VIOLATED, subject)
    assert given.applied(CRITICAL, violated) == violated
    unneeded = [note for note in given.notes() if "not needed" in note]
    assert len(unneeded) == (0 if host == "web-7" else 1)


@pytest.mark.parametrize("verdicts", [("compliant",), ("compliant", "undetermined")])
def test_a_waiver_of_what_is_not_violated_says_what_it_is(verdicts: tuple[str, ...]) -> None:
    """Its owner sees that the host was mended, not that a pattern is misspelt."""
    given = Acceptances((HERE,), "blade-7", NOW)
    for verdict in verdicts:
        given.applied(CRITICAL, finding(Verdict(verdict), SUBJECT))
    [note] = given.notes()
    assert note.endswith(f"is not needed: what it matches is {' and '.join(verdicts)}")


@pytest.mark.parametrize(
    ("left", "verdict", "said"),
    [
        (timedelta(days=40), Verdict.WAIVED, ""),
        (timedelta(days=29), Verdict.WAIVED, "ends in 29 days"),
        (timedelta(0), Verdict.VIOLATED, "has expired"),
        (timedelta(days=-1), Verdict.VIOLATED, "has expired"),
    ],
)
def test_the_end_of_a_waiver(left: timedelta, verdict: Verdict, said: str) -> None:
    """Its last month is warned of; from the instant of its end on it counts no more."""
    applied, given = _applied(replace(HERE, expires=NOW + left), Verdict.VIOLATED)
    assert applied.verdict is verdict
    assert applied.accepted == 0
    notes = given.notes()
    assert (said in notes[0]) if said else not notes


def test_one_that_holds_counts_before_one_that_has_expired() -> None:
    """Whichever stands first in the file."""
    old = replace(HERE, expires=NOW - timedelta(days=1))
    given = Acceptances((old, HERE), "blade-7", NOW)
    applied = given.applied(CRITICAL, finding(Verdict.VIOLATED, SUBJECT))
    assert (applied.verdict, applied.accepted) == (Verdict.WAIVED, 1)


def test_a_blocker_needs_the_risk_accepted() -> None:
    """It is refused without, and would not hold if it came through."""
    blocker = rule("SRV-03")
    unaccepted = replace(HERE, risk_accepted=False)
    assert "risk_accepted" in fault_of(unaccepted, blocker)
    assert fault_of(HERE, blocker) == ""
    given = Acceptances((unaccepted,), "blade-7", NOW)
    violated = finding(Verdict.VIOLATED, SUBJECT)
    assert given.applied(blocker, violated).verdict is Verdict.VIOLATED


def test_only_what_no_probe_sees_can_be_stated() -> None:
    """Everything else is to be read."""
    assert "read from evidence" in fault_of(replace(STATED, rule="SRV-03"), CRITICAL)
    assert fault_of(STATED, rule("HDV-05", Severity.CRITICAL)) == ""
    assert "no rule" in fault_of(HERE, None)


def test_a_waived_rule_certifies_with_waivers() -> None:
    """And never without."""
    results = [result(Verdict.WAIVED), result(Verdict.COMPLIANT, "HST-02")]
    decision = decide(results, strict=False, guide_only=False, partial=False)
    assert decision is Decision.CERTIFIED_WITH_WAIVERS


def test_of_two_that_match_the_second_is_not_said_to_match_nothing() -> None:
    """One is enough; the file can be made shorter."""
    given = Acceptances((HERE, replace(HERE, by="another board")), "blade-7", NOW)
    assert given.applied(CRITICAL, finding(Verdict.VIOLATED, SUBJECT)).accepted == 0
    [note] = [note for note in given.notes() if "another board" in note]
    assert note.endswith("on SRV-03 is not needed: another speaks of what it matches")


def test_an_objection_to_what_is_waived_is_told() -> None:
    """The finding names its waiver, and the objection is not lost."""
    objection = Acceptance(Kind.OBJECTION, "SRV-03", "measured wrongly", "A. Admin")
    given = Acceptances((objection, HERE), "blade-7", NOW)
    applied = given.applied(CRITICAL, finding(Verdict.VIOLATED, SUBJECT))
    assert (applied.verdict, applied.accepted) == (Verdict.WAIVED, 1)
    assert any("measured wrongly" in note for note in given.notes())


def test_the_last_day_of_a_waiver() -> None:
    """It ends in hours, not in 0 days."""
    ends = replace(HERE, expires=NOW + timedelta(hours=5))
    _, given = _applied(ends, Verdict.VIOLATED)
    assert given.notes()[0].endswith("on SRV-03 ends in 5 hours")


@pytest.mark.parametrize(
    ("patterns", "hosts", "said"),
    [
        ((), ["blade-7"], ""),
        (("blade-*", "*"), ["web-1", "blade-7"], ""),
        (("blaed-*", "*"), ["blade-7"], "for 'blaed-*', fits no host of this run"),
        (("a", "b"), ["blade-7"], "2 waivers, statements or objections fit no host of this run"),
    ],
)
def test_a_pattern_that_fits_no_host_of_the_run_is_said(
    patterns: tuple[str, ...], hosts: list[str], said: str
) -> None:
    """It is misspelt, or the host is not there any more."""
    sentence = of_no_host([replace(HERE, host=pattern) for pattern in patterns], hosts)
    assert said in sentence
    assert bool(said) == bool(sentence)
