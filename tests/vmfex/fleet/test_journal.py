"""A run over several hosts that was interrupted goes on where it was, and only as the same run."""

import json
import signal
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from tests.support.sessions import Here, Run, certify_several, command
from tests.vmfex.fleet.test_several import TIMES
from tests.vmfex.fleet.test_words import SUMMARY
from vmfex.errors import UsageError
from vmfex.evidence.embedded import embedded_file
from vmfex.evidence.host_spec import parse_host
from vmfex.fleet.inventory import read_inventory
from vmfex.fleet.journal import Journal
from vmfex.fleet.judging import Done
from vmfex.fleet.many import Many
from vmfex.fleet.targets import targets

HOSTS = ("m81kr", "no-vic", "reference")
RULES = ("VIC-01", "VIC-02", "CLU-02")
RESUME = Many(resume=True)


class Counting(Here):
    """Knows which hosts it was asked to judge."""

    def __init__(self) -> None:
        self.labels: list[str] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        self.labels.append(args[0].target.label)
        return super().submit(fn, *args, **kwargs)


def interrupted(out: Path, monkeypatch: pytest.MonkeyPatch, hosts: tuple[str, ...] = HOSTS) -> Run:
    """A run in which Ctrl-C is typed when the second host is finished."""
    real, added = Journal.add, []

    def add(journal: Journal, *of: Any) -> None:
        real(journal, *of)
        added.append(of)
        if len(added) == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Journal, "add", add)
        return certify_several(out, *hosts, rules=RULES)


def texts(run: Run) -> dict[str, str]:
    """All that a run left of verdicts, without times."""
    files = [*run.out.glob("hosts/*/*.json"), *run.out.glob("hosts/*/*.xml"), run.out / "junit.xml"]
    found = {str(f.relative_to(run.out)): TIMES.sub("", f.read_text("utf-8")) for f in files}
    summary = json.loads((run.out / "summary.json").read_text("utf-8"))
    return found | {"hosts": str(summary["hosts"]), "moves": str(summary["migration"])}


def test_nothing_that_is_finished_is_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end is that of a run that nobody interrupted, and nothing is left aside."""
    run = interrupted(tmp_path / "out", monkeypatch)
    assert run.status == 2
    assert " of 3 hosts are finished and kept: the same command with --resume" in run.errors
    assert run.files == set()
    counting = Counting()
    resumed = certify_several(tmp_path / "out", *HOSTS, rules=RULES, executor=counting, many=RESUME)
    assert len(counting.labels) == 1
    straight = certify_several(tmp_path / "straight", *HOSTS, rules=RULES)
    assert resumed.status == straight.status == 1
    assert texts(resumed) == texts(straight)
    assert resumed.stdout == straight.stdout.replace("straight", "out")
    assert {path.name for path in (tmp_path / "out/.vmfex").iterdir()} == {"lock"}


def test_killed_and_resumed(tmp_path: Path) -> None:
    """By kill -9, as the command has it: the finished host is kept, the others are judged."""
    code = (
        "import os, signal\nfrom vmfex.fleet.journal import Journal\nreal = Journal.add\n"
        "def add(*of):\n real(*of)\n os.kill(os.getpid(), signal.SIGKILL)\n"
        "Journal.add = add"
    )
    words = ("certify", *HOSTS, "--rule=VIC-01", "--out=out")
    killed = command(*words, cwd=tmp_path, code=code)
    assert killed.returncode == -signal.SIGKILL
    done = command(*words, "--resume", cwd=tmp_path)
    assert done.returncode == 1
    hosts = json.loads((tmp_path / "out/summary.json").read_text())["hosts"]
    assert [host["label"] for host in hosts] == list(HOSTS)


def test_a_host_whose_file_was_changed_is_judged_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was said of the old one is not said of the new one."""
    paths = [tmp_path / f"{name}.tar.gz" for name in HOSTS]
    for path, name in zip(paths, HOSTS, strict=True):
        path.write_bytes(embedded_file(name).read_bytes())
    hosts = tuple(map(str, paths))
    interrupted(tmp_path / "out", monkeypatch, hosts)
    for path in paths:
        path.write_bytes(embedded_file("no-vic").read_bytes() + b"\0")
    counting = Counting()
    certify_several(tmp_path / "out", *hosts, rules=RULES, executor=counting, many=RESUME)
    assert sorted(counting.labels) == sorted(HOSTS)


@pytest.mark.parametrize(
    ("hosts", "rules", "plan", "what"),
    [
        (HOSTS[:2], RULES, "", "list of hosts"),
        (HOSTS[::-1], RULES, "", "list of hosts"),
        (HOSTS, RULES[:1], "", "selection of rules"),
        (HOSTS, RULES, "topologies:\n  MacVTap direct: 3\n", "plan and waivers"),
    ],
)
def test_another_run_is_refused(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    hosts: tuple[str, ...],
    rules: tuple[str, ...],
    plan: str,
    what: str,
) -> None:
    """With what was changed; what is finished stays, for the same run."""
    interrupted(tmp_path / "out", monkeypatch)
    file = tmp_path / "plan.yaml"
    file.write_text(plan)
    run = certify_several(
        tmp_path / "out", *hosts, rules=rules, plan=file if plan else None, many=RESUME
    )
    assert run.status == 4
    assert f"cannot be resumed, for this was changed since: {what}; run without" in run.errors
    assert certify_several(tmp_path / "out", *HOSTS, rules=RULES, many=RESUME).status == 1


def test_another_rule_set_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the old one said is not mixed with what the new one says."""
    interrupted(tmp_path / "out", monkeypatch)
    with monkeypatch.context() as patched:
        patched.setattr("vmfex.engine.rule_set.digest", lambda _features: "sha256:other")
        run = certify_several(tmp_path / "out", *HOSTS, rules=RULES, many=RESUME)
    assert run.status == 4
    assert "cannot be resumed, for this was changed since: rule set; run without" in run.errors


def test_another_inventory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same hosts, one of which is to be judged by another plan."""
    (tmp_path / "p.yaml").write_text("topologies:\n  MacVTap direct: 3\n")
    site = tmp_path / "site.yaml"
    hosts = "hosts:\n  m81kr: {}\n  no-vic:\n  reference:\n"
    site.write_text(hosts)
    real = Journal.add

    def add(journal: Journal, *of: Any) -> None:
        real(journal, *of)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Journal, "add", add)
        certify_several(tmp_path / "out", rules=RULES, many=Many(entries=read_inventory(site)))
    site.write_text(hosts.replace("{}", "{plan: p.yaml}"))
    many = Many(resume=True, entries=read_inventory(site))
    run = certify_several(tmp_path / "out", rules=RULES, many=many)
    assert run.status == 4
    assert "cannot be resumed, for this was changed since: plan and waivers, " in run.errors
    assert "list of hosts; run without" in run.errors


def test_a_run_that_came_to_its_end_stays_where_it_is(tmp_path: Path) -> None:
    """There is nothing to be resumed, and nothing moves to `previous`."""
    certify_several(tmp_path / "out", *HOSTS[:2], rules=RULES)
    run = certify_several(tmp_path / "out", *HOSTS[:2], rules=RULES, many=RESUME)
    assert run.status == 4
    assert run.errors == (
        f"vmfex: there is no interrupted run to be resumed in {run.out}: run without --resume to "
        "begin anew\n"
    )
    assert "previous" not in run.files
    assert (run.out / "summary.json").exists()


def test_whatever_is_cut_off_or_changed_is_no_line(tmp_path: Path) -> None:
    """At any byte: what is whole counts, and nothing else. The next line stands on its own."""
    file, new = tmp_path / "out/.vmfex/journal", tmp_path / "out/.vmfex/new"
    new.joinpath("hosts/a").mkdir(parents=True)
    new.joinpath("hosts/a/certification.json").touch()
    wanted, run = targets(map(parse_host, HOSTS)), {"rule set": "1"}
    journal = Journal.begun(file, run, "now")
    for target in wanted[:2]:
        journal.add(target, Done(SUMMARY, None).words())
    whole = file.read_bytes()
    head, *ends = [end for end in range(1, len(whole)) if whole[end : end + 1] == b"\n"][::2]
    for end in {*range(head, len(whole), 61), *ends, *(end - 1 for end in ends)}:
        file.write_bytes(whole[:end])
        assert len(Journal.resumed(file, run, wanted, new).finished) == sum(e <= end for e in ends)
        journal.add(wanted[2], Done(SUMMARY, None).words())
        assert "reference" in Journal.resumed(file, run, wanted, new).finished
    file.write_bytes(whole.replace(b"VIC-02", b"VIC-03"))
    assert Journal.resumed(file, run, wanted, new).finished == {}
    file.write_bytes(whole[: head - 1])
    with pytest.raises(UsageError, match="there is no interrupted run"):
        Journal.resumed(file, run, wanted, new)
