"""The command line: what is called, what is written where, and the exit status."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from tests.support.certifications import rule
from tests.support.sessions import process_environment, unmeasured
from vmfex.checks.model.plan import Plan, Topology
from vmfex.checks.result.rule import Severity
from vmfex.cli import COMMANDS, cli
from vmfex.engine import lint
from vmfex.engine.request import Display, Request, Sources
from vmfex.evidence.host_spec import parse_host
from vmfex.evidence.sources.ucsm.manager import UcsmRequest
from vmfex.help_text import HELP

Vmfex = Callable[..., Result]
LOCAL, OUT = "qemu:///system", Path("certification")
RULES = (
    rule("VIC-02", area="adapter", title="Each VIC is listed"),
    rule("SRV-06", Severity.CRITICAL, derived=True, area="sriov", title="The PF is up"),
)


@pytest.fixture
def run_vmfex(monkeypatch: pytest.MonkeyPatch) -> Vmfex:
    """Runs a command line, with a catalogue of two rules, which nobody else is to find kept."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.setattr("vmfex.engine.catalogue.rules", lambda _features=None: RULES)
    return lambda *args: CliRunner().invoke(cli, args)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Stands in for what certifies and records: takes down the calls.

    The first element is the answer: an exit status, or an exception to raise.
    """
    taken: list[Any] = [0]

    def answer(*args: Any, **kwargs: Any) -> int:
        taken.append((args, kwargs))
        if isinstance(taken[0], BaseException):
            raise taken[0]
        return int(taken[0])

    monkeypatch.setattr("vmfex.one_host.certify_one", answer)
    monkeypatch.setattr("vmfex.recording.record", answer)
    return taken


def test_certify_alone_means_this_machine(run_vmfex: Vmfex, calls: list[Any]) -> None:
    """No argument is needed: the defaults, each of them."""
    assert run_vmfex("certify").exit_code == 0
    assert calls[1:] == [
        ((parse_host("local"), Request(sources=Sources(LOCAL)), OUT, Display()), {}),
    ]


def test_certify_hands_every_option_on(run_vmfex: Vmfex, calls: list[Any], tmp_path: Path) -> None:
    """Rule ids arrive as the catalogue writes them, each once, in the order given."""
    plan = tmp_path / "p.yaml"
    plan.write_text("topologies: {SR-IOV VF passthrough: 3}\n")
    line = (
        f"certify reference --plan {plan} --out o --rule srv-06 --rule VIC-02 --rule SRV-06 "
        "--tag blocker --tag host --strict --libvirt-uri test:///default -v --html --guest a=b "
        "--ucsm https://ucs --ucsm-ca ca.pem"
    )
    sources = Sources(
        "test:///default", {"a": Path("b")}, UcsmRequest("https://ucs", "ca.pem", False)
    )
    request = Request(
        Plan({Topology.HOSTDEV: 3}),
        ("SRV-06", "VIC-02"),
        ("blocker", "host"),
        strict=True,
        sources=sources,
    )
    assert run_vmfex(*line.split()).exit_code == 0
    assert calls[1:] == [
        ((parse_host("reference"), request, Path("o"), Display(False, True, True)), {}),
    ]


@pytest.mark.parametrize("status", range(7))
def test_certify_exits_with_the_status_of_the_run(
    run_vmfex: Vmfex, calls: list[Any], status: int
) -> None:
    """Each of the seven reaches the shell."""
    calls[0] = status
    assert run_vmfex("certify").exit_code == status


def test_record_takes_a_host_and_a_directory(run_vmfex: Vmfex, calls: list[Any]) -> None:
    """Neither has a default: what is written where is the user's choice."""
    assert run_vmfex("record", "local", "blade-7").exit_code == 0
    assert calls[1:] == [((parse_host("local"), Path("blade-7"), Sources(LOCAL)), {})]
    assert run_vmfex("record", "local").exit_code == 4


def _no_such_plan() -> BaseException:
    from vmfex.engine.plan_file import PlanError

    return PlanError("the plan p cannot be read")


def _no_such_host() -> BaseException:
    from vmfex.evidence.sources.recorded import RecordingError

    return RecordingError("There is no host x")


def _broken_features() -> BaseException:
    from vmfex.engine.catalogue import CatalogueError

    return CatalogueError("a.feature: no feature")


@pytest.mark.parametrize(
    ("error", "status", "says"),
    [
        (_no_such_plan(), 4, "vmfex: the plan p cannot be read\n"),
        (_no_such_host(), 4, "vmfex: There is no host x\n"),
        (_broken_features(), 4, "vmfex: a.feature: no feature\n"),
        (KeyboardInterrupt(), 2, "vmfex: interrupted; nothing is certified by this run\n"),
        (click.Abort(), 2, "vmfex: interrupted; nothing is certified by this run\n"),
        (BrokenPipeError(32, "Broken pipe"), 2, ""),
        (
            ZeroDivisionError("two\nlines\x1b[2J"),
            3,
            r"vmfex: internal error, ZeroDivisionError: two\nlines\x1b[2J (nothing is certified by "
            "this run; VMFEX_DEBUG=1 shows the traceback)\n",
        ),
    ],
    ids=["plan", "host", "features", "interrupt", "abort", "pipe", "internal"],
)
def test_an_error_is_one_sentence_and_never_not_certified(
    run_vmfex: Vmfex, calls: list[Any], error: BaseException, status: int, says: str
) -> None:
    """Whatever goes wrong, it is told apart from a host that is unfit, and stdout stays empty."""
    calls[0] = error
    result = run_vmfex("certify")
    assert (result.exit_code, result.stdout, result.stderr.lstrip("\n")) == (status, "", says)


def test_the_traceback_is_for_those_who_ask(
    run_vmfex: Vmfex, calls: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """VMFEX_DEBUG=1 adds it, and the exit status stays the same."""
    monkeypatch.setenv("VMFEX_DEBUG", "1")
    calls[0] = ZeroDivisionError("x")
    result = run_vmfex("certify")
    assert result.exit_code == 3
    assert "Traceback" in result.stderr
    assert "internal error, ZeroDivisionError: x" in result.stderr


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("", "Usage: vmfex"),
        ("--bogus", "No such option"),
        ("bogus", "vmfex: No such command 'bogus'"),
        ("certify --bogus", "vmfex: No such option '--bogus'. "),
        ("certify --bogus", " See `vmfex certify --help`.\n"),
        ("certify a b", "vmfex: There is no host 'a': it can be"),
        (
            "certify reference m81kr --guest x=y",
            "--guest works with one HOST only: give the host that runs the VM.",
        ),
        ("certify -q -v", "--quiet and --verbose cannot be used together."),
        ("certify --rule VIC-2", "no rule 'VIC-2'; did you mean VIC-02? (`vmfex rules` lists th"),
        ("explain", "Missing argument"),
        ("explain zzz", "vmfex: there is no rule 'zzz' (`vmfex rules` lists them)\n"),
        ("schema bogus", "is not one of 'record', 'plan', 'summary'"),
        ("report html x", "is not one of 'text', 'junit', 'json'"),
        ("report text gone", "vmfex: gone cannot be read: No such file or directory\n"),
    ],
)
def test_wrong_usage_is_status_4(run_vmfex: Vmfex, calls: list[Any], line: str, says: str) -> None:
    """Never click's own 2, which means interrupted here; and nothing is run."""
    result = run_vmfex(*line.split())
    assert (result.exit_code, result.stdout) == (4, "")
    assert says in result.stderr
    assert calls == [0]


def test_rules_are_listed_one_a_line(run_vmfex: Vmfex) -> None:
    """A table that grep can read."""
    assert run_vmfex("rules").stdout == (
        "ID      SEVERITY  AREA     RULE\n"
        "VIC-02  blocker   adapter  Each VIC is listed\n"
        "SRV-06  critical  sriov    The PF is up\n"
    )


def test_rules_as_json_have_all_that_is_known_of_them(run_vmfex: Vmfex) -> None:
    """The keys are those of a record."""
    listed = json.loads(run_vmfex("rules", "--json").stdout)
    assert [entry["id"] for entry in listed] == ["VIC-02", "SRV-06"]
    assert listed[1] == {
        "id": "SRV-06",
        "title": "The PF is up",
        "severity": "critical",
        "source": "KVM Components, Hypervisor",
        "remedy": "Install a supported release.",
        "derived": True,
        "area": "sriov",
        "feature": "The hypervisor",
        "needs": "os-release, redhat-release",
        "violation": "RHEL 6.0",
    }


def test_explain_tells_all_of_a_rule(run_vmfex: Vmfex) -> None:
    """Statement, severity, source, evidence, an example, remedy; the id in any case."""
    assert run_vmfex("explain", "srv-06").stdout.startswith(
        "SRV-06  The PF is up\n\n"
        "Severity:  critical; not in the guide: decides where it is violated\n"
        "Feature:   The hypervisor (features/sriov/functions.feature)\n"
        "Source:    KVM Components, Hypervisor\n"
        "Evidence:  os-release, redhat-release\n"
        "Violation: for example: RHEL 6.0\n"
        "Remedy:    Install a supported release.\n"
        "\n  Given "
    )


def test_explain_shows_the_limits_and_lists_of_a_rule() -> None:
    """The fourteen models, the two numbers of VFs: what the program goes by, from the feature."""
    shown = CliRunner().invoke(cli, ["explain", "VIC-02"]).stdout
    assert shown.count("    | 1") == 14
    assert "    | 1227T |\n" in shown
    assert "Source:    Cisco UCS Manager VM-FEX for KVM configuration guide, " in shown
    assert "Section:   Single Root I/O Virtualization, list of cards\n" in shown
    assert 'Sentence:  "The following Cisco Virtual Interface Cards support …"\n' in shown
    assert "features/adapter/vic.feature" in shown
    limits = CliRunner().invoke(cli, ["explain", "SRV-03"]).stdout
    assert {"22", "32"} <= set(limits.replace("|", " ").split())


def test_explain_names_each_sentence_that_a_rule_rests_on() -> None:
    """Two sections, each with the opening of its sentence; a derived rule has a source of its own
    and none of the guide's."""
    shown = CliRunner().invoke(cli, ["explain", "EMU-03"]).stdout
    assert shown.count("Section:") == shown.count("Sentence:") == 2
    assert "Section:   VirtIO\n" in shown
    derived = CliRunner().invoke(cli, ["explain", "SRV-08"]).stdout
    assert "Source:    libvirt 9.0.0" in derived
    assert "Sentence:" not in derived


def test_rules_check_exits_with_what_the_linter_found(
    run_vmfex: Vmfex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The linter speaks for itself."""
    monkeypatch.setattr(lint, "main", lambda: 1)
    assert run_vmfex("rules", "--check").exit_code == 1


def test_version_names_the_rule_set_too(run_vmfex: Vmfex, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two programs of one version can judge by different features."""
    monkeypatch.setattr("vmfex.version.VERSION", "1.2.3")
    monkeypatch.setattr("vmfex.engine.catalogue.digest", lambda: "sha256:ab")
    assert run_vmfex("--version").stdout == "vmfex 1.2.3, rule set sha256:ab\n"


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_shows_examples(run_vmfex: Vmfex, name: str) -> None:
    """Help is where a user looks first."""
    result = run_vmfex(name, "--help")
    assert result.exit_code == 0
    assert "Example" in result.stdout
    assert f"  vmfex {name}" in result.stdout


def test_the_exit_statuses_are_in_the_help(run_vmfex: Vmfex) -> None:
    """Whoever writes a script finds them."""
    shown = run_vmfex("certify", "--help").stdout
    assert shown[shown.index("Exit status:") :].split("\n")[1:8] == [
        "    0  certified, with or without waivers",
        "    1  not certified",
        "    2  interrupted",
        "    3  internal error, or no disk, memory or output to write to",
        "    4  wrong usage: option, host, plan, rule, file or folder",
        "    5  no rule ran",
        "    6  incomplete: nothing is violated, something is undetermined or was not run",
    ]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("vmfex explain v", ["VIC-02"]),
        ("vmfex certify --rule S", ["SRV-06"]),
        ("vmfex certify ref", ["reference"]),
        ("vmfex hosts unpack ref", ["reference"]),
        ("vmfex certify lo", ["local"]),
        ("vmfex certify ss", ["ssh://"]),
        ("vmfex certify local qemu+t", ["qemu+tls://", "qemu+tcp://"]),
    ],
)
def test_the_shell_completes_rules_and_hosts(
    run_vmfex: Vmfex, monkeypatch: pytest.MonkeyPatch, words: str, offered: list[str]
) -> None:
    """Through click's own protocol, as bash asks."""
    monkeypatch.setattr("vmfex.evidence.embedded.embedded_hosts", lambda: ("no-vic", "reference"))
    monkeypatch.setenv("_VMFEX_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(len(words.split()) - 1))
    lines = run_vmfex().stdout.splitlines()
    assert [line.partition(",")[2] for line in lines] == offered


def test_help_imports_nothing_heavy() -> None:
    """`vmfex --help` is there at once: no pytest, no parser, no libvirt, no schema library."""
    heavy = {"pytest", "gherkin", "lxml", "libvirt", "pyroute2", "jsonschema_rs", "yaml", "rich"}
    program = (
        "import sys; from vmfex.cli import cli\n"
        "try: cli(['--help'], prog_name='vmfex')\n"
        "except SystemExit: pass\n"
        f"print(sorted({heavy!r} & sys.modules.keys()), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stderr == "[]\n"


def test_a_reader_that_goes_away_is_no_verdict() -> None:
    """`vmfex rules --json | head -1`: status 2 and silence, not the 1 that means not certified."""
    read_end, write_end = os.pipe()
    os.close(read_end)
    try:
        done = subprocess.run(
            [sys.executable, "-c", "from vmfex.cli import main; main()", "schema"],
            stdout=write_end,
            stderr=subprocess.PIPE,
            check=False,
        )
    finally:
        os.close(write_end)
    assert (done.returncode, done.stderr) == (2, b"")


def test_kept_help_is_what_click_makes() -> None:
    """`vmfex --help` is printed without click; the text is made anew by writing this output into
    vmfex/help_text.py."""
    made = CliRunner().invoke(cli, ["--help"], prog_name="vmfex", terminal_width=80)
    assert made.output == HELP


@pytest.mark.parametrize("word", ["--help", "-h"])
def test_help_loads_nothing(tmp_path: Path, word: str) -> None:
    """It is what people type first and often: no click, no typing."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "vmfex", word],
        cwd=tmp_path,
        env=unmeasured(process_environment()),
        capture_output=True,
        text=True,
    )
    assert done.stdout == HELP
    assert not re.search(r"\| +(click|typing)$", done.stderr, re.MULTILINE)


def test_interrupted_while_it_is_loaded(tmp_path: Path) -> None:
    """Ctrl-C in the first tenth of a second is an interruption like any other, not a traceback."""
    code = (
        "import sys\n"
        "class Interrupt:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'click': raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Interrupt())\n"
        "sys.argv = ['vmfex', 'certify', 'reference']\n"
        "from vmfex.__main__ import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=process_environment(),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert done.stderr == "vmfex: interrupted; nothing is certified by this run\n"
