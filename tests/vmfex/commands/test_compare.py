"""`vmfex compare`: folders and records, formats, exit statuses."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.support.certifications import certification, result
from vmfex.checks.result.certification import Certification
from vmfex.checks.result.verdict import Verdict
from vmfex.cli import cli
from vmfex.reports.record import write

GOOD = certification(result())
ADVICE = certification(result(), result(Verdict.UNDETERMINED, "SRV-06", derived=True))
BAD = certification(result(Verdict.VIOLATED))


def vmfex(*args: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(arg) for arg in args])


def run(folder: Path, of: Certification) -> Path:
    folder.mkdir(parents=True)
    write(of, folder / "certification.json")
    return folder


@pytest.mark.parametrize(
    ("old", "new", "fail_on", "status"),
    [
        (GOOD, BAD, "worse", 1),
        (BAD, GOOD, "worse", 0),
        (GOOD, GOOD, "worse", 0),
        (BAD, BAD, "worse", 0),
        (GOOD, ADVICE, "worse", 1),
        (GOOD, ADVICE, "deciding", 0),
        (GOOD, BAD, "deciding", 1),
        (GOOD, BAD, "decision", 1),
        (GOOD, ADVICE, "decision", 0),
        (GOOD, BAD, "never", 0),
    ],
)
def test_exit_status(
    tmp_path: Path, old: Certification, new: Certification, fail_on: str, status: int
) -> None:
    """Whether anything got worse, as --fail-on has it."""
    folders = run(tmp_path / "old", old), run(tmp_path / "new", new)
    done = vmfex("compare", *folders, "--fail-on", fail_on)
    assert (done.exit_code, done.stderr) == (status, "")


def test_one_folder_is_compared_with_its_run_before(tmp_path: Path) -> None:
    """The same as naming previous/ and the folder; without one, a sentence."""
    out = run(tmp_path / "out", BAD)
    done = vmfex("compare", out)
    assert done.exit_code == 4
    assert "has no previous/ to be compared with" in done.stderr
    run(out / "previous", GOOD)
    assert vmfex("compare", out).stdout == vmfex("compare", out / "previous", out).stdout
    assert vmfex("compare", out).exit_code == 1


def test_two_runs_of_the_program(tmp_path: Path) -> None:
    """The second into the folder of the first: nothing is worse, and both ran one rule set."""
    for _ in range(2):
        assert vmfex("certify", "reference", "--out", tmp_path, "-q").exit_code == 0
    done = vmfex("compare", tmp_path)
    assert done.exit_code == 0
    assert done.stdout.splitlines()[-1] == (
        "NOT WORSE: reference: CERTIFIED; rules: 0 worse, 0 better, 0 read otherwise; "
        "the same rule set"
    )


def test_several_hosts(tmp_path: Path) -> None:
    """Host by host, by the names of their folders."""
    old, new = tmp_path / "old", tmp_path / "new"
    for folder, states in ((old, {"a": GOOD, "b": GOOD}), (new, {"a": GOOD, "c": BAD})):
        folder.mkdir()
        hosts = [{"label": name, "directory": f"hosts/{name}"} for name in states]
        (folder / "summary.json").write_text(json.dumps({"hosts": hosts}))
        for name, of in states.items():
            run(folder / "hosts" / name, of)
    done = vmfex("compare", old, new, "--format", "json")
    document = json.loads(done.stdout)
    assert [host["label"] for host in document["hosts"]] == ["a"]
    assert (document["came"], document["went"], done.exit_code) == (["c"], ["b"], 1)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """Is not one that has no run before."""
    done = vmfex("compare", tmp_path / "gone")
    assert done.exit_code == 4
    assert "gone' is no folder of a run" in done.stderr


def test_formats_go_to_a_file(tmp_path: Path) -> None:
    """stdout stays empty; a file that cannot be written is wrong usage, and nothing is left."""
    old, new = run(tmp_path / "old", GOOD), run(tmp_path / "new", BAD)
    target = tmp_path / "compared.html"
    done = vmfex("compare", old, new, "--format", "html", "-o", target)
    assert (done.exit_code, done.stdout) == (1, "")
    assert target.read_text().startswith("<!DOCTYPE html>")
    assert vmfex("compare", old, new, "-o", tmp_path / "gone/x").exit_code == 4


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("summary.json", "{"),
        ("summary.json", '{"hosts": 1}'),
        ("summary.json", '{"hosts": [{"label": "a", "directory": "../../etc"}]}'),
        ("summary.json", '{"hosts": [{"label": "a", "directory": "/etc"}]}'),
        ("summary.json", '{"hosts": [{"label": "a", "directory": 7}]}'),
        ("certification.json", '{"schema": "urn:vmfex:certification:2"}'),
        ("other", ""),
    ],
)
def test_what_cannot_be_used_is_one_sentence(tmp_path: Path, name: str, content: str) -> None:
    """No traceback, and no folder outside is read."""
    wrong = tmp_path / "wrong"
    wrong.mkdir()
    (wrong / name).write_text(content)
    done = vmfex("compare", run(tmp_path / "old", GOOD), wrong)
    assert (done.exit_code, done.stdout) == (4, "")
    assert done.stderr.startswith("vmfex: ")
    assert done.stderr.count("\n") == 1
    shutil.rmtree(wrong)
