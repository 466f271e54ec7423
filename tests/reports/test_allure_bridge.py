"""Allure's results: one a scenario, with steps, evidence, labels, and an identity that lasts."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.support.runs import VIEWS
from tests.support.sessions import ROOT, Run, certify, copy_of_features, edit, message, plain
from vmfex.checks.model.fact import Evidence
from vmfex.checks.result.acceptance import Acceptance, Kind
from vmfex.checks.result.certification import RuleResult
from vmfex.checks.result.reading import Reading
from vmfex.checks.result.rule import Severity
from vmfex.checks.result.verdict import Finding, Verdict
from vmfex.engine.catalogue import rules, scenarios
from vmfex.reports.allure.content import named, said
from vmfex.reports.allure.environment import environment
from vmfex.reports.loading import load
from vmfex.reports.view import why_aside

HOSTILE = "<script>alert(1)</script>&\x00\x1b[31m\udcff\ud800\u202e\U0001f525\r\n]]>"


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A certified host."""
    return certify(tmp_path_factory.mktemp("reference") / "out")


@pytest.fixture(scope="module")
def m81kr(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A host of which one rule is violated."""
    return certify(tmp_path_factory.mktemp("m81kr") / "out", "m81kr")


def labels(result: dict[str, Any], name: str) -> list[str]:
    return [label["value"] for label in result["labels"] if label["name"] == name]


def attachments(result: dict[str, Any]) -> list[dict[str, str]]:
    return [a for step in result["steps"] for a in step.get("attachments", [])]


def test_one_file_a_scenario_and_no_other(reference: Run) -> None:
    """As many results as the features have scenarios; no containers, nothing half written."""
    names = [path.name for path in (reference.out / "allure-results").iterdir()]
    kinds = {name.split("-")[-1] for name in names}
    assert {kind.partition(".")[0] for kind in kinds} == {"result", "attachment", "environment"}
    count = sum(len(names) for names in scenarios().values())
    assert len([n for n in names if n.endswith("-result.json")]) == count


def test_labels_and_links_of_every_result(reference: Run) -> None:
    """Epic, feature, story, severity, rule and source, once each, as the feature files say."""
    by_id = {rule.id: rule for rule in rules()}
    for result in reference.results:
        rule = by_id[result["fullName"]]
        assert labels(result, "epic") == ["VM-FEX for KVM"]
        assert labels(result, "feature") == [rule.feature]
        assert labels(result, "story") == [rule.title]
        assert labels(result, "severity") == [rule.severity]
        assert labels(result, "rule") == [rule.id]
        assert labels(result, "source") == [rule.source]
        assert labels(result, "host") == ["reference"]
        assert labels(result, "tag") == [rule.id, *(["derived"] if rule.derived else [])]
        assert [link["name"] for link in result["links"]] == [f"{rule.id}: {rule.source}"]


def test_identity_is_rule_and_host_and_nothing_else(
    reference: Run, m81kr: Run, tmp_path: Path
) -> None:
    """Neither the place of the files nor their order, and not what the scenarios are called where
    a rule has one: the same ids; another host has other ones."""

    def identities(run: Run) -> dict[str, set[str]]:
        keys = ("historyId", "testCaseId", "fullName")
        found: dict[str, set[str]] = {}
        for result in run.results:
            identity = json.dumps([*(result[key] for key in keys), result["parameters"]])
            found.setdefault(result["fullName"], set()).add(identity)
        return found

    features = copy_of_features(tmp_path / "elsewhere")
    edit(features, "adapter/vic.feature", "Scenario: Models of the VICs", "Scenario: Renamed")
    (features / "adapter/vic.feature").rename(features / "adapter/a.feature")
    moved = plain(tmp_path / "out", features=features)
    assert identities(moved) == identities(reference)
    assert all(not identities(m81kr)[i] & identities(reference)[i] for i in identities(m81kr))
    histories = [result["historyId"] for result in reference.results]
    assert len(set(histories)) == len(histories)


def test_parameters(reference: Run) -> None:
    """The host, never excluded; the scenario too where a rule has several of them."""
    several = {rule for rule, names in scenarios().items() if len(names) > 1}
    assert several
    for result in reference.results:
        expected = [{"name": "host", "value": "reference"}]
        if result["fullName"] in several:
            rule = result["fullName"]
            [name] = [n for n in scenarios()[rule] if result["name"].endswith(f": {n}")]
            expected.append({"name": "scenario", "value": name})
        assert result["parameters"] == expected


def test_every_name_has_rule_and_statement(m81kr: Run, tmp_path: Path) -> None:
    """And in brackets what its colour does not say, whichever way the rules are run."""
    titles = {rule.id: f"{rule.id} {rule.title}" for rule in rules()}
    for run in (m81kr, plain(tmp_path / "out", "m81kr")):
        assert all(titles[result["fullName"]] in result["name"] for result in run.results)
        assert run.result("VIC-01")["name"] == titles["VIC-01"]
        assert run.result("VIC-02")["name"] == titles["VIC-02"]
        assert run.result("MTD-01")["name"] == f"[not applicable] {titles['MTD-01']}"


@pytest.mark.parametrize(
    ("severity", "derived", "verdict", "strict", "mark", "status"),
    [
        ("blocker", False, Verdict.VIOLATED, False, "", "failed"),
        ("blocker", False, Verdict.UNDETERMINED, False, "[undetermined] ", "broken"),
        ("blocker", False, Verdict.WAIVED, False, "[waived] ", "failed"),
        ("normal", True, Verdict.VIOLATED, False, "[advice: violated] ", "skipped"),
        ("normal", True, Verdict.UNDETERMINED, False, "[advice: undetermined] ", "skipped"),
        ("normal", True, Verdict.WAIVED, False, "[advice: waived] ", "failed"),
        ("normal", True, Verdict.COMPLIANT, False, "[advice] ", "passed"),
        ("normal", True, Verdict.VIOLATED, True, "", "failed"),
        (
            "critical",
            True,
            Verdict.UNDETERMINED,
            False,
            "[not in the guide: undetermined] ",
            "skipped",
        ),
        ("critical", True, Verdict.VIOLATED, False, "", "failed"),
    ],
)
def test_what_decides_nothing_is_neither_red_nor_green(
    severity: str, derived: bool, verdict: Verdict, strict: bool, mark: str, status: str
) -> None:
    """Skipped, as in JUnit, and muted for what reads statuses alone; its name says it."""
    rule = replace(rules()[0], severity=Severity(severity), derived=derived)
    result = RuleResult(rule, (judged(verdict)(),))
    told = said(result, why_aside(result, strict=strict, guide_only=False))
    name = named(rule, "a scenario", True, told.mark)
    assert (name, told.status) == (f"{mark}{rule.id} {rule.title}", status)
    aside = status == "skipped"
    assert ((told.details or {}).get("muted", False)) is aside
    if aside:
        assert told.details is not None
        assert told.details["message"].startswith(f"{verdict.upper()}, decides nothing (")


def test_message_ends_with_what_to_do() -> None:
    """The remedy of each finding that is to blame, once, else the rule's; not those of others."""
    rule = rules()[0]
    bad = judged(Verdict.VIOLATED)()
    findings = [replace(bad, remedy=f"Mend {name}.") for name in ("a", "b", "a")]
    other = replace(judged(Verdict.UNDETERMINED)(), remedy="Look.")
    details = said(RuleResult(rule, (*findings, other)), "").details
    assert details is not None
    assert details["message"].endswith("\ndo: Mend a.\ndo: Mend b.")
    many = [replace(bad, remedy=f"Mend {n}.") for n in range(12)]
    details = said(RuleResult(rule, tuple(many)), "").details
    assert details is not None
    assert details["message"].endswith("\ndo: Mend 9.\ndo: and 2 more, which the findings name")
    details = said(RuleResult(rule, (bad,)), "").details
    assert details is not None
    assert details["message"].endswith(f"\ndo: {rule.remedy}")


def test_every_step_is_there_with_its_own_status(m81kr: Run) -> None:
    """What passed, what failed, and what was never reached."""
    compliant, violated = m81kr.result("VIC-01"), m81kr.result("VIC-02")
    not_applicable = m81kr.result("MTD-01")
    assert [(s["name"], s["status"]) for s in compliant["steps"]] == [
        ("Given the host", "passed"),
        ("Then at least one Cisco VIC is installed", "passed"),
    ]
    assert [s["status"] for s in violated["steps"]] == ["passed", "failed"]
    assert [s["status"] for s in not_applicable["steps"]] == ["skipped", "skipped"]


def test_evidence_is_on_the_step_that_used_it(m81kr: Run) -> None:
    """The limits that the feature gives, the findings, and what they were read from."""
    given, then = m81kr.result("VIC-02")["steps"]
    assert "attachments" not in given
    names = [a["name"] for a in then["attachments"]]
    assert names[:2] == ["table", "findings"]
    assert "/sys/bus/pci/devices/0000:06:00.0" in names
    folder = m81kr.out / "allure-results"
    table, findings = [(folder / a["source"]).read_text() for a in then["attachments"][:2]]
    assert table.startswith("model\n1240\n")
    assert "VIOLATED  VIC M81KR at 0000:03:00.0\n  read: VIC M81KR, " in findings
    assert "\n  wanted: one of the models 1240, " in findings


def test_media_types_of_attachments(reference: Run) -> None:
    """XML and JSON are attached as such, and every file that is named is there."""
    folder = reference.out / "allure-results"
    found = [a for result in reference.results for a in attachments(result)]
    assert {a["type"] for a in found} == {"text/plain", "application/xml", "application/json"}
    for attachment in found:
        extension = {"application/xml": ".xml", "application/json": ".json"}
        expected = extension.get(attachment["type"], ".txt")
        assert attachment["source"].endswith(expected)
        assert (folder / attachment["source"]).is_file()
    # Allure 3 shows a file with the first result that names it, and misses it in the others.
    assert len({a["source"] for a in found}) == len(found)


def test_no_path_of_this_machine_and_no_traceback(
    reference: Run, m81kr: Run, tmp_path: Path
) -> None:
    """Not in results of any verdict: they are handed on."""
    unreadable = certify(tmp_path / "out", "unreadable")
    for run in (reference, m81kr, unreadable):
        for path in (run.out / "allure-results").iterdir():
            text = path.read_text("utf-8")
            assert str(ROOT) not in text
            assert str(tmp_path) not in text
            assert "Traceback" not in text
            assert "site-packages" not in text
        assert not [r for r in run.results if "trace" in r.get("statusDetails", {})]


def test_evidence_of_many_subjects_is_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twenty pieces a step, those of what is wrong first; the places of the others are named."""
    many = [judged(Verdict.COMPLIANT, f"{n}")() for n in range(30)]
    bad = judged(Verdict.VIOLATED, "bad")()
    monkeypatch.setattr("vmfex.checks.rules.adapter.has_vic", lambda *_: [*many, bad])
    run = certify(tmp_path / "out", rules=["VIC-01"])
    names = [attachment["name"] for attachment in attachments(run.result("VIC-01"))]
    assert names[:3] == ["findings", "/etc/bad", "some.xml"]
    assert len(names) == 22
    last = run.out / "allure-results" / attachments(run.result("VIC-01"))[-1]["source"]
    assert last.read_text().splitlines()[-2:] == ["/etc/29", "some.xml"]


def judged(verdict: Verdict, text: str = "what was read") -> Callable[..., Finding]:
    evidence = (Evidence(f"/etc/{text}", text), Evidence("some.xml", text, "application/xml"))
    return lambda *_: Finding(text, verdict, text, text, evidence)


@pytest.mark.parametrize(
    ("verdict", "status", "known", "pytest_status"),
    [
        (Verdict.VIOLATED, "failed", None, 1),
        (Verdict.UNDETERMINED, "broken", None, 6),
        (Verdict.WAIVED, "failed", True, 6),
        (Verdict.COMPLIANT, "passed", None, 6),
        (Verdict.NOT_APPLICABLE, "skipped", None, 6),
    ],
)
def test_verdicts_are_told_apart(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    verdict: Verdict,
    status: str,
    known: bool | None,
    pytest_status: int,
) -> None:
    """Status and the first words of the message; a waived one is Allure's accepted failure."""
    monkeypatch.setattr("vmfex.checks.rules.adapter.has_vic", judged(verdict))
    run = certify(tmp_path / "out", rules=["VIC-01"])
    result = run.result("VIC-01")
    assert run.status == pytest_status
    assert run.verdicts == {"VIC-01": verdict}
    assert (result["status"], result["steps"][1]["status"]) == (status, status)
    if verdict is Verdict.COMPLIANT:
        assert "statusDetails" not in result
    else:
        assert message(result).split("\ndo: ")[0] == (
            f"{verdict.upper()}: what was read: what was read; wanted: what was read"
        )
        assert ("\ndo: " in message(result)) is (
            verdict in (Verdict.VIOLATED, Verdict.UNDETERMINED)
        )
        assert result["statusDetails"].get("known") is known
        assert result["steps"][1]["statusDetails"] == result["statusDetails"]


@pytest.mark.parametrize("verdict", list(Verdict))
def test_hostile_text_breaks_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verdict: Verdict
) -> None:
    """Control characters, lone surrogates, markup in what a host says: escaped, never an error."""
    monkeypatch.setattr("vmfex.checks.rules.adapter.has_vic", judged(verdict, HOSTILE))
    run = certify(tmp_path / "out", rules=["VIC-01"])
    assert run.verdicts == {"VIC-01": verdict}
    result = run.result("VIC-01")
    names = [attachment["name"] for attachment in attachments(result)]
    assert not set("".join([message(result), *names])) & set("\x00\x1b\udcff\ud800\u202e\r")
    bodies = [(run.out / "allure-results" / a["source"]).read_bytes() for a in attachments(result)]
    assert all(body.decode("utf-8") for body in bodies)


def test_error_of_the_program_is_no_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is broken like an undetermined one, says what it is, and here a traceback helps."""

    def err(*_: Any) -> Finding:
        raise ValueError(HOSTILE)

    monkeypatch.setattr("vmfex.checks.rules.adapter.has_vic", err)
    result = certify(tmp_path / "out", rules=["VIC-01"]).result("VIC-01")
    assert result["status"] == "broken"
    assert message(result).startswith("INTERNAL ERROR: ValueError: <script>")
    assert "in err" in result["statusDetails"]["trace"]


def test_environment(reference: Run) -> None:
    """What the run was, as Allure shows it beside the results."""
    text = (reference.out / "allure-results/environment.properties").read_text("ascii")
    values = dict(line.split("=", 1) for line in text.splitlines())
    assert not any(" " in name for name in values)  # a blank would end a name
    assert values["Host"] == "reference"
    assert values["Decision"] == "CERTIFIED"
    assert values["Topologies"].count("SR-IOV") == 2
    assert values["Constructed"] == "True"
    assert values["Ruleset"] == reference.record["tool"]["ruleset"]
    assert values["Judged"] == reference.record["started"]
    assert values["Evidence-read"] == "host, from a recording: nobody knows when"


def test_environment_has_left_out_vms_dates_and_waivers(reference: Run) -> None:
    """What the plan leaves out, when which evidence was read, and who accepted what."""
    certification = load(reference.out / "certification.json")
    [first, *others] = certification.results
    accepted = Acceptance(Kind.WAIVER, first.rule.id, "why", "Ann")
    waived = replace(first.findings[0], verdict=Verdict.WAIVED, accepted=0)
    values = environment(
        replace(
            certification,
            results=(replace(first, findings=(waived, waived)), *others),
            accepted=(accepted,),
            out_of_scope=("old01", "old02"),
            readings=(
                Reading("host", "over SSH", "2026-01-02T03:04:05Z"),
                Reading("guest web01", "from a capture"),
            ),
            lost="it ended early",
        )
    )
    assert values["Left-out"] == "2 by the plan: old01, old02"
    assert values["Accepted"] == f"{first.rule.id}: waiver of Ann"
    assert values["Evidence-lost"] == "it ended early"
    assert values["Evidence-read"] == (
        "host, over SSH: 2026-01-02T03:04:05Z; guest web01, from a capture: nobody knows when"
    )


def test_environment_of_any_name(tmp_path: Path) -> None:
    """Names that are not ASCII are escaped as Java reads them; a line feed adds no line."""
    from vmfex.reports.allure.environment import write_environment

    write_environment(tmp_path, {"Host": "b\\lade\n\u00e9\U0001f525"})
    text = (tmp_path / "environment.properties").read_text("ascii")
    assert text == "Host=b\\u005clade\\u000a\\u00e9\\ud83d\\udd25\n"


def test_own_directory_of_allure(tmp_path: Path) -> None:
    """`--alluredir` of plain pytest is where the results go, with all that they have here."""
    run = plain(tmp_path / "out", "m81kr", f"--alluredir={tmp_path / 'mine'}", "--rule=VIC-02")
    assert run.files == VIEWS
    [path] = (tmp_path / "mine").glob("*-result.json")
    assert json.loads(path.read_text())["fullName"] == "VIC-02"
    assert (tmp_path / "mine/environment.properties").is_file()
