"""What a run over several hosts wrote is made again from its records: Allure's results, and every
finding in one file."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.format_readers import rows
from tests.support.sessions import Run, certify, certify_several, command
from vmfex.evidence.embedded import embedded_hosts, unpack
from vmfex.fleet.processes import Processes

WITHIN_A_RUN = ("uuid", "start", "stop")


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Every embedded host in one run, and one of them under another file's name."""
    folder = tmp_path_factory.mktemp("fleet")
    unpack("no-vic", folder / "twin")
    hosts = (*embedded_hosts(), str(folder / "twin"))
    return certify_several(folder / "out", *hosts, executor=Processes(2, 600))


def _told(folder: Path) -> list[str]:
    """Allure's results without what differs from run to run; attachments by their texts."""

    def cleaned(part: Any) -> Any:
        if isinstance(part, dict):
            kept = {k: cleaned(v) for k, v in part.items() if k not in WITHIN_A_RUN}
            if "source" in kept:
                kept["source"] = (folder / part["source"]).read_text("utf-8")
            return kept
        return [cleaned(each) for each in part] if isinstance(part, list) else part

    results = (json.loads(file.read_text("utf-8")) for file in folder.glob("*-result.json"))
    return sorted(json.dumps(cleaned(result), sort_keys=True) for result in results)


def test_allure_of_the_records_is_that_of_the_run(fleet: Run, tmp_path: Path) -> None:
    """Every result of every host with its identity, steps, tables and evidence, and what is shown
    beside them; nothing else is in the folder."""
    done = command("report", "allure", fleet.out, "--out", "again", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    of_run, again = fleet.out / "allure-results", tmp_path / "again"
    assert len(_told(of_run)) > 15 * 55
    assert _told(again) == _told(of_run)
    names = [(path / "environment.properties").read_text() for path in (again, of_run)]
    assert names[0] == names[1]
    assert len([*again.iterdir()]) == len([*of_run.iterdir()])


def test_allure_of_one_record_is_that_of_its_run(tmp_path: Path) -> None:
    """A host alone is called what it calls itself; a rule that is older than its scenarios in the
    record has one result with all of its findings."""
    run = certify(tmp_path / "out", "lab-compliant")
    command("report", "allure", run.out / "certification.json", "--out", "again", cwd=tmp_path)
    assert _told(tmp_path / "again") == _told(run.out / "allure-results")
    old = run.record
    for rule in old["rules"]:
        del rule["scenarios"]
    (tmp_path / "old.json").write_text(json.dumps(old))
    done = command("report", "allure", "old.json", "--out", "old", cwd=tmp_path)
    assert done.stderr == ""
    results = [json.loads(each) for each in _told(tmp_path / "old")]
    assert sorted(result["fullName"] for result in results) == sorted(run.verdicts)
    assert all(len(result["parameters"]) == 1 and result["steps"] for result in results)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("allure", "out"), "allure is many files: name a folder for them with --out"),
        (("allure", "out", "--out", "full"), "Directory not empty"),
        (("allure", "gone", "--out", "new"), "gone cannot be read: No such file or directory"),
        (("text", "out", "out"), "text is of one host: name one RECORD"),
    ],
)
def test_what_cannot_be_made_is_one_sentence(
    tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    """And leaves nothing behind."""
    certify(tmp_path / "out", "no-vic")
    (tmp_path / "full").mkdir()
    (tmp_path / "full/mine.txt").touch()
    done = command("report", *words, cwd=tmp_path)
    assert done.returncode in (3, 4)
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert {path.name for path in tmp_path.iterdir()} == {"out", "full"}


def test_the_findings_of_the_records_are_those_of_the_run(fleet: Run, tmp_path: Path) -> None:
    """To the byte, also where two hosts call themselves alike; nothing of how it was put together
    is left."""
    done = command("report", "csv", fleet.out, "--output", "again.csv", cwd=tmp_path)
    assert done.stderr == ""
    text = (fleet.out / "findings.csv").read_bytes()
    assert (tmp_path / "again.csv").read_bytes() == text
    table = rows(text.decode("utf-8"))
    names = list(dict.fromkeys(row["host"] for row in table))
    alike = ["no-vic (no-vic)", "no-vic (twin)"]
    assert names == [
        *(host if host != "no-vic" else alike[0] for host in embedded_hosts()),
        alike[1],
    ]
    found = {(row["rule"], row["verdict"]) for row in table if row["host"] == alike[1]}
    verdicts = json.loads((fleet.out / "hosts/twin/certification.json").read_text())["rules"]
    assert {(rule["id"], rule["verdict"]) for rule in verdicts} <= found
    assert not (fleet.out / "findings").exists()


def test_findings_of_records_that_are_named_one_by_one(fleet: Run, tmp_path: Path) -> None:
    """In the order in which they are named."""
    hosts = [fleet.out / "hosts" / name for name in ("m81kr", "reference")]
    done = command("report", "csv", *hosts, cwd=tmp_path)
    assert [*dict.fromkeys(row["host"] for row in rows(done.stdout))] == ["m81kr", "reference"]
    whole = command("report", "csv", fleet.out / "hosts" / "m81kr", cwd=tmp_path)
    assert done.stdout.startswith(whole.stdout)


@pytest.mark.parametrize("format_", ["csv", "sarif", "nagios", "allure"])
@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["hosts/m81kr", "hosts/m81kr"], "'hosts/m81kr/certification.json' is named twice: "),
        ([".", "hosts/m81kr"], "'hosts/m81kr/certification.json' is named twice: "),
        (["hosts/m81kr", "link"], "'hosts/m81kr/certification.json' and 'link/certification.json'"),
    ],
    ids=["twice", "of the run", "link"],
)
def test_a_record_that_is_named_twice(
    fleet: Run,
    tmp_path: Path,
    words: list[str],
    says: str,
    format_: str,
) -> None:
    """Is refused: a host would be counted twice, or passed over without a word."""
    (tmp_path / "hosts").symlink_to(fleet.out / "hosts")
    (tmp_path / "summary.json").symlink_to(fleet.out / "summary.json")
    (tmp_path / "link").symlink_to("hosts/m81kr")
    done = command("report", format_, *words, "--output", "out", cwd=tmp_path)
    said = (tmp_path / "out").read_text() if format_ == "nagios" else done.stderr
    assert says in said
    assert done.returncode == (3 if format_ == "nagios" else 4)


def test_no_cell_of_a_run_is_a_formula(tmp_path: Path) -> None:
    """Whatever a host calls itself, alone or with another of its name."""
    evil = '=HYPERLINK("http://x";"y"),"z'
    for name in ("a", "b"):
        unpack("no-vic", tmp_path / name)
        manifest = json.loads((tmp_path / name / "manifest.json").read_text())
        (tmp_path / name / "manifest.json").write_text(json.dumps({**manifest, "name": evil}))
    run = certify_several(tmp_path / "out", str(tmp_path / "a"), str(tmp_path / "b"))
    table = rows((run.out / "findings.csv").read_bytes().decode("utf-8"))
    hosts = {row["host"] for row in table}
    assert len(hosts) == 2, hosts
    assert {host[-4:] for host in hosts} == {" (a)", " (b)"}, hosts
    cells = [cell for row in table for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
