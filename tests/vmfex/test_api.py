"""The Python API: what it exports, what it returns, and that the command says the same."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import vmfex
from tests.support.sessions import ROOT, Run, certify, process_environment
from vmfex import Decision, Plan, Topology, UsageError, Verdict

EXPORTED = {
    *("Decision", "Evidence", "Finding", "InternalError", "Plan", "Result", "RuleResult"),
    *("Severity", "Topology", "UsageError", "Verdict", "VmfexError", "certify"),
}


def test_exported_names() -> None:
    """These, each there, and nothing else by accident."""
    assert set(vmfex.__all__) == EXPORTED
    assert all(getattr(vmfex, name) is not None for name in EXPORTED)
    with pytest.raises(AttributeError, match="no attribute 'certificate'"):
        _ = vmfex.certificate


def test_a_plan_in_plain_words_and_a_finding() -> None:
    """Topologies by their names; a rule's findings with what was read and wanted."""
    result = vmfex.certify("reference", plan=Plan({"SR-IOV with MacVTap passthrough": 12}))
    assert result.decision is Decision.NOT_CERTIFIED
    assert result.exit_status == 1
    assert result.rules["SRV-05"].verdict is Verdict.VIOLATED
    [finding, *_] = result.rules["SRV-03"].findings
    assert (finding.subject, finding.verdict) == ("PCI function 0000:06:00.0 (eth0)", "compliant")
    assert finding.wanted
    assert finding.evidence[0].where == "/sys/bus/pci/devices/0000:06:00.0"


def test_unknown_topology_is_refused() -> None:
    """Nobody's plan is taken for an empty one."""
    with pytest.raises(UsageError, match="'SR-IOV' is not a topology: MacVTap direct, SR-IOV"):
        Plan({"SR-IOV": 12})
    assert Plan({Topology.HOSTDEV: 1}) == Plan({"SR-IOV VF passthrough": 1})


def test_written_files_are_those_of_the_command(tmp_path: Path) -> None:
    """Record, JUnit and Allure's results; an earlier run's move to `previous`."""
    result = vmfex.certify("m81kr", strict=True)
    result.write(tmp_path / "api")
    result.write(str(tmp_path / "api"))
    certify(tmp_path / "command")
    run = certify(tmp_path / "command", "m81kr", strict=True)
    mine = json.loads((tmp_path / "api" / "certification.json").read_text("utf-8"))
    times = ("started", "finished")
    assert {k: v for k, v in mine.items() if k not in times} == {
        k: v for k, v in run.record.items() if k not in times
    }
    assert Run(0, tmp_path / "api", "", "").files == run.files
    assert result.record() == mine


def test_a_folder_of_others_is_refused(tmp_path: Path) -> None:
    """As the command refuses it, and an empty name, which would be the current folder."""
    (tmp_path / "junit.xml").write_text("mine")
    result = vmfex.certify("m81kr")
    with pytest.raises(UsageError, match=r"junit.xml was not written by vmfex"):
        result.write(tmp_path)
    with pytest.raises(UsageError, match="has no name"):
        result.write("")
    assert [path.name for path in tmp_path.iterdir()] == ["junit.xml"]


def test_plan_file_and_path_of_a_host(tmp_path: Path) -> None:
    """A plan may be the file of one; a path object is never the name of an embedded host."""
    plan = tmp_path / "plan.yaml"
    plan.write_text("topologies: {SR-IOV VF passthrough: 3}\n")
    assert vmfex.certify("reference", plan=plan, rules=["VIC-01"]).rules["VIC-01"].findings
    with pytest.raises(UsageError, match="reference"):
        vmfex.certify(Path("reference"))


@pytest.mark.parametrize(
    ("host", "options"),
    [
        ("no-such-host", {}),
        ("/no/such/recording", {}),
        ("reference", {"rules": ["XYZ-01"]}),
        ("reference", {"tags": ["no-such-tag"]}),
        ("reference", {"plan": "/no/such/plan.yaml"}),
        ("reference", {"guests": {"no-such-vm": "reference"}}),
    ],
)
def test_what_cannot_be_used_is_one_error(host: str, options: dict[str, Any]) -> None:
    """Whatever it is: UsageError, in one sentence."""
    with pytest.raises(UsageError) as caught:
        vmfex.certify(host, **options)
    assert "\n" not in str(caught.value)


def test_unreachable_host_is_a_result() -> None:
    """INCOMPLETE, as the command has it, and never an exception."""
    result = vmfex.certify("ssh://nobody@127.0.0.1:9", rules=["HST-01"])
    assert result.decision is Decision.INCOMPLETE
    assert result.rules["HST-01"].verdict is Verdict.UNDETERMINED


def test_fault_of_the_program_never_certifies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Advice that broke leaves no CERTIFIED, neither as a value nor as a file."""

    def err(*_: object) -> None:
        raise RuntimeError("broke")

    monkeypatch.setattr("vmfex.checks.rules.sriov.is_up", err)
    result = vmfex.certify("reference")
    assert result.decision is Decision.INCOMPLETE
    assert result.exit_status == 3
    assert "RuntimeError: broke" in result.errors[0]
    with pytest.raises(vmfex.InternalError, match="broke"):
        result.write(tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_python_m_vmfex(tmp_path: Path) -> None:
    """`python -m vmfex` is the command."""
    done = subprocess.run(
        [sys.executable, "-m", "vmfex", "certify", "no-vic", "--quiet"],
        cwd=tmp_path,
        env=process_environment(),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 1
    assert done.stdout.startswith("NOT CERTIFIED for SR-IOV VF passthrough and SR-IOV with ")


def test_importing_it_loads_nothing_that_is_not_used() -> None:
    """`import vmfex` costs a script that certifies nothing next to nothing; and what certifies
    needs neither pytest nor Allure."""
    code = (
        "import sys, vmfex; before = set(sys.modules)\n"
        "assert 'typing' not in before and 'vmfex.api' not in before, before\n"
        "vmfex.certify('reference')\n"
        "print(sorted(m for m in sys.modules if m.split('.')[0] in "
        "('pytest', '_pytest', 'pytest_bdd', 'allure_commons', 'allure_pytest', 'pyroute2')))"
    )
    done = subprocess.run(
        [
            sys.executable,
            "-S",
            "-c",
            f"import sys; sys.path[:0] = {[str(ROOT), *sys.path]!r}\n{code}",
        ],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stdout == "[]\n", done.stderr
