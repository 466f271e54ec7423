"""A host as the capture script saw it: a tree in memory, from one tar (docs/captures.md)."""

import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import BinaryIO

from vmfex.checks.model.fact import Fact, Known, Unknown
from vmfex.checks.result.reading import Reading
from vmfex.checks.text import shown, shown_path
from vmfex.evidence.archive.entries import RecordingError, flaw
from vmfex.evidence.archive.manifest import Manifest, moment
from vmfex.evidence.archive.resolve import Resolver
from vmfex.evidence.archive.streams import Source
from vmfex.evidence.archive.tar import Archive, read_stream
from vmfex.evidence.sources.capture.documents import (
    BEGIN,
    MANIFEST,
    NAMES,
    REPLIES,
    Row,
    parse_begin,
    parse_manifest,
    parse_names,
    parse_replies,
    told,
)
from vmfex.evidence.sources.not_a_host import FIRST, as_text
from vmfex.evidence.tree import OF_HOST, where
from vmfex.evidence.way_in import Kind, WayIn

BANNER_LIMIT = 2**18  # bytes that a login shell may have printed before the capture
_MAGIC_AT = 257  # where a header says "ustar"
_ASKED_BY = {  # whose failure tells why others are not there
    "netlink/links.bin": "ip/link.txt",
    "libvirt/domains/": "libvirt/definitions",
    "libvirt/networks/": "libvirt/definitions",
    "libvirt/network-states.json": "libvirt/net-list-all.txt",
}
ELSEWHERE = {
    "netlink": "no program on the host shows 802.1Qbh ports or the size of Netlink's replies, and "
    "the capture script found no Python to ask the kernel: run `vmfex record local DIR` there",
    "ucsm": "UCS Manager's answers are not on the host: ask it with --ucsm (docs/fabric.md)",
    "guests": "what a guest sees is not captured on its host: capture it in the guest, "
    "and give that with --guest",
    "libvirt/migration": "no VM is migrated to see whether it can be",
}


class CapturedTree:
    """Nothing that the capture does not say is taken for absent: a path is, if the manifest says
    so, or if the directory that it would be in was listed whole and does not list it."""

    constructed: bool
    notes: tuple[str, ...] = ()

    def __init__(self, archive: Archive, lost: str = "") -> None:
        """`lost` says why no more of it arrived, if that is known. Raises RecordingError for what
        is no capture, or of a format that is not known."""
        files = archive.contents
        begin = parse_begin(files.get(BEGIN, b""))
        self.name = told(begin.get("host", "")) or "captured"
        self.constructed = "root" in begin  # the files are not those of the machine that was asked
        self.digest = archive.digest or None
        uid = begin.get("uid")
        self.way = WayIn(Kind.CAPTURE, root=None if uid is None else uid == "0")
        self.readings = (Reading(OF_HOST, "by the capture script", moment(begin.get("time", ""))),)
        self._entries, self._files = archive.entries, files
        self.lost = "" if archive.cut is None else lost or f"the capture was cut off: {archive.cut}"
        self._rest = _why_not_all(archive, files, lost)
        names = sorted(path for path in files if path.startswith(f"{NAMES}/"))
        self._listings, twice = parse_names(files[path] for path in names)
        twice |= {path for path in self._listings if not self._is_directory_then(path)}
        # where a command was asked again in an older way, the last one tells
        rows = {row.path: row for row in parse_manifest(files.get(MANIFEST, b""))}.values()
        self._absent = {row.path for row in rows if row.kind == "absent"}
        unreadable = {row.path: row.reason for row in rows if row.kind in ("failed", "unreadable")}
        unreadable |= dict.fromkeys(twice, "the capture contradicts itself about what it lists")
        self._listed = {f"{path}/{name}" for path, all_ in self._listings.items() for name in all_}
        unreadable |= self._contradictions(rows)
        self._unreadable = Manifest(self.name, unreadable=unreadable)
        known = REPLIES in files and REPLIES not in unreadable
        self._replies = parse_replies(files[REPLIES]) if known else {}
        self._resolver = Resolver(self._entries, self._unreadable, self._missing, self._listed)

    def place(self, path: str) -> str:
        """What is at `path` in a recording, by its name in the capture."""
        return REPLIES if path in self._replies else path

    def read(self, path: str) -> Fact[bytes | None]:
        if path in self._replies:
            return self._replies[path]
        here = self._locate(path, follow=True)
        if not isinstance(here, str):
            return here or Known(None)
        if here in self._files:
            return Known(self._files[here])
        return Known(None) if self._is_directory(here) else self._not_kept(here)

    def names(self, path: str) -> Fact[tuple[str, ...] | None]:
        here = self._locate(path, follow=True)
        if not isinstance(here, str):
            return here or Known(None)
        if here in self._listings:
            return Known(self._listings[here])
        return Known(None) if here in self._files else self._not_kept(here)

    def link(self, path: str) -> Fact[str | None]:
        here = self._locate(path, follow=False)
        if not isinstance(here, str):
            return here or Known(None)
        if here in self._entries.links:
            return Known(self._entries.links[here])
        known = here in self._files or self._is_directory(here)
        return Known(None) if known else self._not_kept(here)

    def exists(self, path: str) -> Fact[bool]:
        here = self._locate(path, follow=False)
        return here if isinstance(here, Unknown) else Known(here is not None)

    def _locate(self, path: str, *, follow: bool) -> str | Unknown | None:
        if flaw(path):
            return Unknown(f"{shown(path)} is not a path inside a host's evidence")
        if reason := self._unreadable.reason(path):
            return Unknown(reason)
        if path in self._absent:
            return None
        return self._resolver.resolve(path, follow=follow)

    def _missing(self, path: str) -> Unknown | None:
        """Of a path that is neither held nor listed: whether that is an absence."""
        not_listed = path.rpartition("/")[0] in self._listings and path not in self._listed
        if path in self._absent or not_listed:
            return None
        return self._not_kept(path)

    def _not_kept(self, path: str) -> Unknown:
        of_netlink = path.partition("/")[0] == "netlink"
        if of_netlink and (reason := self._unreadable.reason(REPLIES)):
            return Unknown(f"{reason}: run `vmfex record local DIR` there")
        for area, asked in _ASKED_BY.items():
            if path.startswith(area) and (reason := self._unreadable.reason(asked)):
                return Unknown(reason)
        for elsewhere, reason in ELSEWHERE.items():
            if path == elsewhere or path.startswith(f"{elsewhere}/"):
                return Unknown(reason)
        return Unknown(f"{where(path)} is not in the capture{self._rest}")

    def _is_directory(self, path: str) -> bool:
        return path in self._entries.directories

    def _is_directory_then(self, path: str) -> bool:
        """Makes what was listed a directory among the entries, unless something else is there."""
        if path not in self._entries.directories:
            try:
                self._entries.add_directory(path)
            except RecordingError:
                return False
        return True

    def _contradictions(self, rows: Iterable[Row]) -> Mapping[str, str]:
        """Paths about which the manifest or a listing says one thing, and the files another."""
        found = [row.path for row in rows if row.kind == "command" and row.path not in self._files]
        there = self._listed | self._entries.directories | self._files.keys()
        found += self._absent & (there | self._entries.links.keys())
        for path in (*self._files, *self._entries.links, *self._listings):
            parent, _, name = path.rpartition("/")
            if parent in self._listings and name not in self._listings[parent]:
                found.append(parent)
        reason = "the capture contradicts itself about it"
        return {path: f"{where(path)}: {reason}{self._rest}" for path in found}


def is_capture(archive: Archive) -> bool:
    return BEGIN in archive.contents


def read_capture(source: Path | BinaryIO | bytes, lost: str = "") -> CapturedTree:
    """The host in a capture, from a file, from a stream or as it arrived: plain or packed, whole or
    cut off, and after what a login shell may have said. Everything that did not arrive is unknown,
    for the reason in `lost` if there is one.

    Raises RecordingError, in one sentence, where nothing of a capture is in it."""
    if isinstance(source, Path):
        try:
            with source.open("rb") as file:
                return read_capture(file, lost)
        except OSError as error:
            reason = error.strerror or str(error)
            raise RecordingError(f"{shown_path(source)} cannot be read: {reason}") from None
    stream = Source(io.BytesIO(source) if isinstance(source, bytes) else source)
    skip_banner(stream)
    text = as_text(stream.peek(FIRST))
    archive = read_stream(stream)
    if not is_capture(archive):
        said = text or archive.cut
        raise RecordingError(f"it is not a capture{f': {said}' if said else ''}")
    return CapturedTree(archive, lost)


def skip_banner(source: Source) -> None:
    """Goes to where a capture begins, if one does within the limit."""
    ahead = source.peek(BANNER_LIMIT)
    name = BEGIN.encode() + b"\0"
    at = ahead.find(name)
    while at > 0:
        if ahead[at + _MAGIC_AT : at + _MAGIC_AT + 5] == b"ustar":
            source.skip(at)
            return
        at = ahead.find(name, at + 1)


def _why_not_all(archive: Archive, files: Mapping[str, bytes], lost: str) -> str:
    if archive.cut is not None:
        return f", which was cut off: {lost or archive.cut}"
    return "" if MANIFEST in files else ", which has no manifest"
