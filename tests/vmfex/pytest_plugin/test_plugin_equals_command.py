"""`pytest features --host HOST` and `vmfex certify HOST` are one thing, and so are two runs."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.support.sessions import (
    FEATURES,
    PLUGIN_MODULE,
    ROOT,
    Run,
    command,
    plain,
    process_environment,
)

TIMES = re.compile(r'"\d{4}-\d\d-\d\dT[\d:.]+Z"|time(?:stamp)?="[^"]*"|(?<=Judged=)\S+')
STATUS = {
    "CERTIFIED": 0,
    "CERTIFIED WITH WAIVERS": 0,
    "NOT CERTIFIED": 1,
    "INCOMPLETE": 6,
}


def timeless(run: Run, file: str) -> str:
    return TIMES.sub("", (run.out / file).read_text("utf-8"))


def anonymous(run: Run) -> list[str]:
    """Allure's results without ids of this run and times, in an order of their own."""

    def cleaned(part: Any) -> Any:
        if isinstance(part, dict):
            drop = ("uuid", "start", "stop", "source")
            return {key: cleaned(value) for key, value in part.items() if key not in drop}
        return [cleaned(each) for each in part] if isinstance(part, list) else part

    return [json.dumps(cleaned(result)) for result in run.results]


def test_two_runs_differ_in_times_only(tmp_path: Path) -> None:
    """Byte for byte, whatever the process hashes strings to and wherever it stands."""
    runs = []
    for seed in ("1", "2"):
        cwd = tmp_path / seed
        cwd.mkdir()
        environment = {"PYTHONHASHSEED": seed}
        done = command("certify", "fabric-6454", "--out=out", cwd=cwd, environment=environment)
        assert done.returncode == 1, done.stderr
        runs.append(Run(done.returncode, cwd / "out", done.stdout, done.stderr))
    for file in ("certification.json", "junit.xml", "allure-results/environment.properties"):
        assert timeless(runs[0], file) == timeless(runs[1], file)
    assert anonymous(runs[0]) == anonymous(runs[1])


def test_plugin_works_as_it_is_installed(tmp_path: Path) -> None:
    """By its entry point, from another directory, with the default output directory."""
    information = tmp_path / "site" / "vmfex-0.dist-info"
    information.mkdir(parents=True)
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: vmfex\nVersion: 0\n")
    (information / "entry_points.txt").write_text(f"[pytest11]\nvmfex = {PLUGIN_MODULE}\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", FEATURES, "--host=no-vic", "--rule=VIC-01"],
        cwd=tmp_path,
        env=process_environment({"PYTHONPATH": f"{tmp_path / 'site'}:{ROOT}"}),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert Run(1, tmp_path / "certification", "", "").verdicts == {"VIC-01": "violated"}


def test_plain_pytest_shows_the_certification_and_no_traceback(tmp_path: Path) -> None:
    """A violation is shown as what was read and wanted; undetermined is not counted as failed."""
    run = plain(tmp_path / "out", "m81kr", "--rule=VIC-01", "--rule=VIC-02")
    assert "VIOLATED: VIC M81KR at" in run.stdout
    assert ".py" not in run.stdout
    assert "NOT CERTIFIED (no topology was judged): m81kr" in run.stdout
    run = plain(tmp_path / "out", "unreadable", "--rule=VIC-01")
    assert " 1 undetermined in " in run.stdout
    assert " failed" not in run.stdout
