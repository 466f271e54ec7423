"""What a recording was made with: each file's digest, each link's target, each empty directory.

It stands in the manifest as `holds`. With it, what is gone or another is unknown; without it,
nothing tells what is gone."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from vmfex.checks.text import shown
from vmfex.evidence.archive.entries import Entries, RecordingError

BY_HAND = ("guests", "ucsm", "libvirt/migration")  # what people add (docs/recordings.md)
_SEAL = re.compile(r"(0|[1-9][0-9]{0,8}) [0-9a-f]{64}")
_KEYS = {"files", "links", "directories", "checksum"}


def seal(content: bytes) -> str:
    """A file's size and SHA-256, as a manifest has them."""
    return f"{len(content)} {hashlib.sha256(content).hexdigest()}"


def added_by_hand(path: str) -> bool:
    """Whether it is among what people add to a recording."""
    return any(path == area or path.startswith(f"{area}/") for area in BY_HAND)


@dataclass(frozen=True, slots=True)
class Inventory:
    """`files` maps paths to seals, `links` to targets; `directories` hold nothing."""

    files: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    directories: tuple[str, ...] = ()

    @classmethod
    def of(cls, entries: Entries, files: Mapping[str, bytes]) -> "Inventory":
        """Of what a recording is about to be written with; `files` may hold documents too."""
        sealed = {path: seal(content) for path, content in sorted(files.items())}
        return cls(
            sealed, dict(sorted(entries.links.items())), tuple(sorted(entries.empty_directories()))
        )

    @classmethod
    def parse(cls, document: object, unreadable: Mapping[str, str]) -> "Inventory":
        """Raises RecordingError for what is none, or is not what was written."""
        if not isinstance(document, dict) or document.keys() != _KEYS:
            raise RecordingError(f"`holds` in manifest.json has other keys than {_listed(_KEYS)}")
        files, links = document["files"], document["links"]
        directories = document["directories"]
        if (
            not _texts(files)
            or not all(map(_SEAL.fullmatch, files.values()))
            or not _texts(links)
            or not isinstance(directories, list)
            or not all(isinstance(path, str) for path in directories)
        ):
            raise RecordingError("`holds` in manifest.json is not a list of files and their seals")
        found = cls(files, links, tuple(directories))
        if document["checksum"] != found.checksum(unreadable):
            raise RecordingError(
                "manifest.json is not as it was written: its checksum is another, so that it does "
                "not tell what is gone"
            )
        return found

    def document(self, unreadable: Mapping[str, str]) -> dict[str, object]:
        """As the manifest holds it."""
        return {
            "files": dict(self.files),
            "links": dict(self.links),
            "directories": list(self.directories),
            "checksum": self.checksum(unreadable),
        }

    def checksum(self, unreadable: Mapping[str, str]) -> str:
        """Of the inventory and of what could not be read, but for what people add."""
        fixed = {path: why for path, why in unreadable.items() if not added_by_hand(path)}
        whole = [dict(self.files), dict(self.links), sorted(self.directories), fixed]
        canonical = json.dumps(whole, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def _texts(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(each, str) for each in value.values())


def _listed(names: Iterable[str]) -> str:
    return ", ".join(shown(name) for name in sorted(names))
