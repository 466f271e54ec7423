"""A filled action plan stands where people read what must be done: text, certificate, PDF."""

import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner
from lxml import etree

from tests.support.certifications import finding, rule
from tests.support.formats import WHOLE, WITH_WAIVERS, host, hostile
from tests.support.needs import program
from vmfex.checks.result.certification import RuleResult
from vmfex.checks.result.verdict import Verdict
from vmfex.cli import cli
from vmfex.reports.actions import actions_of
from vmfex.reports.formats.action_rows import key
from vmfex.reports.formats.assigned import assigned
from vmfex.reports.formats.context import Assignment, Context
from vmfex.reports.record import write

HEAD = "rule,host,subject,owner,due,status\n"
VIC = "VIC-02,reference,the operating system"
PRF = "PRF-04,reference,the operating system"
V = Verdict.VIOLATED


def report(folder: Path, name: str, filled: str, *words: str) -> str:
    """What `vmfex report` makes of a record and a filled plan; a PDF as its text."""
    write(WHOLE, folder / "certification.json")
    (folder / "plan.csv").write_text(filled)
    out = folder / f"out.{name}"
    given = ["--actions", str(folder / "plan.csv"), "--output", str(out), *words]
    done = CliRunner().invoke(cli, ["report", name, str(folder), *given])
    assert done.exit_code == 0, done.output
    if name == "pdf":
        command = [str(program("pdftotext")), "-raw", str(out), "-"]
        return subprocess.run(command, capture_output=True, check=True).stdout.decode()
    return out.read_text("utf-8")


def shown(folder: Path, name: str, filled: str) -> str:
    text = report(folder, name, filled)
    if name == "certificate":
        [body] = etree.HTML(text).findall("body")
        text = " ".join(str(each) for each in body.itertext())
    return " ".join(text.split())


@pytest.mark.parametrize("name", ["text", "certificate", "pdf"])
def test_owner_due_and_status_stand_with_what_must_be_done(name: str, tmp_path: Path) -> None:
    """Of a violation, and of what is open; a day that has passed says so, another does not."""
    filled = f"{HEAD}{VIC},Ann B.,2026-02-28,ordered\n{PRF},Bob,2999-05-01,\n"
    told = shown(tmp_path, name, filled)
    for each in ("Ann B.", "2026-02-28", "ordered", "Bob", "2999-05-01"):
        assert each in told
    assert told.lower().count("overdue") == 1
    late, open_ = told.index("2026-02-28"), told.index("2999-05-01")
    assert late < told.lower().index("overdue") < open_


@pytest.mark.parametrize("name", ["text", "certificate"])
def test_without_a_plan_nothing_is_said_of_owners(name: str, tmp_path: Path) -> None:
    """Nor where nobody filled it in."""
    told = shown(tmp_path, name, HEAD)
    assert "Owner:" not in told
    assert "who:" not in told


@pytest.mark.parametrize(
    ("due", "today", "late"),
    [
        ("2026-02-28", "", True),  # before the host was judged, on 2026-03-01
        ("2026-03-01", "", False),  # the whole of its last day is left
        ("2026-03-01", "2026-03-02", True),
        ("2026-03-02", "2026-03-02", False),
        ("2026-02-28", "2026-02-01", True),  # a clock that is wrong makes nothing less late
        ("", "2026-03-02", False),
    ],
)
def test_overdue(due: str, today: str, late: bool) -> None:
    """From the day after, when the page is made or when the host was judged."""
    wrote = {key("VIC-02", "reference", "the operating system"): Assignment("Ann", due, "")}
    [first, *_] = actions_of(WHOLE)
    [each] = assigned(first, WHOLE, Context(assigned=wrote, today=today))
    assert each.overdue is late


def test_subjects_are_named_where_they_differ() -> None:
    """Two VMs of one rule with two owners, and one that nobody took: who has which."""
    found = tuple(finding(V, f"domain db0{n}") for n in (1, 2, 3, 4))
    of = host(RuleResult(rule(), found))
    [action] = actions_of(of)
    wrote = {key("HST-01", of.host, f"domain db0{n}"): Assignment("Ann") for n in (1, 2)}
    wrote[key("HST-01", of.host, "domain db03")] = Assignment("Bob", "2026-05-01", "ordered")
    told = [each.line for each in assigned(action, of, Context(assigned=wrote))]
    assert told == [
        "owner Ann; of domain db01, domain db02",
        "owner Bob; due 2026-05-01; status: ordered; of domain db03",
    ]
    everyone = dict.fromkeys((key("HST-01", of.host, f.subject) for f in found), Assignment("Ann"))
    [each] = assigned(action, of, Context(assigned=everyone))
    assert each.line == "owner Ann"


@pytest.mark.parametrize("name", ["text", "certificate"])
def test_what_people_write_is_text(name: str, tmp_path: Path) -> None:
    """It steers no terminal and is no markup."""
    evil = "<b>x</b>\x1b[31m##vso[task.x]"
    made = report(tmp_path, name, f"{HEAD}{VIC},{evil},,{evil}\n")
    assert "\x1b[31m" not in made
    assert "##vso[" not in made
    assert "<b>x</b>" not in made or name == "text"


def test_a_hostile_host_finds_its_rows(tmp_path: Path) -> None:
    """Whatever it is called: the keys are those of the plan's cells."""
    of = hostile()
    [first, *_] = actions_of(of)
    place = key(first.ids[0], of.host, first.findings[0].subject)
    assert assigned(first, of, Context(assigned={place: Assignment("Ann")}))


def test_rows_of_other_hosts_are_told_as_such(tmp_path: Path) -> None:
    """The plan of a fleet is of use for one of its hosts: the others' rows are not mended."""
    write(WITH_WAIVERS, tmp_path / "certification.json")
    (tmp_path / "plan.csv").write_text(f"{HEAD}{VIC},Ann,,\n{PRF},Ann,,\n")
    given = ["report", "text", str(tmp_path), "--actions", str(tmp_path / "plan.csv")]
    done = CliRunner().invoke(cli, given)
    assert "2 rows of" in done.stderr
    assert "are of hosts that are not in this report; the first: PRF-04 on reference" in done.stderr
    assert "no action any more" not in done.stderr
