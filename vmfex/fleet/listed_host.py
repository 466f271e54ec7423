"""A host as an inventory has it: by its file and line, which a fault is told with."""

from pathlib import Path

from vmfex.checks.text import one_line
from vmfex.engine.plan_file import PlanError
from vmfex.evidence.archive.entries import RecordingError
from vmfex.evidence.host_spec import HostSpec, parse_host
from vmfex.evidence.sources.ssh_address import SCHEME, SshAddress
from vmfex.evidence.sources.ucsm import UcsmError
from vmfex.evidence.sources.ucsm.address import parse_address
from vmfex.fleet.members import why_none


def listed_host(text: str, path: Path, line: int) -> HostSpec:
    """The host. Raises UsageError for what is none."""
    try:
        host = parse_host(text)
    except RecordingError as error:
        bare = Path(text).name
        over_ssh = _is_name(bare) and not Path(text).exists() and Path(text) == path.parent / bare
        hint = f" A host over SSH is written {SCHEME}{bare}." if over_ssh else ""
        raise refused(path, line, f"{error}{hint}") from error
    if none := why_none(host):
        raise refused(path, line, none)
    return host


def ucsm_url(text: str, path: Path, line: int) -> str:
    """The address of UCS Manager, as it is written. Raises UsageError for what is none."""
    try:
        parse_address(text)
    except UcsmError as error:
        raise refused(path, line, error) from error
    return text


def _is_name(bare: str) -> bool:
    try:
        SshAddress.parse(f"{SCHEME}{bare}")
    except RecordingError:
        return False
    return True


def refused(path: Path, line: int, why: object) -> PlanError:
    """The error to be raised."""
    return PlanError(f"{one_line(str(path))}, line {line}: {why}")
