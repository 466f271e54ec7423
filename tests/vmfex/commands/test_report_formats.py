"""`vmfex report` in the formats for auditors and machines."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from tests.support.format_readers import READERS, rows
from tests.support.formats import CERTIFIED, INCOMPLETE, WHOLE
from vmfex.checks.result.certification import Certification
from vmfex.cli import cli
from vmfex.reports.formats import MODULES
from vmfex.reports.formats.actions import HEADER
from vmfex.reports.formats.oscal.parts import AP, AR, CATALOG, POAM, PROFILE
from vmfex.reports.record import write


def _vmfex(*args: str) -> Result:
    return CliRunner().invoke(cli, args)


@pytest.fixture
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A record in a directory `certification` below the current one."""
    monkeypatch.chdir(tmp_path)
    path = Path("certification/certification.json")
    path.parent.mkdir()
    write(WHOLE, path)
    return path


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a run over three hosts, two of which call themselves alike."""
    monkeypatch.chdir(tmp_path)
    listed = []
    for label, of in (("a", WHOLE), ("b", CERTIFIED), ("c", CERTIFIED)):
        folder = Path("fleet/hosts", label)
        folder.mkdir(parents=True)
        write(of, folder / "certification.json")
        listed.append({"label": label, "directory": f"hosts/{label}"})
    Path("fleet/summary.json").write_text(json.dumps({"hosts": listed}))
    return Path("fleet")


@pytest.mark.usefixtures("record")
@pytest.mark.parametrize("name", [name for name in MODULES if name not in ("oscal", "nagios")])
def test_each_format_goes_to_a_file_or_to_stdout(name: str) -> None:
    """The same both ways, and the status says that it was made."""
    shown = _vmfex("report", name, "certification")
    kept = _vmfex("report", name, "certification", "--output", "made")
    assert (shown.exit_code, kept.exit_code, shown.stderr, kept.stdout) == (0, 0, "", "")
    assert Path("made").read_bytes() == shown.stdout_bytes
    assert Path("made").stat().st_mode & 0o077 == 0


@pytest.mark.usefixtures("record")
def test_oscal_is_a_folder_that_appears_whole() -> None:
    """Its five documents; without a folder, or over files, it is refused and nothing is written."""
    assert _vmfex("report", "oscal", "certification", "--output", "set").exit_code == 0
    assert {path.name for path in Path("set").iterdir()} == {CATALOG, PROFILE, AP, AR, POAM}
    assert Path("set").stat().st_mode & 0o077 == 0
    again = _vmfex("report", "oscal", "certification", "--output", "set")
    assert again.exit_code == 4
    assert "Directory not empty" in again.stderr
    none = _vmfex("report", "oscal", "certification")
    assert none.exit_code == 4
    assert "name a folder for them with --output" in none.stderr
    assert {path.name for path in Path().iterdir()} == {"certification", "set"}


@pytest.mark.parametrize(("of", "status"), [(WHOLE, 2), (CERTIFIED, 0), (INCOMPLETE, 3)])
def test_nagios_has_the_exit_status_of_a_plugin(
    of: Certification, status: int, record: Path
) -> None:
    """So that a command definition can call it."""
    write(of, record)
    done = _vmfex("report", "nagios", "certification")
    assert (done.exit_code, done.stdout.count("\n")) == (status, 1)


@pytest.mark.usefixtures("record")
def test_nagios_without_a_record_is_unknown() -> None:
    """With the reason on its one line: never OK, and never silent."""
    done = _vmfex("report", "nagios", "gone")
    assert done.exit_code == 3
    assert done.stdout == "VMFEX UNKNOWN - gone cannot be read: No such file or directory\n"


@pytest.mark.usefixtures("record")
def test_a_filled_action_plan_stands_in_the_next_report() -> None:
    """Made as a workbook, filled in, and read back for a table of findings."""
    assert _vmfex("report", "actions", "certification", "-o", "plan.xlsx").exit_code == 0
    book = load_workbook("plan.xlsx")
    sheet = book.worksheets[0]
    sheet.cell(2, HEADER.index("owner") + 1).value = "Ann"
    book.save("plan.xlsx")
    done = _vmfex("report", "csv", "certification", "--actions", "plan.xlsx")
    assert (done.exit_code, done.stderr) == (0, "")
    [row] = [row for row in rows(done.stdout) if row["owner"] == "Ann"]
    assert (row["rule"], row["finding"]) == ("VIC-02", "violated")


def test_a_row_without_an_action_is_told(record: Path) -> None:
    """The host was mended; its row is not lost in silence."""
    _vmfex("report", "actions", "certification", "-o", "plan.csv")
    filled = Path("plan.csv").read_text("utf-8").replace('"","","open"', '"Ann","","ordered"')
    Path("plan.csv").write_text(filled, "utf-8")
    write(replace(CERTIFIED, host=WHOLE.host), record)
    done = _vmfex("report", "actions", "certification", "--actions", "plan.csv")
    assert done.exit_code == 0
    assert "rows of plan.csv have no action any more; the first: " in done.stderr


@pytest.mark.usefixtures("record")
def test_an_action_plan_is_of_no_use_to_others() -> None:
    """Rather than leave it out of the report in silence."""
    done = _vmfex("report", "sarif", "certification", "--actions", "plan.csv")
    assert done.exit_code == 4
    assert ", xlsx, oscal, text, certificate, pdf: not to sarif" in done.stderr


@pytest.mark.parametrize("name", [name for name in READERS if name not in ("hdf", "oscal", "xlsx")])
@pytest.mark.parametrize("path", ["fleet", "fleet/summary.json", "fleet/hosts"])
def test_several_hosts_go_into_one_report(name: str, path: str, fleet: Path) -> None:
    """From the folder of their run, its summary, or a folder of folders; hosts that call
    themselves alike are told apart."""
    done = _vmfex("report", name, path)
    assert (done.exit_code, done.stderr) == (0, "")
    hosts = {host for host, _ in READERS[name](done.stdout)}
    told = {"reference", "blade-1 (b)", "blade-1 (c)"}
    assert hosts == (told if name != "actions" else {"reference"})


def test_a_host_without_a_record_is_not_left_out(fleet: Path) -> None:
    """A report without it would be greener than the run."""
    summary = json.loads((fleet / "summary.json").read_text())
    summary["hosts"][1]["directory"] = None
    (fleet / "summary.json").write_text(json.dumps(summary))
    done = _vmfex("report", "csv", "fleet")
    assert (done.exit_code, done.stdout) == (4, "")
    assert "b has no record in " in done.stderr


@pytest.mark.parametrize("directory", ["/etc", "../..", 5])
def test_a_summary_leads_nowhere_else(directory: object, fleet: Path) -> None:
    """It is a file from anywhere."""
    (fleet / "summary.json").write_text(
        json.dumps({"hosts": [{"label": "a", "directory": directory}]})
    )
    assert _vmfex("report", "csv", "fleet").exit_code == 4


def test_hdf_of_several_hosts_is_a_folder(fleet: Path) -> None:
    """A file each, side by side; without a folder to put them in it is refused in a sentence."""
    done = _vmfex("report", "hdf", str(fleet))
    assert (done.exit_code, done.stdout) == (4, "")
    assert "hdf is several files here: name a folder for them with --output" in done.stderr
    assert _vmfex("report", "hdf", str(fleet), "-o", "hdf").exit_code == 0
    made = {path.name: path.read_text() for path in Path("hdf").iterdir()}
    assert made.keys() == {"reference.json", "blade-1_b_.json", "blade-1_c_.json"}
    hosts = {host for host, _ in READERS["hdf"](made)}
    assert hosts == {"reference", "blade-1 (b)", "blade-1 (c)"}


@pytest.mark.parametrize("words", [["--help"], ["report", "--help"], ["certify", "--help"]])
def test_formats_are_loaded_when_they_are_asked_for(words: list[str]) -> None:
    """None of them costs another command a moment."""
    told = "import sys; from vmfex.cli import main\ntry: main()\nexcept SystemExit: pass\n"
    told += "print([m for m in sys.modules if 'reports.formats.' in m or 'xlsx' in m])"
    done = subprocess.run(
        [sys.executable, "-c", told, *words], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
