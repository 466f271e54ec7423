"""`vmfex lint`: what is printed and written, and the exit status."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.support.sessions import process_environment
from tests.vmfex.lint.xml import direct, domain, hostdev
from vmfex.cli import cli


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a good definition, a bad one, one with advice, and a plan."""
    monkeypatch.chdir(tmp_path)
    Path("good.xml").write_text(domain(direct()))
    Path("bad.xml").write_text(domain(direct(mode="vepa"), name="bad"))
    Path("hostdev.xml").write_text(domain(hostdev(), name="db01"))
    Path("plan.yaml").write_text("live_migration: {domains: [db01]}\n")
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, ["lint", *words])


@pytest.mark.usefixtures("here")
def test_status_and_text() -> None:
    """A violation is 1, at its place, with what to do; no violation is 0 and promises nothing."""
    bad = run("bad.xml")
    assert bad.exit_code == 1
    assert bad.stdout.startswith("bad.xml:4: EMU-01 (critical): domain bad (persistent), ")
    assert "\n    do: " in bad.stdout
    good = run("good.xml")
    assert good.exit_code == 0
    last = good.stdout.splitlines()[-1]
    assert last.startswith("1 domain, 0 networks, 1 VM-FEX interface: no violation in what XML al")
    assert last.endswith("rules need the host too (`vmfex certify`)")


@pytest.mark.usefixtures("here")
def test_the_plan_counts() -> None:
    """A VM in hostdev mode is refused where it must live-migrate; a plan that is none is usage."""
    assert run("hostdev.xml").exit_code == 0
    assert run("hostdev.xml", "--plan", "plan.yaml").exit_code == 1
    wrong = run("hostdev.xml", "--plan", "good.xml")
    assert (wrong.exit_code, wrong.stdout) == (4, "")


@pytest.mark.usefixtures("here")
def test_what_cannot_be_used_is_usage() -> None:
    """One sentence, and no half of a result."""
    Path("pom.xml").write_text("<project/>")
    for words in (
        ["gone.xml"],
        ["good.xml", "pom.xml"],
        [],
        ["good.xml", "--strict", "--guide-only"],
    ):
        done = run(*words)
        assert (done.exit_code, done.stdout) == (4, "")
        assert len(done.stderr.splitlines()) == 1


@pytest.mark.usefixtures("here")
def test_sarif_is_written_beside_the_text() -> None:
    """Whole, with the same status; where it cannot be written, that is said."""
    done = run("bad.xml", "--sarif", "lint.sarif")
    assert (done.exit_code, done.stdout) == (1, run("bad.xml").stdout)
    results = json.loads(Path("lint.sarif").read_text())["runs"][0]["results"]
    assert "EMU-01" in {each["ruleId"] for each in results}
    lost = run("bad.xml", "--sarif", "gone/lint.sarif")
    assert lost.exit_code == 4
    assert "No such file" in lost.stderr


def test_it_needs_no_libvirt(here: Path) -> None:
    """Neither its bindings nor Netlink's are loaded: a laptop has no compiler to build them."""
    program = (
        "import sys; sys.modules['libvirt'] = sys.modules['pyroute2'] = None; "
        "from vmfex.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "lint", "bad.xml"],
        cwd=here,
        env=process_environment({"PATH": os.defpath}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.usefixtures("here")
def test_a_name_without_end_is_cut() -> None:
    """In the text and for code review; what it is called whole stands in the file."""
    Path("long.xml").write_text(domain(direct(mode="vepa"), name="n" * 10_000))
    done = run("long.xml", "--sarif", "lint.sarif")
    assert done.exit_code == 1
    assert max(map(len, done.stdout.splitlines())) < 2_000
    assert "more characters in the file)" in done.stdout
    results = json.loads(Path("lint.sarif").read_text())["runs"][0]["results"]
    assert max(len(each["message"]["text"]) for each in results) < 3_000
