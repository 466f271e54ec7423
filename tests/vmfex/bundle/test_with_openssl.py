"""docs/bundle.md verifies a bundle with openssl alone: its own commands are run here."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.bundles import keys_in, run_of, vmfex
from tests.support.needs import only_where

DOCS = Path(__file__).parents[3] / "docs/bundle.md"
COMMON, ED25519, ECDSA = re.findall(r"```sh\n(.*?)```", DOCS.read_text("utf-8"), re.S)
LAST = {"ed25519": ED25519, "ecdsa": ECDSA}


def commands(kind: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "-ec", COMMON + LAST[kind]], cwd=folder, capture_output=True, text=True
    )


@only_where(shutil.which("openssl") is not None, "openssl is not installed here")
@pytest.mark.parametrize("kind", LAST)
def test_documented_commands(tmp_path: Path, kind: str) -> None:
    """They end with 0 for the key that signed it, and not for another one, for another statement,
    or for a file that was touched."""
    private, public = keys_in(tmp_path, kind)
    _, other = keys_in(tmp_path, kind, "other-")
    done = vmfex("bundle", run_of(tmp_path / "out"), tmp_path / "blade-7.tar", "--key", private)
    assert done.returncode == 0
    shutil.copy(public, tmp_path / "verify-key.pem")
    verified = commands(kind, tmp_path)
    assert verified.returncode == 0, verified.stderr
    assert re.search("Verified|OK", verified.stdout)
    shutil.copy(other, tmp_path / "verify-key.pem")
    assert commands(kind, tmp_path).returncode != 0
    shutil.copy(public, tmp_path / "verify-key.pem")
    raw = (tmp_path / "blade-7.tar").read_bytes()
    for was, is_ in ((b"<testsuites/>", b"<testsuiteX/>"), (b'"WARNED"', b'"PASSED"')):
        (tmp_path / "blade-7.tar").write_bytes(raw.replace(was, is_))
        assert commands(kind, tmp_path).returncode != 0


def test_exit_statuses_are_documented() -> None:
    """The table in docs/bundle.md and the one of --help have the same statuses."""
    listed = set(re.findall(r"^\| (\d) \|", DOCS.read_text("utf-8"), re.M))
    shown = set(re.findall(r"^ +(\d)  ", vmfex("verify", "--help").stdout, re.M))
    assert listed == {"0", "1", "4", "6"}
    assert listed | {"2", "3"} == shown
