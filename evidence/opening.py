"""Opens a host: this machine, another one, an embedded recorded host, or one on disk.

A source is loaded when a host is read from it: together they take longer than a recording.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from vmfex.checks.model.fact import Known
from vmfex.checks.text import shown, shown_path
from vmfex.evidence.archive.directory import DirectoryFiles, scan
from vmfex.evidence.archive.entries import NoHostError
from vmfex.evidence.archive.streams import Source
from vmfex.evidence.archive.tar import Archive, Filter, read_stream, without_top
from vmfex.evidence.archive.zip import is_zip, read_zip
from vmfex.evidence.host_spec import ARCHIVE
from vmfex.evidence.sources.capture.documents import BEGIN
from vmfex.evidence.sources.captured import CapturedTree, is_capture, skip_banner
from vmfex.evidence.sources.libvirt_uri import LibvirtUri
from vmfex.evidence.sources.not_a_host import FIRST, as_text, what_it_is
from vmfex.evidence.sources.recorded import (
    AREAS,
    RecordedTree,
    RecordingError,
    from_archive,
    host_name,
    load,
)
from vmfex.evidence.sources.sos.cleaned import CLEANED, WithoutNames
from vmfex.evidence.sources.sos.layout import COMMANDS, top_of_report, wanted_below
from vmfex.evidence.sources.ssh_address import SshAddress
from vmfex.evidence.sources.ucsm.tree import FabricSource, WithFabric
from vmfex.evidence.tree import Tree

if TYPE_CHECKING:
    from vmfex.evidence.host_spec import HostSpec
    from vmfex.evidence.sources.ssh import Arrived

T = TypeVar("T")


def open_tree(
    host: "HostSpec",
    *,
    libvirt_uri: str = "qemu:///system",
    ucsm: FabricSource | None = None,
    notify: Callable[[str], None] = lambda _what: None,
    guests: Mapping[str, Path] | None = None,
    arrived: "Arrived | None" = None,
) -> Tree:
    """The evidence of a host, wherever it is read from. What UCS Manager knows comes from `ucsm`,
    if that is given; what a host over SSH sent is `arrived`, if it was fetched before.

    `notify` is told in a sentence what takes long. `guests` are captures taken inside its VMs, by
    the domain's name or UUID: they are of no use where the domains are unknown. Raises
    RecordingError."""
    tree = _with_guests(_open_host(host, libvirt_uri, notify, arrived), guests)
    if ucsm is None:
        return tree
    with_fabric = WithFabric(tree, ucsm)
    return WithoutNames(with_fabric) if CLEANED in tree.notes else with_fabric


def _with_guests(tree: Tree, guests: Mapping[str, Path] | None) -> Tree:
    if not guests:
        return tree
    from vmfex.evidence.host import ReadHost
    from vmfex.evidence.sources.guest_captures import with_guests

    inside = {name: open_path(file) for name, file in guests.items()}
    known = isinstance(ReadHost(tree).domains, Known)
    return with_guests(tree, inside) if known else tree


def fetch(host: "HostSpec", notify: Callable[[str], None]) -> "Arrived | None":
    """What a host over SSH sends, which takes time and no memory; None for every other host."""
    if not isinstance(host.place, SshAddress):
        return None
    from vmfex.evidence.sources import ssh

    return ssh.fetch(host.place, notify)


def _open_host(
    host: "HostSpec", libvirt_uri: str, notify: Callable[[str], None], arrived: "Arrived | None"
) -> Tree:
    match host.place:
        case SshAddress() as address:
            from vmfex.evidence.sources import ssh

            return ssh.read_arrived(address, arrived or ssh.fetch(address, notify))
        case LibvirtUri() as uri:
            from vmfex.evidence.sources.libvirt_host import LibvirtTree

            return LibvirtTree(uri, notify)
        case Path() as path:
            return open_path(path, host.called)
    from vmfex.evidence.sources.local import LocalTree

    return LocalTree(libvirt_uri, notify)


def open_path(path: Path, called: Path | None = None) -> Tree:
    """A recording, a capture or a sosreport, in a tar or a directory; `called` is how its user
    names it. Raises RecordingError, and NoHostError for what is no host's at all."""
    fault = RecordingError
    try:
        if (report := _unpacked_sosreport(path)) is not None:
            refused: dict[str, str] = {}
            entries = scan(report, wanted_below(""), refused)
            return _sosreport(DirectoryFiles(report, entries), entries.links, refused, path)
        if (path / BEGIN).is_file():
            entries = scan(path)
            return CapturedTree(Archive(entries, dict(DirectoryFiles(path, entries))))
        if path.is_file():
            return _open_archive(path)
    except OSError as error:
        reason = error.strerror or str(error)
    except RecordingError as error:
        reason, fault = str(error), type(error)
    else:
        recording = load(path)
        reason, fault = _no_host(recording), NoHostError
        if not reason:
            return recording
    raise fault(f"The recording {shown_path(called or path)} cannot be used: {reason}.")


def _unpacked_sosreport(path: Path) -> Path | None:
    """The report that a directory is, or the only one that stands in it."""
    if (path / COMMANDS).is_dir():
        return path
    if not path.is_dir():
        return None
    below = [*path.glob(f"*/{COMMANDS}"), *path.glob(f"*/*/{COMMANDS}")]
    reports = [found.parent for found in below if found.is_dir()]
    return reports[0] if len(reports) == 1 else None


def _open_archive(path: Path) -> Tree:
    if is_zip(path):
        return _open_zip(path)
    report = _Report()
    try:
        archive = _read(path, report.choose)
    except RecordingError:
        # what is too large may stand in a sosreport before that shows itself as one
        _read(path, report.look)
        if report.top is None:
            raise
        archive = _read(path, report.choose_known)
    tops = archive.entries.tops()
    if len(tops) == 1 and f"{tops[0]}/{BEGIN}" in archive.contents:
        archive = without_top(archive, tops[0])  # as it is when somebody has packed it anew
    if is_capture(archive):
        return CapturedTree(archive)
    if archive.cut is not None:
        is_one = archive.entries.tops() or ARCHIVE.search(path.name)
        fault = RecordingError if is_one else NoHostError
        raise fault(f"it is not a complete tar archive: {_begins(path) or archive.cut}")
    report.refuse_others()
    if report.top is not None:
        files, links = report.below(archive.contents), report.below(archive.entries.links)
        return _sosreport(files, links, report.below(archive.refused), path, archive.digest)
    recording = from_archive(archive, host_name(path))
    if reason := _no_host(recording):
        raise NoHostError(reason)
    return recording


def _open_zip(path: Path) -> Tree:
    """A sosreport that somebody packed anew; nothing else that is a host is kept in one."""
    report = _Report()
    listed: list[str] = []

    def choose(names: Sequence[str]) -> Callable[[str], bool]:
        listed.extend(names)
        wanted = (report.choose(name) for name in names)
        return next(filter(None, wanted), lambda _path: False)

    archive = read_zip(path, choose)
    if report.top is None:
        kind = what_it_is(listed) or (
            "in a zip archive a sosreport alone is read, for links are lost in it: pack it with tar"
        )
        raise NoHostError(f"it holds no evidence of a host that can be used: {kind}")
    report.refuse_others()
    files, links = report.below(archive.contents), report.below(archive.entries.links)
    return _sosreport(files, links, report.below(archive.refused), path, archive.digest)


def _no_host(tree: RecordedTree) -> str:
    """That it holds no evidence of a host, and what it looks like; empty where it does. A copy of
    /etc alone is none, and /etc itself has a folder `libvirt`."""
    tops = {top for top in tree.entries.tops() if top in AREAS}
    if tops - {"etc"} and tops - {"libvirt"}:
        return ""
    kind = what_it_is(tree.entries.sizes)
    if (tops and not kind) or tree.manifest["unreadable"]:
        return ""
    kind = kind or f"none of {', '.join(AREAS)} is at its top"
    return f"it holds no evidence of a host: {kind}"


def _begins(path: Path) -> str:
    with path.open("rb") as file:
        return as_text(file.read(FIRST))


def _read(path: Path, choose: Filter) -> Archive:
    with path.open("rb") as file:
        source = Source(file)
        skip_banner(source)
        return read_stream(source, choose)


class _Report:
    """Where in a tar a sosreport stands, which the first name of a command's output tells."""

    def __init__(self) -> None:
        self.top: str | None = None
        self._others: dict[str, None] = {}

    def choose(self, path: str) -> Callable[[str], bool] | None:
        self.top = top_of_report(path)
        return None if self.top is None else self._chosen()

    def look(self, _path: str) -> Callable[[str], bool]:
        """Reads names only."""
        return self._found

    def _found(self, path: str) -> bool:
        if self.top is None:
            self.top = top_of_report(path)
        return False

    def choose_known(self, _path: str) -> Callable[[str], bool] | None:
        return self._chosen()

    def _chosen(self) -> Callable[[str], bool] | None:
        if (top := self.top) is None:
            return None
        wanted = wanted_below(top)

        def is_wanted(path: str) -> bool:
            other = top_of_report(path)
            if other is not None and not other.startswith(top):
                self._others[other] = None
            return wanted(path)

        return is_wanted

    def refuse_others(self) -> None:
        """Raises RecordingError where there are more reports: each is of a host of its own."""
        if self.top is not None and self._others:
            names = ", ".join(shown(top.rstrip("/")) for top in (self.top, *self._others))
            what = f"it holds more than one sosreport ({names}): unpack it, and give the folder"
            raise RecordingError(what)

    def below(self, named: Mapping[str, T]) -> dict[str, T]:
        start = len(self.top or "")
        return {path[start:]: value for path, value in named.items()}


def _sosreport(
    files: Mapping[str, bytes],
    links: Mapping[str, str],
    refused: Mapping[str, str],
    path: Path,
    digest: str | None = None,
) -> Tree:
    from vmfex.evidence.sources.sos.report import SosReport

    return SosReport(files, links, digest, refused=refused, file=path.name)
