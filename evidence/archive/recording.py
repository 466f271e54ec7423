"""A recording as it is opened: what it holds, and how far what it lacks is an absence."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from vmfex.evidence.archive.damage import compare
from vmfex.evidence.archive.entries import Entries
from vmfex.evidence.archive.inventory import Inventory
from vmfex.evidence.archive.manifest import (
    ASKED,
    AskedQuestions,
    Manifest,
    read_documents,
)

OLDER = "it is an older one and cannot tell whether that is gone (record the host anew)"
BY_HAND = (
    "nothing says that it is whole: only what `vmfex record` writes does, and a host that is "
    "constructed by its own word (docs/recordings.md)"
)


@dataclass(frozen=True, slots=True)
class Recording:
    """What a recording holds: the names, which `entries` vouches for, the bytes of its files, its
    two documents, and the digest of the one file that it is in, if it is in one.

    `inventory` is what each file was when the recording was made. `untold` says why what it lacks
    is no absence; empty where it is one. `damage` says what happened to it since it was made."""

    entries: Entries
    files: Mapping[str, bytes]
    manifest: Manifest
    asked: AskedQuestions | None = None
    digest: str | None = None
    inventory: Inventory = field(default_factory=Inventory)
    untold: str = ""
    damage: str = ""


def open_recording(
    held: Entries,
    files: Mapping[str, bytes],
    read_document: Callable[[str], bytes | None],
    name: str,
    digest: str | None = None,
) -> Recording:
    """What is held, against what the manifest says of it. `held` has neither of the documents.
    Raises RecordingError."""
    manifest, asked = read_documents(read_document, name)
    if manifest.inventory is None:
        constructed = manifest.constructed and asked is None
        untold = "" if constructed else BY_HAND if asked is None else OLDER
        return Recording(held, files, manifest, asked, digest, untold=untold)
    documents = {ASKED: manifest.inventory.files[ASKED]} if asked else {}
    inventory = replace(
        manifest.inventory,
        files={p: s for p, s in manifest.inventory.files.items() if p not in documents},
    )
    found = compare(inventory, held)
    manifest = replace(manifest, unreadable={**manifest.unreadable, **found.unknown})
    return Recording(found.entries, files, manifest, asked, digest, inventory, damage=found.summary)
