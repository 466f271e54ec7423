"""Several hosts in one run: each has what it would have alone, and none is lost behind another."""

import json
import os
import re
import signal
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator

from tests.support.browser import visit
from tests.support.ended import heard
from tests.support.needs import missing
from tests.support.runs import VIEWS
from tests.support.sessions import (
    Run,
    certify,
    certify_several,
    command,
    command_line,
    message,
)
from vmfex.checks.model.fact import Unknown
from vmfex.evidence import opening as sources
from vmfex.evidence.embedded import embedded_hosts, unpack
from vmfex.evidence.host_spec import HostSpec
from vmfex.evidence.sources.recorded import load
from vmfex.evidence.tree import BaseTree, Tree
from vmfex.fleet import fleet as several
from vmfex.fleet.judging import Task
from vmfex.fleet.processes import Processes
from vmfex.reports.summary import SCHEMA_FILE

TIMES = re.compile(r'"\d{4}-\d\d-\d\dT[\d:.]+Z"|time(?:stamp)?="[^"]*"|(?<=Judged=)\S+')
FILES = {*VIEWS, "allure-results"}


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Every embedded host in one run, judged in processes of their own as by the command."""
    out = tmp_path_factory.mktemp("fleet") / "out"
    return certify_several(out, *embedded_hosts(), executor=Processes(2, 600))


def of(run: Run, label: str) -> Run:
    """What one host of a run left."""
    return Run(run.status, run.out / "hosts" / label, "", "")


def anonymous(run: Run) -> list[str]:
    """Allure's results without ids and times, the attachments' texts in the place of their names,
    in an order of their own."""

    def cleaned(part: Any) -> Any:
        if isinstance(part, dict):
            kept = {k: cleaned(v) for k, v in part.items() if k not in ("uuid", "start", "stop")}
            if "source" in kept:
                kept["source"] = (run.out / "allure-results" / part["source"]).read_text("utf-8")
            return kept
        return [cleaned(each) for each in part] if isinstance(part, list) else part

    return sorted(json.dumps(cleaned(result), sort_keys=True) for result in run.results)


@pytest.mark.parametrize("host", embedded_hosts())
def test_a_host_has_what_it_would_have_alone(tmp_path: Path, fleet: Run, host: str) -> None:
    """The record, JUnit and every Allure result with its steps and evidence, but for times: a host
    among others is judged by the same rules as one in a pytest session (decision 0020)."""
    alone, among = certify(tmp_path / "out", host), of(fleet, host)
    assert alone.files == among.files == FILES
    for file in ("certification.json", "junit.xml", "allure-results/environment.properties"):
        texts = [(run.out / file).read_text("utf-8") for run in (alone, among)]
        assert TIMES.sub("", texts[0]) == TIMES.sub("", texts[1])
    assert anonymous(alone) == anonymous(among)


def test_summary_says_what_the_records_say(fleet: Run) -> None:
    """One entry a host, in the order given, by the schema; its folder has the record."""
    summary = json.loads((fleet.out / "summary.json").read_text("utf-8"))
    schema = json.loads(SCHEMA_FILE.read_text("utf-8"))
    Draft202012Validator(schema).validate(summary)
    assert [host["label"] for host in summary["hosts"]] == list(embedded_hosts())
    for host in summary["hosts"]:
        record = json.loads((fleet.out / host["directory"] / "certification.json").read_text())
        for key in ("decision", "host", "constructed", "counts", "topologies"):
            assert host[key] == record[key]
    assert summary["exit_status"] == fleet.status == 1
    assert sum(summary["decisions"].values()) == len(embedded_hosts())


def test_what_a_person_reads(tmp_path: Path) -> None:
    """A line a host, why it is not certified, and a last line with the totals."""
    run = certify_several(tmp_path / "out", "reference", "m81kr")
    first, second, empty, title, *_, last = run.stdout.splitlines()
    assert title.startswith("Live migration by the guide")  # UCS Manager's answers are recorded
    assert re.fullmatch(
        r"CERTIFIED +reference +\d+ compliant, \d+ not applicable; constructed", first
    )
    assert second.startswith("NOT CERTIFIED            m81kr      1 violated, ")
    assert "; violated: VIC-02; " in second
    assert empty == ""
    assert last == f"2 hosts: 1 NOT CERTIFIED, 1 CERTIFIED; reports: {run.out}/certificate.html"
    quiet = certify_several(tmp_path / "out", "reference", "m81kr", quiet=True)
    decisions, reports = last.split("; ")
    assert quiet.stdout.startswith(f"{decisions}; violated: VIC-02; cause: m81kr: VIC M81KR at ")
    assert quiet.stdout.endswith(f"; {reports}\n")
    assert quiet.stdout.count("\n") == 1


def test_a_host_that_cannot_be_read_is_incomplete_and_stops_no_other(tmp_path: Path) -> None:
    """A broken archive: the reason is in the line, the summary, the record and Allure's results."""
    broken = tmp_path / "broken.tar"
    broken.write_bytes(b"no tar at all")
    run = certify_several(tmp_path / "out", str(broken), "reference")
    assert run.status == 6
    sentence = "broken.tar' cannot be used: it is not a complete tar archive: "
    assert run.stdout.startswith("INCOMPLETE")
    assert sentence in run.stdout.splitlines()[0]
    entry, other = json.loads((run.out / "summary.json").read_text())["hosts"]
    assert (entry["label"], entry["decision"], entry["exit_status"]) == ("broken", "INCOMPLETE", 6)
    assert sentence in entry["reason"]
    assert other["decision"] == "CERTIFIED"
    among = of(run, "broken")
    assert not {"compliant", "violated"} & set(among.verdicts.values())
    assert among.verdicts["VIC-01"] == "undetermined"
    assert sentence in message(among.result("VIC-01"))
    assert sentence in (among.out / "junit.xml").read_text("utf-8").replace("&apos;", "'")


@pytest.mark.parametrize(
    ("hosts", "status"),
    [
        (("reference", "rhel61-private-ucs20"), 0),
        (("reference", "unreadable"), 6),
        (("unreadable", "no-vic", "reference"), 1),
    ],
)
def test_exit_status_is_that_of_the_worst_host(
    tmp_path: Path, hosts: tuple[str, ...], status: int
) -> None:
    """Not certified comes before incomplete."""
    assert certify_several(tmp_path / "out", *hosts).status == status


def breaks(*_: Any) -> None:
    raise ZeroDivisionError("broken rule")


def test_a_fault_of_the_program_comes_before_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rule that breaks is undetermined, and its host and the run end with 3; the other rules of
    the host stand."""
    monkeypatch.setattr("vmfex.checks.rules.adapter.has_vic", breaks)
    run = certify_several(tmp_path / "out", "no-vic", "reference")
    assert run.status == 3
    assert "ZeroDivisionError: broken rule" in run.stdout.splitlines()[0]
    among = of(run, "reference")
    assert (among.verdicts["VIC-01"], among.verdicts["VIC-02"]) == ("undetermined", "compliant")
    assert "INTERNAL ERROR: ZeroDivisionError" in message(among.result("VIC-01"))
    assert [host["exit_status"] for host in summary_of(run)["hosts"]] == [3, 3]


def test_no_certificate_where_advice_broke(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It decides nothing, but a fault of the program leaves no record that says CERTIFIED."""
    monkeypatch.setattr("vmfex.checks.rules.sriov.is_up", breaks)
    run = certify_several(tmp_path / "out", "reference", "no-vic")
    assert run.status == 3
    entry = summary_of(run)["hosts"][0]
    assert (entry["decision"], entry["directory"], entry["exit_status"]) == (None, None, 3)
    assert not list((run.out / "hosts").glob("reference/*"))
    assert run.stdout.startswith("INTERNAL ERROR ")


def summary_of(run: Run) -> dict[str, Any]:
    return dict(json.loads((run.out / "summary.json").read_text("utf-8")))


def opening(
    monkeypatch: pytest.MonkeyPatch, change: Callable[[str], Tree | Exception | None]
) -> None:
    """Puts another tree, or an error, in the place of some hosts."""
    real = sources.open_tree

    def open_tree(host: HostSpec, **options: Any) -> Tree:
        changed = change(host.text)
        if isinstance(changed, Exception):
            raise changed
        return changed or real(host, **options)

    monkeypatch.setattr("vmfex.engine.certify.open_tree", open_tree)


def test_a_host_whose_reading_breaks_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Status 3 for it, with what broke; the other host has its record."""
    opening(monkeypatch, lambda host: OverflowError("oh") if host == "m81kr" else None)
    run = certify_several(tmp_path / "out", "m81kr", "reference")
    assert run.status == 3
    assert "OverflowError: oh" in run.stdout.splitlines()[0]
    assert of(run, "reference").record["decision"] == "CERTIFIED"


def test_a_host_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the limit it is incomplete, and the run goes on."""

    class Hanging(BaseTree):
        name, constructed, digest = "hanging", False, None

        def read(self, _path: str) -> Unknown:
            Event().wait(600)
            return Unknown("late")

        names = link = exists = read

    live = "qemu+ssh://blade-7/system"
    monkeypatch.setattr(several, "HOST_LIMIT", 0.5)
    opening(monkeypatch, lambda host: Hanging() if host == live else None)
    run = certify_several(tmp_path / "out", live, "no-vic", rules=["VIC-01"])
    assert "the host was given up: no result within 0.5 s" in run.stdout.splitlines()[0]
    assert of(run, "blade-7").verdicts == {"VIC-01": "undetermined"}
    assert of(run, "no-vic").verdicts == {"VIC-01": "violated"}


def dies(_task: Task) -> str:
    """As a fault in a library would have it."""
    os.kill(os.getpid(), signal.SIGSEGV)
    return "never"


def test_a_host_that_crashes_its_process_is_incomplete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says how the process ended; what was half written is gone, the other host has its own."""

    class First(Processes):
        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
            [task] = args
            return super().submit(dies if task.target.label == "m81kr" else fn, task)

    executor = First(1, 600)
    run = certify_several(tmp_path / "out", "m81kr", "no-vic", rules=["VIC-01"], executor=executor)
    lost = "the host was given up: the process that judged it was ended by SIGSEGV"
    assert lost in run.stdout.splitlines()[0]
    assert run.status == 1
    assert of(run, "m81kr").record["decision"] == "INCOMPLETE"
    assert of(run, "no-vic").verdicts == {"VIC-01": "violated"}


def recording(folder: Path, name: str, manifest_name: str, host: str = "reference") -> Path:
    """A copy of an embedded host under another name."""
    copy = folder / name
    unpack(host, copy)
    manifest = json.loads((copy / "manifest.json").read_text())
    (copy / "manifest.json").write_text(json.dumps({**manifest, "name": manifest_name}))
    return copy


def test_two_hosts_of_one_name(tmp_path: Path) -> None:
    """Neither overwrites the other, and Allure tells them apart."""
    one = recording(tmp_path / "a", "blade", "blade-7")
    two = recording(tmp_path / "b", "blade", "blade-7", "m81kr")
    run = certify_several(tmp_path / "out", str(one), str(two))
    assert [h["label"] for h in summary_of(run)["hosts"]] == ["blade", "blade-2"]
    assert of(run, "blade").verdicts["VIC-02"] == "compliant"
    assert of(run, "blade-2").verdicts["VIC-02"] == "violated"
    shown = {r["parameters"][0]["value"]: r["status"] for r in run.results if "VIC-02" in r["name"]}
    assert shown == {"blade-7 (blade)": "passed", "blade-7 (blade-2)": "failed"}


def test_no_host_can_call_itself_what_another_is_called(tmp_path: Path) -> None:
    """Allure takes results of one host for tries of the same test, and shows the last."""
    forger = recording(tmp_path, "forger", "victim")
    victim = recording(tmp_path, "victim", "victim", "m81kr")
    third = recording(tmp_path, "third", "victim (forger)")
    run = certify_several(tmp_path / "out", str(forger), str(victim), str(third))
    ids = [result["historyId"] for result in run.results]
    assert len(ids) == len(set(ids)) == 3 * len(of(run, "victim").results)


def test_a_directory_of_recordings_is_all_of_them(tmp_path: Path) -> None:
    """What is in it and no recording is a result too; hidden names are passed over."""
    recording(tmp_path / "captures", "one", "one")
    (tmp_path / "captures" / "notes.txt").write_text("buy milk")
    (tmp_path / "captures" / ".cache").mkdir()
    run = certify_several(tmp_path / "out", str(tmp_path / "captures"))
    assert [h["label"] for h in summary_of(run)["hosts"]] == ["notes.txt", "one"]
    assert run.stdout.splitlines()[0].startswith("INCOMPLETE  ")


HOSTILE = (
    "..evil",
    "a\nb",
    "\x1b[2Jx",
    "<img src=x onerror=alert(1)>",
    "--help",
    "'; rm -rf $HOME; '",
    "con\u202etxt",
    "x" * 200,
)


def test_hostile_names(tmp_path: Path) -> None:
    """Names of files and of hosts that somebody else chose: no path but a plain one below
    `hosts`, no line that they break, no escape that reaches a terminal."""
    for number, name in enumerate(HOSTILE):
        one = recording(tmp_path / "captures", name, f"../../{number}<b>\x1b[31m")
        assert load(one).name
    run = certify_several(tmp_path / "out", str(tmp_path / "captures"), verbose=True)
    lines = run.stdout.splitlines()
    hosts = [line for line in lines[: lines.index("")] if line.startswith("CERTIFIED")]
    assert len(hosts) == len(HOSTILE) - 1  # one name starts with a dot and is hidden
    assert run.stdout.replace("\n", "").isprintable()
    labels = [h["label"] for h in summary_of(run)["hosts"]]
    assert all(re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,79}", label) for label in labels)
    assert {path.name for path in (run.out / "hosts").iterdir()} == set(labels)
    assert {path.name for path in tmp_path.iterdir()} == {"captures", "out"}


def test_what_an_earlier_run_left_is_in_previous(tmp_path: Path) -> None:
    """Of one host or of several: nobody takes it for a result of this."""
    out = tmp_path / "out"
    certify(out, "no-vic")
    several = certify_several(out, "reference", "no-vic")
    of_all = {"summary.json", "certificate.html", "junit.xml", "findings.csv", "hosts"}
    assert several.files == {*of_all, "allure-results", "previous"}
    assert {path.name for path in (out / "previous").iterdir()} > FILES
    one = certify(out, "reference")
    assert one.files == {*FILES, "previous"}
    assert {path.name for path in (out / "previous/hosts").iterdir()} == {"reference", "no-vic"}


def test_files_of_others_in_a_hosts_folder(tmp_path: Path) -> None:
    """The next run would lay it aside and then remove it: refused, and nothing is touched."""
    out = tmp_path / "out"
    certify_several(out, "reference", "no-vic")
    (out / "hosts/no-vic/mine.txt").write_text("keep")
    run = certify_several(out, "reference", "m81kr")
    assert run.status == 4
    assert run.errors.startswith(f"vmfex: {out}/hosts/no-vic/mine.txt was not written by vmfex")
    assert len(run.errors.splitlines()) == 1
    assert of(run, "no-vic").record["decision"] == "NOT CERTIFIED"


def test_interrupted(tmp_path: Path) -> None:
    """Ctrl-C while hosts are read: status 2, a sentence, and no summary that says anything."""
    hanging = (
        "from threading import Event\nfrom vmfex.fleet import collecting\n"
        "def hang(*_, **__):\n print('reading\\n', end='', flush=True)\n Event().wait(600)\n"
        "collecting.fetch = hang"
    )
    line = command_line("certify", "reference", "no-vic", "--out=out", code=hanging)
    with heard(line, tmp_path) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline() == "reading\n"
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()
    assert process.returncode == 2
    assert said.endswith("vmfex: interrupted; nothing is certified by this run\n")
    assert not (tmp_path / "out/summary.json").exists()


def test_a_selection_that_names_no_rule(tmp_path: Path) -> None:
    """As with one host: status 5, and nothing is written."""
    done = command("certify", "reference", "no-vic", "--tag=none", "--out=out", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (5, "")
    assert done.stderr == "vmfex: no rule ran: the selection matches no rule\n"
    assert not (tmp_path / "out").exists()


def test_report_of_several_hosts_points_at_those_of_one(fleet: Run, tmp_path: Path) -> None:
    done = command("report", "text", str(fleet.out), cwd=tmp_path)
    assert done.returncode == 4
    assert "has several hosts: name the folder of one" in done.stderr
    done = command("report", "text", str(fleet.out / "hosts/no-vic"), "-q", cwd=tmp_path)
    assert done.stdout.startswith("NOT CERTIFIED")


def test_page_has_each_host_with_its_decision(tmp_path: Path) -> None:
    """In a browser each host is one of Allure's environments, by which it filters, above the
    features: whose result it is can be seen without opening it."""
    run = certify_several(tmp_path / "out", "reference", "no-vic", rules=["VIC-01"], html=True)
    if "no HTML report" in run.errors or not (run.out / "report.html").exists():
        missing(run.errors)
    text = re.sub(r"<[^>]*>", " ", visit(run.out / "report.html").dom)
    branches = re.findall(r'Environment:\s+"([^"]*)"', text)
    assert branches == ["reference: INCOMPLETE", "no-vic: NOT CERTIFIED"]
    assert "1 NOT CERTIFIED, 1 INCOMPLETE: 2 hosts" in text


def test_one_page_for_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is rendered from the results of all hosts; of more than fit a page it is only said."""
    asked: list[Any] = []
    monkeypatch.setattr("vmfex.reports.allure.page.render", lambda *paths: asked.append(paths))
    run = certify_several(tmp_path / "out", "reference", "no-vic", rules=["VIC-01"], html=True)
    [(*places, heading)] = asked
    assert places == [run.unfinished / "allure-results", run.unfinished / "report.html"]
    assert heading.title == "1 NOT CERTIFIED, 1 INCOMPLETE: 2 hosts"
    assert [(host.host, host.name) for host in heading.hosts] == [
        ("reference", "reference: INCOMPLETE"),
        ("no-vic", "no-vic: NOT CERTIFIED"),
    ]
    shown = (run.out / "allure-results/environment.properties").read_text().splitlines()
    assert shown[:2] == ["Hosts=2", "Decisions=1 NOT CERTIFIED, 1 INCOMPLETE"]
    assert run.stdout.endswith(f"; reports: {run.out}/report.html\n")
    monkeypatch.setattr("vmfex.fleet.allure.MOST_HOSTS", 1)
    run = certify_several(tmp_path / "out", "reference", "no-vic", rules=["VIC-01"], html=True)
    assert len(asked) == 1
    assert run.errors == "vmfex: no HTML report: a page of more than 1 hosts cannot be read\n"
    assert len(of(run, "no-vic").results) == 1


def test_of_many_hosts_allure_has_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The results of what is violated or not known; record and JUnit have everything as ever."""
    monkeypatch.setattr("vmfex.fleet.allure.MOST_HOSTS", 1)
    run = certify_several(tmp_path / "out", "reference", "no-vic", rules=["VIC-01", "SRV-03"])
    for host in ("reference", "no-vic"):
        among = of(run, host)
        bad = {r for r, v in among.verdicts.items() if v in ("violated", "undetermined")}
        assert {result["fullName"] for result in among.results} == bad
        assert set(among.verdicts) == {"VIC-01", "SRV-03"}
        assert (among.out / "junit.xml").read_text().count("<testcase") > 2
    assert of(run, "no-vic").results


@pytest.mark.parametrize("words", [("no-vic",), ("no-vic", "reference")])
def test_which_results_allure_has_is_the_users_choice(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    """All of many hosts, or none of few; record, JUnit and certificate are the same."""
    seen = {}
    for allure in ("all", "not-compliant", "none"):
        done = command("certify", *words, "--allure", allure, "--out", allure, cwd=tmp_path)
        assert done.returncode == 1
        out = tmp_path / allure
        host = out / "hosts/no-vic" if len(words) > 1 else out
        assert (out / "allure-results").is_dir() == (allure != "none")
        seen[allure] = {json.loads(f.read_text())["fullName"] for f in host.rglob("*-result.json")}
        junit = (host / "junit.xml").read_text("utf-8")
        assert TIMES.sub("", junit) == TIMES.sub("", junit_of(tmp_path, words))
    verdicts = json.loads((host / "certification.json").read_text())["rules"]
    good = {rule["id"] for rule in verdicts if rule["verdict"] in ("compliant", "not applicable")}
    assert seen["none"] == set()
    assert seen["not-compliant"]
    assert not seen["not-compliant"] & good
    assert seen["all"] == seen["not-compliant"] | good


def junit_of(folder: Path, words: tuple[str, ...]) -> str:
    """That of the first run."""
    host = "hosts/no-vic/" if len(words) > 1 else ""
    return (folder / "all" / f"{host}junit.xml").read_text("utf-8")


def test_the_page_is_of_all_results(tmp_path: Path) -> None:
    """Of a part of them it would show other numbers: refused before anything is read."""
    for allure in ("none", "not-compliant"):
        done = command("certify", "reference", "--html", "--allure", allure, cwd=tmp_path)
        assert done.returncode == 4
        assert f"--html shows all of Allure: leave out --allure {allure}." in done.stderr
    assert not [*tmp_path.iterdir()]
