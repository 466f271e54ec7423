"""A recording that did not arrive whole certifies nothing, whatever is missing in it."""

import json
from pathlib import Path

import pytest

import vmfex
from vmfex.checks.result.certification import Decision
from vmfex.evidence.embedded import unpack
from vmfex.reports.loading import load


@pytest.mark.parametrize("gone", ["libvirt/network-states.json", "dev/kvm", "etc/os-release"])
def test_what_is_lost_leaves_no_certificate(gone: str, tmp_path: Path) -> None:
    """Also where a derived rule alone wanted it, which decides nothing when it is undetermined; the
    record says what is lost, and gives the same decision when it is read again."""
    unpack("reference", tmp_path / "host")
    assert vmfex.certify(tmp_path / "host").decision is Decision.CERTIFIED
    (tmp_path / "host" / gone).unlink()
    result = vmfex.certify(tmp_path / "host")
    assert result.decision is Decision.INCOMPLETE
    result.write(tmp_path / "out")
    record = tmp_path / "out" / "certification.json"
    assert "is damaged: it lacks 1 of the" in json.loads(record.read_text())["lost"]
    assert load(record).decision is Decision.INCOMPLETE
