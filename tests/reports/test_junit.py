"""What a CI reads of a certification."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from junitparser import Error, Failure, JUnitXml, Skipped
from lxml import etree

from tests.support.certifications import certification, finding, result, rule
from vmfex.checks.model.fact import Evidence
from vmfex.checks.result.certification import Certification, Decision, RuleResult
from vmfex.checks.result.rule import Severity
from vmfex.checks.result.verdict import Verdict
from vmfex.reports.junit import combine, render, without_record

# The shape that the common readers agree on. It lets nothing through that Jenkins' schema refuses
# (junit-10.xsd of jenkinsci/xunit-plugin 3.1.6): a testcase has neither properties nor a status.
SHAPE = etree.XMLSchema(
    etree.fromstring("""
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:attributeGroup name="counts">
    <xs:attribute name="tests" type="xs:nonNegativeInteger" use="required"/>
    <xs:attribute name="failures" type="xs:nonNegativeInteger" use="required"/>
    <xs:attribute name="errors" type="xs:nonNegativeInteger" use="required"/>
    <xs:attribute name="time" type="xs:decimal" use="required"/>
    <xs:attribute name="name" type="xs:string" use="required"/>
  </xs:attributeGroup>
  <xs:element name="properties"><xs:complexType><xs:sequence>
    <xs:element name="property" maxOccurs="unbounded"><xs:complexType>
      <xs:attribute name="name" type="xs:token" use="required"/>
      <xs:attribute name="value" type="xs:string" use="required"/>
    </xs:complexType></xs:element>
  </xs:sequence></xs:complexType></xs:element>
  <xs:complexType name="result"><xs:simpleContent><xs:extension base="xs:string">
    <xs:attribute name="message" type="xs:string" use="required"/>
    <xs:attribute name="type" type="xs:string"/>
  </xs:extension></xs:simpleContent></xs:complexType>
  <xs:element name="testsuites"><xs:complexType><xs:sequence>
    <xs:element name="testsuite" maxOccurs="unbounded"><xs:complexType><xs:sequence>
      <xs:element ref="properties"/>
      <xs:element name="testcase" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
        <xs:sequence>
          <xs:choice minOccurs="0">
            <xs:element name="failure" type="result"/>
            <xs:element name="error" type="result"/>
            <xs:element name="skipped" type="result"/>
          </xs:choice>
          <xs:element name="system-out" type="xs:string" minOccurs="0"/>
        </xs:sequence>
        <xs:attribute name="classname" type="xs:string" use="required"/>
        <xs:attribute name="name" type="xs:string" use="required"/>
        <xs:attribute name="time" type="xs:decimal" use="required"/>
      </xs:complexType></xs:element>
    </xs:sequence>
      <xs:attributeGroup ref="counts"/>
      <xs:attribute name="skipped" type="xs:nonNegativeInteger" use="required"/>
      <xs:attribute name="hostname" type="xs:string" use="required"/>
      <xs:attribute name="timestamp" type="xs:dateTime" use="required"/>
    </xs:complexType></xs:element>
  </xs:sequence><xs:attributeGroup ref="counts"/></xs:complexType></xs:element>
</xs:schema>""")
)


def _parsed(of: Certification) -> etree._Element:
    root = etree.fromstring(render(of).encode())
    SHAPE.assertValid(root)
    return root


def _only(of: Certification) -> tuple[etree._Element, dict[str, str]]:
    """The only testcase, and what the first lines of its output say."""
    case = next(_parsed(of).iter("testcase"))
    lines = str(case.findtext("system-out")).splitlines()[:5]
    return case, dict(line.split(": ", 1) for line in lines)


def test_the_whole_document() -> None:
    """One compliant rule on a certified host: the document, to the letter."""
    assert (
        render(certification(result(), out_of_scope=("infra-1",)))
        == """\
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="vmfex" tests="1" failures="0" errors="0" time="2.500">
  <testsuite name="vmfex reference" hostname="reference" tests="1" failures="0" errors="0" \
time="2.500" skipped="0" timestamp="2026-03-01T10:00:00">
    <properties>
      <property name="decision" value="CERTIFIED" />
      <property name="judged" value="SR-IOV VF passthrough (4)" />
      <property name="host" value="reference" />
      <property name="constructed" value="yes" />
      <property name="strict" value="no" />
      <property name="guide_only" value="no" />
      <property name="tool" value="vmfex 0.1.0" />
      <property name="ruleset" value="5f2b9d" />
      <property name="started" value="2026-03-01T10:00:00Z" />
      <property name="finished" value="2026-03-01T10:00:02.500000Z" />
      <property name="counts" value="1 compliant" />
      <property name="out_of_scope 1" value="infra-1" />
    </properties>
    <testcase classname="reference.host" name="HST-01 The host runs Red Hat Enterprise Linux 6.1 \
or later" time="0">
      <system-out>verdict: compliant
severity: blocker
derived: no
decides: yes
source: KVM Components, Hypervisor</system-out>
    </testcase>
  </testsuite>
</testsuites>
"""
    )


@pytest.mark.parametrize(
    ("verdict", "tag", "message"),
    [
        (Verdict.VIOLATED, "failure", "the operating system: RHEL 7.9"),
        (Verdict.UNDETERMINED, "error", "the operating system: RHEL 7.9"),
        (Verdict.WAIVED, "skipped", "waived: the operating system: RHEL 7.9"),
        (Verdict.NOT_APPLICABLE, "skipped", "not applicable: the operating system: RHEL 7.9"),
    ],
)
def test_each_verdict_has_its_own_outcome(verdict: Verdict, tag: str, message: str) -> None:
    """Violated fails, undetermined errs, waived and not applicable are skips that say which."""
    case, properties = _only(certification(result(verdict)))
    outcome = [child for child in case if child.tag in ("failure", "error", "skipped")]
    assert [(child.tag, child.get("message")) for child in outcome] == [(tag, message)]
    assert properties["verdict"] == verdict


def test_a_failure_shows_what_was_read_from_where_and_what_to_do() -> None:
    """The body has the findings and the remedy."""
    case, _ = _only(certification(result(Verdict.VIOLATED)))
    assert case.findtext("failure") == (
        "the operating system: violated\n"
        "  read: RHEL 7.9\n"
        "  from: etc/redhat-release\n"
        "  wanted: RHEL 6.1 or later\n"
        "remedy: Install a supported release."
    )


@pytest.mark.parametrize("verdict", [Verdict.VIOLATED, Verdict.UNDETERMINED])
@pytest.mark.parametrize(
    ("severity", "derived"), [(Severity.NORMAL, True), (Severity.MINOR, False)]
)
def test_advice_does_not_turn_a_certificate_red(
    verdict: Verdict, severity: Severity, derived: bool
) -> None:
    """It is no failure, it does not look like a pass, and the findings are there to read."""
    advice = result(verdict, "FAB-05", severity, derived=derived)
    root = _parsed(certification(advice, result()))
    assert (root.get("failures"), root.get("errors")) == ("0", "0")
    case, properties = _only(certification(advice, result()))
    skipped = case.find("skipped")
    assert skipped is not None
    assert str(skipped.get("message")).startswith(f"{verdict}, decides nothing (advice): ")
    assert f"the operating system: {verdict}" in str(case.findtext("system-out"))
    assert properties["decides"] == "no"


def test_in_a_strict_run_a_derived_rule_fails() -> None:
    """The user asked for it."""
    derived = result(Verdict.VIOLATED, "SRV-06", Severity.CRITICAL, derived=True)
    assert _parsed(certification(derived, strict=True)).get("failures") == "1"


def test_rules_that_were_not_run_are_there_and_the_suite_is_not_green() -> None:
    """No rule is dropped in silence, and a partial run passes nowhere for a certificate."""
    root = _parsed(certification(result(), not_run=("VIC-01",)))
    cases = {str(c.get("name")): [child.tag for child in c] for c in root.iter("testcase")}
    assert cases["VIC-01"] == ["skipped"]
    assert cases["decision"] == ["error"]
    assert (root.get("tests"), root.get("errors")) == ("3", "1")


def test_characters_that_xml_cannot_carry_are_shown_as_escapes() -> None:
    """NUL, escape sequences, surrogates and noncharacters leave the document well-formed."""
    hostile = "a\x00b\x1b[2J\ud800\ufffe\r]]>&<"
    bad = RuleResult(
        rule(), (finding(Verdict.VIOLATED, hostile, hostile, hostile, (Evidence(hostile, ""),)),)
    )
    case, _ = _only(certification(bad, host=hostile))
    assert r"read: a\x00b\x1b[2J\ud800\ufffe\r]]>&<" in str(case.findtext("failure"))


_RESULT = st.builds(
    result,
    st.sampled_from(Verdict),
    st.integers(1, 99).map(lambda n: f"TST-{n:02}"),
    st.sampled_from(Severity),
    derived=st.booleans(),
    area=st.sampled_from(["host", "sriov"]),
)


@given(
    st.lists(_RESULT, max_size=5, unique_by=lambda r: r.rule.id),
    st.booleans(),
    st.sampled_from([{}, {"MacVTap direct": 1}]),
    st.sampled_from([(), ("VIC-01",)]),
)
def test_the_suite_is_red_exactly_where_the_host_is_not_certified(
    results: list[RuleResult],
    strict: bool,
    topologies: dict[str, int],
    not_run: tuple[str, ...],
) -> None:
    """A CI that reads this file comes to the decision of the exit status; the counts hold."""
    of = certification(*results, strict=strict, topologies=topologies, not_run=not_run)
    root = _parsed(of)
    suite = root[0]
    red = int(str(root.get("failures"))) + int(str(root.get("errors")))
    assert bool(red) is (of.decision in (Decision.INCOMPLETE, Decision.NOT_CERTIFIED))
    tags = {"tests": "testcase", "failures": "failure", "errors": "error", "skipped": "skipped"}
    for count, tag in tags.items():
        assert suite.get(count) == str(len(list(suite.iter(tag))))


@given(st.text(), st.text())
def test_any_text_gives_a_well_formed_document(subject: str, observed: str) -> None:
    """Whatever a host says, a CI can parse the file."""
    _parsed(certification(RuleResult(rule(), (finding(Verdict.UNDETERMINED, subject, observed),))))


def test_hosts_do_not_hide_each_other() -> None:
    """Of three hosts in one file every case has a key of its own, and the counts add up. Viewers
    key a case by suite, class and name."""
    violated = [certification(result(Verdict.VIOLATED), host=f"blade-{n}") for n in (1, 2)]
    documents = [render(of) for of in (*violated, certification(result(), host="blade-3"))]
    root = etree.fromstring(combined(documents))
    SHAPE.assertValid(root)
    suites = list(root)
    keys = {
        (suite.get("name"), case.get("classname"), case.get("name"))
        for suite in suites
        for case in suite.iter("testcase")
    }
    assert len(keys) == 3
    assert (root.get("tests"), root.get("failures")) == ("3", "2")


def combined(documents: list[str]) -> bytes:
    """The one document of these."""
    return "".join(combine(lambda: documents)).encode()


def test_a_host_s_name_cannot_end_the_document() -> None:
    """Nor take another's counts: whatever stands in it is text."""
    evil = '></testsuites><testsuites tests="9'
    documents = [render(certification(result(), host=evil)), render(certification(result()))]
    root = etree.fromstring(combined(documents))
    SHAPE.assertValid(root)
    assert len(root) == 2
    assert root[0].get("hostname") == evil
    assert root.get("tests") == "2"


def test_two_hosts_that_call_themselves_alike_are_told_apart() -> None:
    """By what the user called them."""
    documents = [render(certification(result()), host=f"reference ({n})") for n in ("a", "b")]
    root = etree.fromstring(combined(documents))
    assert [s.get("name") for s in root] == ["vmfex reference (a)", "vmfex reference (b)"]


def test_another_reader_counts_what_is_told() -> None:
    """junitparser, of one host and of three in one file: each verdict is the outcome that it should
    be, and the counts are those of the cases."""
    verdicts = [v for v in Verdict if v is not Verdict.WAIVED]
    hosts = [
        certification(*(result(v, f"TST-{n:02}") for n, v in enumerate(verdicts, start=1)), host=h)
        for h in ("blade-1", "blade-2", "blade-3")
    ]
    outcomes = {
        Verdict.COMPLIANT: [],
        Verdict.VIOLATED: [Failure],
        Verdict.UNDETERMINED: [Error],
        Verdict.NOT_APPLICABLE: [Skipped],
    }
    for number in (1, 3):
        documents = [render(of) for of in hosts[:number]]
        read = JUnitXml.fromstring(combined(documents))
        stated = (read.tests, read.failures, read.errors)
        assert stated == (4 * number, number, number)
        assert [suite.hostname for suite in read] == [of.host for of in hosts[:number]]
        for suite in read:
            told = [[type(outcome) for outcome in case.result] for case in suite]
            assert told == [outcomes[verdict] for verdict in verdicts]
            assert suite.skipped == 1


def test_who_waived_it_is_told() -> None:
    """And who did until it ended."""
    case, _ = _only(certification(result(Verdict.WAIVED)))
    said = "  waiver of change board until 2026-06-01T00:00:00+00:00: replaced in May"
    assert said in str(case.findtext("system-out")).splitlines()
    ended = RuleResult(rule(), (replace(finding(Verdict.VIOLATED), accepted=0),))
    case, _ = _only(certification(ended))
    assert said.replace(": r", ", which has ended: r") in str(case.findtext("failure")).splitlines()


STARTED = "2026-03-01T12:00:00Z"


def test_a_host_without_a_record_is_an_error() -> None:
    """It is missing in no count: whoever reads the file sees that the host was not certified."""
    text = without_record("blade-7\n::error::x", "the reports cannot be written", STARTED)
    [suite] = JUnitXml.fromstring(text.encode())
    [case] = suite
    [error] = case.result
    assert isinstance(error, Error)
    assert (suite.tests, suite.errors, suite.failures) == (1, 1, 0)
    assert error.message == "the reports cannot be written"
    assert "\n::error" not in text
    root = etree.fromstring(text.encode())
    assert SHAPE.validate(root), SHAPE.error_log
