"""What this user may not look into is said, and never passed over in silence."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.faults import run
from tests.vmfex.lint.xml import direct, domain
from vmfex.evidence.embedded import embedded_file
from vmfex.folder.names import RECORD, SUMMARY

BOUND = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")  # rights bind root too
BEFORE = BOUND if os.geteuid() == 0 else ()


@pytest.fixture(params=[0o000, 0o444], ids=["nothing", "names alone"])
def denied(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A folder, here/denied, with a file of each kind in it."""
    folder = tmp_path / "here" / "denied"
    folder.mkdir(parents=True)
    (folder / "a.xml").write_text(domain(direct()))
    for name in (RECORD, SUMMARY, "manifest.json"):
        (folder / name).write_text("{}")
    folder.chmod(request.param)
    yield folder
    folder.chmod(0o700)


def test_folder_among_hosts_stops_no_other(tmp_path: Path, denied: Path) -> None:
    """It may be a host: INCOMPLETE, with the reason."""
    (denied.parent / "other.tar.gz").write_bytes(embedded_file("reference").read_bytes())
    done = run(tmp_path, "certify", "here", before=BEFORE)
    assert done.returncode == 6
    hosts = json.loads((tmp_path / "certification" / SUMMARY).read_text("utf-8"))["hosts"]
    assert [host["decision"] for host in hosts] == ["INCOMPLETE", "CERTIFIED"]
    assert "Permission denied" in done.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("certify", "here/denied"),
        ("capacity", "here/denied"),
        ("lint", "here"),
        ("report", "csv", "here"),
        ("report", "text", "here/denied"),
        ("compare", "here/denied", "here/denied"),
    ],
    ids=" ".join,
)
def test_folder_is_refused_in_one_sentence(
    tmp_path: Path, denied: Path, words: tuple[str, ...]
) -> None:
    """The folder or what is in it by name, and why; files beside it are not judged in its place."""
    (denied.parent / "b.xml").write_text(domain(direct()))
    done = run(tmp_path, *words, before=BEFORE)
    assert done.returncode in (4, 6)  # 6: a capacity that is not known
    said = done.stdout + done.stderr
    assert "here/denied" in said
    assert "Permission denied" in said or "is not readable" in said
