"""The watch: its units, and what they run, on a host that gets worse."""

import configparser
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.contrib import CONTRIB, VMFEX
from tests.support.needs import program
from tests.support.readers import promtool
from tests.support.sessions import process_environment
from vmfex.evidence.embedded import embedded_file

WATCH = CONTRIB / "watch"
INSTALLED = "/usr/local/libexec/vmfex-watch"
PLACES = {
    "/var/lib/vmfex/certification": "certification",
    "/var/lib/prometheus/node-exporter/vmfex.prom": "vmfex.prom",
    "/etc/vmfex/site.yaml": "site.yaml",
}


def unit(name: str) -> configparser.ConfigParser:
    """A unit, with keys in small letters."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(WATCH / name)
    return parser


def command(folder: Path) -> list[str]:
    """The words of ExecStart, with the places of a site in the folder."""
    words = unit("vmfex-watch.service")["Service"]["execstart"].split()
    here = {place: str(folder / name) for place, name in PLACES.items()}
    assert set(words) >= {INSTALLED, *PLACES}
    return [here.get(word, word).replace(INSTALLED, str(WATCH / "vmfex-watch")) for word in words]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder with an inventory of one capture."""
    (tmp_path / "site.yaml").write_text("hosts:\n  blade-7.tar.gz:\n")
    return tmp_path


def watch(site: Path, host: str) -> "subprocess.CompletedProcess[str]":
    """What the unit runs, with the capture of that host."""
    shutil.copyfile(embedded_file(host), site / "blade-7.tar.gz")
    environment = process_environment({"VMFEX": str(VMFEX)})
    return subprocess.run(
        command(site), cwd="/", env=environment, capture_output=True, text=True, check=False
    )


def decision(site: Path) -> str:
    """The one that the metrics have."""
    lines = (site / "vmfex.prom").read_text().splitlines()
    [mine] = [line for line in lines if line.startswith("vmfex_decision{") and line.endswith(" 1")]
    return mine.partition('decision="')[2].partition('"')[0]


def test_units_are_in_order(tmp_path: Path) -> None:
    """By systemd itself; the program is where the test has it."""
    for name in ("vmfex-watch.service", "vmfex-watch.timer"):
        text = (WATCH / name).read_text().replace(INSTALLED, str(WATCH / "vmfex-watch"))
        (tmp_path / name).write_text(text)
    units = map(str, sorted(tmp_path.iterdir()))
    verify = [str(program("systemd-analyze")), "verify", "--man=no", *units]
    done = subprocess.run(verify, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_timer_starts_the_service() -> None:
    """By its name, also what was missed while the machine was off."""
    assert unit("vmfex-watch.timer")["Timer"]["persistent"] == "yes"
    assert "unit" not in unit("vmfex-watch.timer")["Timer"]
    assert unit("vmfex-watch.service")["Service"]["type"] == "oneshot"


def test_a_host_that_gets_worse(site: Path) -> None:
    """The first run has none before it; the same again is not worse; a card that is not in the
    guide's list is, and only until the next run."""
    first = watch(site, "reference")
    assert (first.returncode, decision(site)) == (0, "CERTIFIED"), first.stderr
    again = watch(site, "reference")
    assert (again.returncode, decision(site)) == (0, "CERTIFIED")
    worse = watch(site, "m81kr")
    assert (worse.returncode, decision(site)) == (1, "NOT CERTIFIED")
    assert "VIC-02  compliant -> violated" in worse.stdout
    assert watch(site, "m81kr").returncode == 0
    assert watch(site, "reference").returncode == 0


def test_prometheus_reads_the_metrics(site: Path) -> None:
    """As its own tool has it."""
    watch(site, "m81kr")
    assert promtool((site / "vmfex.prom").read_text()) == ""


def test_a_run_that_does_not_finish_changes_nothing(site: Path) -> None:
    """Its own status; the metrics stay, with the time of the run before."""
    watch(site, "reference")
    before = (site / "vmfex.prom").read_bytes()
    (site / "site.yaml").write_text("hosts:\n  gone.tar:\n")
    assert watch(site, "m81kr").returncode == 4
    assert (site / "vmfex.prom").read_bytes() == before
    assert (site / "certification/certification.json").exists() or (
        site / "certification/summary.json"
    ).exists()


def test_nagios_reads_what_the_watch_left(site: Path) -> None:
    """As README has it."""
    watch(site, "m81kr")
    done = subprocess.run(
        [VMFEX, "report", "nagios", site / "certification"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.startswith("VMFEX CRITICAL")) == (2, True)
