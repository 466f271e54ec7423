"""What a person reads of a certification."""

import io
import unicodedata
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.certifications import WAIVER, certification, finding, result, rule
from vmfex.checks.model.fact import Evidence
from vmfex.checks.result.acceptance import Kind
from vmfex.checks.result.certification import Certification, RuleResult
from vmfex.checks.result.reading import Reading
from vmfex.checks.result.rule import Severity
from vmfex.checks.result.verdict import Verdict
from vmfex.reports.text import render, wants_colour

VIOLATION = RuleResult(
    rule("VIC-02", area="adapter", title="Each VIC is one of the listed models"),
    (
        finding(subject="adapter 0000:0a:00.0"),
        finding(
            Verdict.VIOLATED,
            "adapter 0000:06:00.0",
            "VIC M81KR (1137:004f)",
            "VIC 1240, 1280, 1225 or another of the fourteen listed models of the guide",
            (Evidence("sys/bus/pci/devices/0000:06:00.0/subsystem_device", "0x004f\n"),),
        ),
        finding(Verdict.UNDETERMINED, "adapter 0000:0e:00.0", "permission denied", "a model"),
    ),
)


def test_the_whole_page() -> None:
    """Head, a line a rule, then what to do: the findings that matter with their places and the
    remedy; the decision last."""
    of = certification(result(), VIOLATION, not_run=("FAB-01",), out_of_scope=("infra-1",))
    assert render(of, width=78, report="certification/certification.json") == (
        """\
host:    reference (constructed: no real host gave this evidence)
judged:  for SR-IOV VF passthrough (4)
when:    2026-03-01 10:00 UTC
by:      vmfex 0.1.0, rule set 5f2b9d

HST-01  compliant       The host runs Red Hat Enterprise Linux 6.1 or later
VIC-02  violated        Each VIC is one of the listed models

What to do:

1.  violated VIC-02
    adapter 0000:06:00.0
      read:    VIC M81KR (1137:004f)
      from:    sys/bus/pci/devices/0000:06:00.0/subsystem_device
      wanted:  VIC 1240, 1280, 1225 or another of the fourteen listed models
               of the guide
    adapter 0000:0e:00.0 (undetermined)
      unread:  permission denied
      from:    etc/redhat-release
      wanted:  a model
    do:      Install a supported release.

not run: FAB-01

Out of scope by the plan, and not judged:
        infra-1

NOT CERTIFIED for SR-IOV VF passthrough: reference: 1 violated, 1 compliant, 1 not run; \
report: certification/certification.json
"""
    )


def test_quiet_is_the_last_line_alone() -> None:
    """A script gets the decision and nothing else."""
    assert render(certification(result()), quiet=True) == (
        "CERTIFIED for SR-IOV VF passthrough: reference: 1 compliant\n"
    )


def test_the_last_line_says_when_no_topology_was_judged() -> None:
    """Where its VMs could not be read, a host is judged for nothing in particular."""
    of = certification(
        result(), result(Verdict.UNDETERMINED, "FAB-01", area="fabric"), topologies={}
    )
    assert render(of).splitlines()[-1] == (
        "INCOMPLETE (no topology was judged): reference: 1 undetermined, 1 compliant"
    )


def test_verbose_shows_why_a_rule_is_compliant_or_not_applicable() -> None:
    """Observed, wanted and place on passes too."""
    of = certification(result(Verdict.NOT_APPLICABLE))
    assert "read:" not in render(of)
    shown = render(of, verbose=True)
    assert "  read:    RHEL 7.9\n          from:    etc/redhat-release\n" in shown
    assert "do:" not in shown


def test_advice_is_marked_and_told_apart_in_the_counts() -> None:
    """A violated derived rule next to a certificate: the reader sees why both are true."""
    advice = result(Verdict.VIOLATED, "FAB-05", Severity.NORMAL, derived=True, area="fabric")
    lines = render(certification(result(), advice)).splitlines()
    assert lines[6].startswith("FAB-05  violated        The host runs")
    assert "[advice]" in " ".join(lines[6:8])
    assert "1.  violated FAB-05 [advice]" in lines
    assert lines[-1].endswith("CERTIFIED for SR-IOV VF passthrough: reference: "
                              "1 violated (not deciding), 1 compliant")  # fmt: skip


def test_in_a_strict_run_a_derived_rule_is_no_advice() -> None:
    """It counts, and the head says that the run is strict."""
    derived = result(Verdict.VIOLATED, "FAB-05", Severity.NORMAL, derived=True)
    shown = render(certification(derived, strict=True))
    assert "[advice]" not in shown
    assert "strict:  every derived rule counts for the decision\n" in shown
    assert "\nNOT CERTIFIED for" in shown


def test_in_a_run_of_the_guide_only_a_derived_rule_decides_nothing() -> None:
    """However serious: and the head says what does not count."""
    derived = result(Verdict.VIOLATED, "SRV-06", Severity.CRITICAL, derived=True)
    shown = render(certification(result(), derived, guide_only=True))
    assert "[not in the guide]" in " ".join(shown.split())
    assert "guide:   its own rules alone: " in shown
    assert "\nCERTIFIED for" in shown


def test_a_waived_rule_shows_its_findings_and_its_remedy() -> None:
    """Waived is never hidden: who did, until when, why, and who has to mend it."""
    shown = render(certification(result(Verdict.WAIVED)))
    assert "HST-01  waived" in shown
    assert "Accepted or objected to:\n    HST-01 waived: the operating system\n" in shown
    assert "      read:    RHEL 7.9\n" in shown
    words = " ".join(shown.split())
    assert "waived: by change board, until 2026-06-01T00:00:00+00:00, to be mended by" in words
    assert "why: replaced in May" in words
    assert "do: Install a supported release." in words
    assert "What to do" not in shown
    assert shown.splitlines()[-1].startswith("CERTIFIED WITH WAIVERS for")


def test_a_rule_without_a_finding_is_explained() -> None:
    """A rule that judged nothing is undetermined, and the page says why."""
    shown = render(certification(RuleResult(rule(), ())))
    assert "HST-01  undetermined" in shown
    assert "no finding: nothing was judged, which is never a pass" in shown


def test_a_finding_of_many_places_and_much_text_is_shortened() -> None:
    """The page stays readable; the record has the rest."""
    evidence = tuple(Evidence(f"sys/{n}", "") for n in (*range(9), 8))
    shown = render(
        certification(
            RuleResult(rule(), (finding(Verdict.VIOLATED, observed="x" * 700, evidence=evidence),))
        )
    )
    assert f"{'x' * 600} ... (100 more" in " ".join(shown.split())
    assert "sys/5, 3 more in the record" in " ".join(shown.split())


def test_a_long_remedy_is_never_shortened() -> None:
    """What to do is shown to its last word, its line breaks kept."""
    long = rule()
    words = " ".join(["step"] * 300)
    changed = RuleResult(
        type(long)(**{f: getattr(long, f) for f in long.__slots__} | {"remedy": f"{words}\nend"}),
        (finding(Verdict.VIOLATED),),
    )
    lines = render(certification(changed)).splitlines()
    assert sum(line.split().count("step") for line in lines) == 300
    assert f"{' ' * 13}end" in lines


def test_colour_is_on_the_verdict_and_the_decision_only() -> None:
    """The colours are an addition: without them the page is the same."""
    of = certification(result(Verdict.VIOLATED))
    coloured = render(of, colour=True)
    assert "\x1b[31mviolated      \x1b[0m" in coloured
    assert "\n\x1b[1;31mNOT CERTIFIED\x1b[0m for" in coloured
    plain = coloured
    for code in ("31", "1;31", "0"):
        plain = plain.replace(f"\x1b[{code}m", "")
    assert plain == render(of)


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "environment", "expected"),
    [
        (_Terminal(), {}, True),
        (_Terminal(), {"NO_COLOR": "1"}, False),
        (_Terminal(), {"NO_COLOR": ""}, True),
        (_Terminal(), {"TERM": "dumb"}, False),
        (io.StringIO(), {}, False),
    ],
)
def test_colour_is_for_a_terminal_whose_user_wants_it(
    stream: io.StringIO, environment: Mapping[str, str], expected: bool
) -> None:
    """Pipes, dumb terminals and NO_COLOR get plain text."""
    assert wants_colour(stream, environment) is expected


def test_a_hostile_name_cannot_forge_a_line() -> None:
    """A line feed in a VM's name starts no line of its own; escapes are shown, not obeyed."""
    hostile = "vm\nCERTIFIED for all: x\x1b[2J\u202eb\x9b1m\u200b"
    of = certification(
        RuleResult(rule(), (finding(Verdict.VIOLATED, hostile),)), out_of_scope=(hostile,)
    )
    shown = render(of)
    assert not [line for line in shown.splitlines() if line.lstrip().startswith("CERTIFIED")]
    assert r"vm\nCERTIFIED for all: x\x1b[2J\u202eb\x9b1m\u200b" in shown


@given(st.text(), st.text(), st.text(), st.text(), st.integers(1, 200), st.booleans())
def test_no_evidence_can_steer_the_terminal(
    host: str, subject: str, observed: str, where: str, width: int, verbose: bool
) -> None:
    """Whatever a host says, each line is printable, and the decision is on the last one alone."""
    bad = finding(Verdict.VIOLATED, subject, observed, observed, (Evidence(where, observed),))
    of: Certification = certification(RuleResult(rule(), (bad,)), host=host, out_of_scope=(host,))
    lines = render(of, width=width, verbose=verbose, report=where).split("\n")
    assert lines.pop() == ""
    assert all(line.isprintable() for line in lines)
    assert [n for n, line in enumerate(lines) if line.startswith("NOT CERTIFIED")] == [
        len(lines) - 1
    ]


@given(
    st.lists(st.text("ab ", min_size=1, max_size=12), max_size=60),
    st.integers(20, 160),
    st.sampled_from([Verdict.VIOLATED, Verdict.UNDETERMINED, Verdict.WAIVED]),
    st.booleans(),
)
def test_lines_stay_within_the_width(
    words: list[str], width: int, verdict: Verdict, verbose: bool
) -> None:
    """At any width from 20 columns on; a longer word stands alone, for paths and commands can be
    copied. The last line alone is never wrapped."""
    bad = RuleResult(rule(), (finding(verdict, observed=" ".join(words)),))
    none = result(Verdict.NOT_APPLICABLE, "HST-02")
    of = certification(bad, none, not_run=("VIC-01",), out_of_scope=("infra-1",), notes=("a b",))
    lines = render(of, width=width, verbose=verbose).splitlines()
    wide = [line for line in lines[:-1] if len(line) > width]
    assert not [line for line in wide if len(line.split()) > 1]


def test_colours_on_a_narrow_terminal() -> None:
    """A verdict is painted where it stands, and nothing else is."""
    shown = render(certification(result(Verdict.VIOLATED)), width=20, colour=True)
    assert "HST-01 \x1b[31mviolated\x1b[0m\n" in shown
    assert "1. \x1b[31mviolated\x1b[0m\n" in shown


def test_escapes_cover_what_unicode_calls_control_and_format() -> None:
    """Each character of the categories C and Z but the space is shown as an escape."""
    unsafe = [
        chr(n) for n in range(0x3000) if unicodedata.category(chr(n))[0] in "CZ" and chr(n) != " "
    ]
    shown = render(certification(RuleResult(rule(), (finding(Verdict.VIOLATED, "".join(unsafe)),))))
    assert not set(unsafe) & set(shown) - {"\n"}


def test_one_cause_is_told_once() -> None:
    """What rules could not read for one reason is one thing to do, with the rules and the remedy;
    what a rule says of its own beside it stays."""
    down = "libvirt did not answer (refused)"
    unread = finding(Verdict.UNDETERMINED, observed=down, remedy="Start libvirtd.")
    more = replace(unread, subject="domain web01", observed=f"its state is not known: {down}")
    ids = ("HST-04", "PRF-01", "TOP-01")
    of = certification(
        *(RuleResult(rule(id_), (unread,)) for id_ in ids),
        RuleResult(rule("TOP-05"), (more,)),
        result(),
    )
    for page in (render(of), render(of, verbose=True)):
        assert page.count(down) == 1
        assert page.count("Start libvirtd.") == 1
    assert (
        render(of).partition("What to do:\n\n")[2]
        == """\
1.  undetermined HST-04, PRF-01, TOP-01, TOP-05
    unread:  libvirt did not answer (refused)
    so:      its state is not known
    from:    etc/redhat-release
    do:      Start libvirtd.

INCOMPLETE for SR-IOV VF passthrough: reference: 4 undetermined, 1 compliant
"""
    )


def test_findings_share_what_they_have_in_common() -> None:
    """What two findings of a rule want, and the remedy of both, are told once below them."""
    both = [
        finding(Verdict.VIOLATED, subject, "down", "up", remedy="ip link set eth0 up")
        for subject in ("VF 1", "VF 2")
    ]
    shown = render(certification(RuleResult(rule("SRV-06"), tuple(both))))
    assert shown.count(" wanted: ") == shown.count(" do: ") == 1
    assert "    wanted:  up\n    do:      ip link set eth0 up\n" in shown


def test_unread_part_of_a_violated_rule_points_to_its_cause() -> None:
    """The reason is told where it has its place among what is to be done."""
    unread = finding(Verdict.UNDETERMINED, "VF 2", "permission denied", remedy="Be root.")
    mixed = RuleResult(rule("SRV-06"), (finding(Verdict.VIOLATED, "VF 1"), unread))
    shown = render(certification(mixed, RuleResult(rule("SRV-07"), (unread,))))
    assert "    VF 2 (undetermined)\n      unread:  for the reason of 2\n" in shown
    assert shown.count("permission denied") == shown.count("Be root.") == 1


def test_quiet_names_rules_and_cause() -> None:
    """In its one line: what decides against the host, and the first cause; no advice."""
    advice = result(Verdict.VIOLATED, "FAB-05", Severity.NORMAL, derived=True)
    of = certification(advice, VIOLATION, result(Verdict.UNDETERMINED, "HST-02"))
    assert render(of, quiet=True, report="out") == (
        "NOT CERTIFIED for SR-IOV VF passthrough: reference: "
        "2 violated (1 not deciding), 1 undetermined; violated: VIC-02; undetermined: HST-02; "
        "cause: adapter 0000:06:00.0: VIC M81KR (1137:004f); report: out\n"
    )
    assert "violated: VIC-02" not in render(of)
    assert "cause" not in render(certification(result(), advice), quiet=True)


READINGS = (
    Reading("host", "from a capture", "2026-02-01T10:00:00+00:00"),
    Reading("UCS Manager", "at https://ucs", "2026-03-01T09:59:00+00:00"),
    Reading("guest web01", "from a capture"),
)


def test_times_of_the_evidence() -> None:
    """When and how each piece was read; what is older than a day is marked, and its age is also in
    the last line; what tells no time says so."""
    lines = render(replace(certification(result()), readings=READINGS)).splitlines()
    assert [" ".join(line.split()) for line in lines if line.startswith("read:")] == [
        "read: ! host, from a capture, 2026-02-01 10:00 UTC, 28 days before this",
        "read: UCS Manager, at https://ucs, 2026-03-01 09:59 UTC",
        "read: ! guest web01, from a capture, the evidence does not tell when",
    ]
    assert lines[-1].endswith("; old evidence: 28 days before it was judged")
    fresh = replace(certification(result()), readings=READINGS[1:])
    assert "old evidence" not in render(fresh)


def test_expired_waiver_and_objection() -> None:
    """A waiver that has ended stands with the violation; an objection also where all complies."""
    ended = replace(finding(Verdict.VIOLATED), accepted=0)
    doubted = replace(finding(), accepted=1)
    objection = replace(WAIVER, kind=Kind.OBJECTION, text="it is RHEL 6", by="Jo", expires=None)
    of = certification(RuleResult(rule(), (ended,)), RuleResult(rule("HST-02"), (doubted,)))
    shown = " ".join(render(replace(of, accepted=(WAIVER, objection))).split())
    assert "which has ended: it counts no more why: replaced in May wanted:" in shown
    assert "HST-02 compliant: the operating system read: RHEL 7.9" in shown
    assert "objects: by Jo," in shown
    assert "which changes no verdict why: it is RHEL 6" in shown
