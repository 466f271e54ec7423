"""`vmfex report` and `vmfex schema`: every format from the record alone."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.support.certifications import certification, result
from vmfex.checks.result.verdict import Verdict
from vmfex.cli import cli
from vmfex.engine import plan_file as plan
from vmfex.reports import record as records
from vmfex.reports.junit import render as junit
from vmfex.reports.record import write
from vmfex.reports.text import render as text

OF = certification(result(Verdict.VIOLATED), result(id_="HST-02"))


@pytest.fixture
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A record in a directory `certification` below the current one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "90")
    path = Path("certification/certification.json")
    path.parent.mkdir()
    write(OF, path)
    return path


def _vmfex(*args: str) -> Result:
    return CliRunner().invoke(cli, args)


@pytest.mark.parametrize("name", ["certification", "certification/certification.json"])
def test_a_record_is_named_by_its_file_or_its_directory(record: Path, name: str) -> None:
    """Both show the same report, and the status tells that it was made, not what it says."""
    shown = _vmfex("report", "text", name)
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert shown.stdout == text(OF, width=90, report=str(record))


@pytest.mark.usefixtures("record")
def test_each_format_goes_to_stdout() -> None:
    """JUnit as its own module writes it, JSON as the record stands."""
    assert _vmfex("report", "junit", "certification").stdout == junit(OF)
    assert (
        _vmfex("report", "json", "certification").stdout
        == Path("certification/certification.json").read_text()
    )


def test_quiet_and_verbose_reach_the_text(record: Path) -> None:
    """The decision alone, or the findings of every rule."""
    quiet = _vmfex("report", "text", "certification", "-q").stdout
    assert quiet == text(OF, quiet=True, report=str(record))
    verbose = _vmfex("report", "text", "certification", "-v").stdout
    assert verbose.count("read:") == 2


@pytest.mark.usefixtures("record")
def test_a_report_goes_to_a_file() -> None:
    """stdout stays empty, and the file is whole."""
    done = _vmfex("report", "junit", "certification", "--output", "junit.xml")
    assert (done.exit_code, done.stdout) == (0, "")
    assert Path("junit.xml").read_text() == junit(OF)


@pytest.mark.usefixtures("record")
def test_a_file_that_cannot_be_written_is_wrong_usage() -> None:
    """The name and the reason are told."""
    done = _vmfex("report", "junit", "certification", "--output", "gone/junit.xml")
    assert done.exit_code == 4
    assert "'gone/junit.xml': No such file or directory" in done.stderr


def test_a_record_that_contradicts_itself_gives_no_report(record: Path) -> None:
    """A decision that was edited by hand gets no JUnit file that says the same."""
    changed = json.loads(record.read_text()) | {"decision": "CERTIFIED"}
    record.write_text(json.dumps(changed))
    done = _vmfex("report", "junit", "certification")
    assert (done.exit_code, done.stdout) == (4, "")
    assert done.stderr == (
        "vmfex: certification/certification.json contradicts itself: "
        "it says CERTIFIED, and its findings say NOT CERTIFIED\n"
    )


def test_text_of_a_host_passes_through_any_terminal(tmp_path: Path) -> None:
    """A name that the locale has no letters for cannot end a report."""
    write(certification(result(), host="Ж"), tmp_path / "certification.json")
    program = [sys.executable, "-c", "from vmfex.cli import main; main()"]
    done = subprocess.run(
        [*program, "report", "text", str(tmp_path), "-q"],
        env=os.environ | {"PYTHONIOENCODING": "latin-1"},
        capture_output=True,
        check=True,
    )
    assert done.stdout.startswith(rb"CERTIFIED for SR-IOV VF passthrough: \u0416: ")


@pytest.mark.parametrize(
    ("args", "path"),
    [([], records.SCHEMA_FILE), (["record"], records.SCHEMA_FILE), (["plan"], plan.SCHEMA_FILE)],
    ids=["default", "record", "plan"],
)
def test_the_schemas_are_published(args: list[str], path: Path) -> None:
    """To the letter, so that they can be kept in a file."""
    assert _vmfex("schema", *args).stdout == path.read_text()
