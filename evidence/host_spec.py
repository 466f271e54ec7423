"""Which host is meant: what a user's word for one says, taken apart once and without reading it."""

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from vmfex.checks.text import shown, shown_path
from vmfex.evidence.archive.entries import RecordingError
from vmfex.evidence.archive.manifest import ASKED, MANIFEST
from vmfex.evidence.embedded import embedded_file, embedded_hosts, like
from vmfex.evidence.sources.beside_hosts import is_beside_hosts, refuse_reports
from vmfex.evidence.sources.libvirt_uri import LibvirtUri
from vmfex.evidence.sources.recorded import AREAS
from vmfex.evidence.sources.remote_name import without_user
from vmfex.evidence.sources.sos.layout import COMMANDS
from vmfex.evidence.sources.ssh_address import SCHEME, SshAddress

LOCAL = "local"
_OF_ONE_HOST = {*AREAS, MANIFEST, ASKED, "capture", COMMANDS}  # what one has at its top
ARCHIVE = re.compile(r"\.(tar|tgz|txz|tbz2|tar\.[a-z0-9]{2,4})$", re.IGNORECASE)


class HostKind(StrEnum):
    LOCAL = "this machine"
    EMBEDDED = "an embedded recorded host"
    SSH = "a host over SSH"
    LIBVIRT = "a host by its libvirt"
    PATH = "a recording, a capture or a sosreport"
    DIRECTORY = "a directory of them"


@dataclass(frozen=True, slots=True)
class HostSpec:
    """`text` is how the user names the host, `place` what that was parsed into: None for this
    machine. `members` are the hosts in a directory of them, by name."""

    text: str
    kind: HostKind
    place: SshAddress | LibvirtUri | Path | None = None
    members: "tuple[HostSpec, ...]" = ()

    @property
    def called(self) -> Path | None:
        """The path as the user names it, wherever the file may be now. None for other hosts."""
        return Path(self.text) if self.kind is HostKind.PATH else None

    @property
    def name(self) -> str:
        """What is special in it: a machine's name, or the last part of a path, unpacked."""
        match self.place:
            case SshAddress(host=host):
                return host
            case LibvirtUri(host=host):
                return host or self.text
            case Path() as path:
                return ARCHIVE.sub("", path.name)
        return self.text


def parse_host(text: str) -> HostSpec:
    """`local`, the name of an embedded host, ssh://HOST, a libvirt URI or a path. Raises
    RecordingError, in one sentence, for what names no host."""
    if text == LOCAL:
        return HostSpec(text, HostKind.LOCAL)
    if text.startswith("-"):
        said = shown(without_user(text))
        raise RecordingError(
            f"{said} is not a host: no host's name begins with `-` (a file is named with its "
            "folder, as ./-x.tar)."
        )
    if text in embedded_hosts():
        return HostSpec(text, HostKind.EMBEDDED, embedded_file(text))
    if text.startswith(SCHEME):
        return HostSpec(text, HostKind.SSH, SshAddress.parse(text))
    if "://" in text:
        return HostSpec(text, HostKind.LIBVIRT, LibvirtUri.parse(text))
    if missing := _missing(text):
        raise RecordingError(_no_host(text, missing))
    path = Path(text)
    refuse_reports(path)
    members = _members(path) if path.is_dir() else None
    if members is None:
        return HostSpec(text, HostKind.PATH, path)
    return HostSpec(text, HostKind.DIRECTORY, path, members)


def _members(directory: Path) -> tuple[HostSpec, ...] | None:
    """All that is in a directory of hosts is one, but for hidden names, checksums and what this
    program writes: what else is no recording is not passed over in silence. None for a directory
    that is one host itself."""
    try:
        names = sorted(path.name for path in directory.iterdir())
    except OSError as error:
        raise RecordingError(f"{shown_path(directory)} cannot be read: {error.strerror}.") from None
    if _OF_ONE_HOST.intersection(names):
        return None
    paths = (directory / name for name in names if not name.startswith("."))
    hosts = (path for path in paths if not is_beside_hosts(path))
    return tuple(HostSpec(str(path), HostKind.PATH, path) for path in hosts)


def _missing(path: str) -> str:
    """Why nothing is at a path; empty where something is."""
    try:
        Path(path or "\0").stat()
    except OSError as error:
        return error.strerror or str(error)
    except ValueError:
        return "it is not a path"
    return ""


def _no_host(text: str, missing: str) -> str:
    if "/" in text:
        return f"There is no recording {shown_path(without_user(text))}: {missing}."
    named = without_user(text)
    return (
        f"There is no host {shown(named)}{like(named)}: it can be `{LOCAL}`, ssh://HOST, a libvirt "
        "URI, the path of a recording or a capture, or one of those that `vmfex hosts` lists."
    )
