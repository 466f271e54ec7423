"""A waiver, an expired one and an objection in a plan: they are in every file of the run."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.support.sessions import certify
from vmfex.cli import cli
from vmfex.reports.loading import load

SRV_03 = "{{rule: SRV-03, justification: replaced in May, owner: server team, approved_by: {}, "
VIEWS = ("text", "junit", "certificate", "pdf")


def _waiver(by: str, expires: str) -> str:
    return f"waivers:\n- {SRV_03.format(by)}expires: {expires}}}\n"


OBJECTION = "objections:\n- {rule: SRV-03, reason: measured wrongly, by: a board, at: %s}\n"


@pytest.mark.parametrize(
    ("file", "decision", "why"),
    [
        (_waiver("a board", "2999-01-01T00:00:00Z"), "CERTIFIED WITH WAIVERS", "replaced in May"),
        (_waiver("a board", "2020-01-01T00:00:00Z"), "NOT CERTIFIED", "replaced in May"),
        (OBJECTION % "2026-01-01T00:00:00Z", "NOT CERTIFIED", "measured wrongly"),
    ],
)
def test_who_said_what_is_in_every_file(file: str, decision: str, why: str, tmp_path: Path) -> None:
    """And each view of the record can be made again."""
    given, out = tmp_path / "plan.yaml", tmp_path / "out"
    given.write_text(file, encoding="utf-8")
    done = certify(out, "rhel65-libvirt010", plan=given)
    assert done.status == (0 if decision.startswith("CERTIFIED") else 1), done.stderr
    assert load(out / "certification.json").decision == decision
    told = {
        name: (out / name).read_text("utf-8")
        for name in ("certification.json", "junit.xml", "certificate.html")
    }
    for text in (done.stdout, *told.values()):
        assert "a board" in text
        assert why in text
    allure = (out / "allure-results/environment.properties").read_text("utf-8")
    assert "a board" in allure
    for view in VIEWS:
        words = ["report", view, str(out), "--output", str(tmp_path / view)]
        made = CliRunner().invoke(cli, words)
        assert (made.exit_code, made.output) == (0, "")
