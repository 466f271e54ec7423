"""Trap: on a machine in FIPS mode allure-pytest cannot report, and RHEL hosts run in FIPS mode."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.sessions import (
    FEATURES,
    MAIN,
    Run,
    bare_project,
    every_result,
    names,
    process_environment,
)

# Every digest must be approved, and OpenSSL's default provider has approved none of its own. SHA-2,
# which a FIPS provider would have, comes from Python instead.
OPENSSL = """
openssl_conf = init
[init]
providers = providers
alg_section = algorithms
[providers]
default = approved_none
[approved_none]
activate = 1
[algorithms]
default_properties = fips=yes
"""
SHA_2 = "import _sha256, hashlib; hashlib.sha256 = _sha256.sha256\n"
NO_MD5 = "import hashlib\ntry: hashlib.md5()\nexcept ValueError: print('refused')"
FEATURE = "Feature: F\n  Scenario: one\n    Given a host\n"
STEPS = "@given('a host')\ndef _(): pass\n"
BARE = """
import pytest, sys
sys.exit(pytest.main(["--disable-plugin-autoload", "-p", "pytest_bdd.plugin", "--import-mode",
    "importlib", "-p", "allure_pytest.plugin", "--alluredir=allure-results", "."]))
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An environment in which md5 is refused."""
    config = tmp_path / "openssl.cnf"
    config.write_text(OPENSSL)
    environment = process_environment({"OPENSSL_CONF": str(config)})
    said = subprocess.check_output([sys.executable, "-c", NO_MD5], env=environment, text=True)
    assert said == "refused\n"
    return environment


def python(code: str, *arguments: str, cwd: Path, environment: dict[str, str]) -> Run:
    command = [sys.executable, "-P", "-c", SHA_2 + code, *arguments]
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)
    return Run(done.returncode, cwd / "certification", done.stdout, done.stderr)


def test_bare_allure_breaks(tmp_path: Path, environment: dict[str, str]) -> None:
    """The trap: a host that is good fails, for a digest of its name."""
    run = python(BARE, cwd=bare_project(tmp_path, FEATURE, STEPS), environment=environment)
    assert run.status == 1
    assert "unsupported" in run.stdout.lower()  # each build of Python has its own words for it


PLAIN = """
import pytest, sys
sys.exit(pytest.main(["--disable-plugin-autoload", "--import-mode=importlib", "-c", "/dev/null",
    "-p", "pytest_bdd.plugin", "-p", "allure_pytest.plugin", "-p", "vmfex.pytest_plugin.plugin",
    "-p", "no:cacheprovider", *sys.argv[1:]]))
"""
WAYS = {
    "the command": (MAIN, ["certify", "reference", "--quiet"]),
    "pytest": (PLAIN, [str(FEATURES), "--host=reference", f"--rootdir={FEATURES}"]),
}


@pytest.mark.parametrize("way", WAYS)
def test_certification_works(tmp_path: Path, environment: dict[str, str], way: str) -> None:
    """A certification in FIPS mode, with all its results."""
    code, arguments = WAYS[way]
    run = python(code, *arguments, cwd=tmp_path, environment=environment)
    assert run.status == 0, run.stdout + run.stderr
    assert run.record["decision"] == "CERTIFIED"
    assert names(run.results) == every_result()
