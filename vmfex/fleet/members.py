"""The hosts in a directory of them."""

from pathlib import Path

from vmfex.checks.text import shown, shown_path
from vmfex.evidence.archive.entries import NoHostError, RecordingError
from vmfex.evidence.host_spec import HostKind, HostSpec


def why_none(host: HostSpec) -> str:
    """Why there is no host in a directory of them; empty where there is one, or a damaged one, and
    for every other host. What is no host beside others is a result of the run (INCOMPLETE)."""
    if host.kind is not HostKind.DIRECTORY:
        return ""
    if not host.members:
        return f"{shown(host.text)} is a directory without a recording in it"
    from vmfex.evidence.opening import open_path

    first = ""
    for member in sorted(map(_path, host.members), key=_size):  # a small one is opened at once
        try:
            open_path(member)
        except NoHostError as error:
            first = first or str(error)
        except RecordingError:
            return ""
        else:
            return ""
    return (
        f"{shown_path(host.text)} is a directory of {len(host.members)} files or folders, none of "
        f"which is a recording, a capture or a sosreport. One of them: {first}"
    )


def _path(member: HostSpec) -> Path:
    return Path(member.text)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # whoever opens it says why
        return 0
