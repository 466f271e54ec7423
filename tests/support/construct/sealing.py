"""What is written of a recorded host: its evidence, and a manifest that says what it holds."""

from collections.abc import Iterable, Mapping

from vmfex.evidence.archive.entries import KEEP, Entries
from vmfex.evidence.archive.inventory import Inventory
from vmfex.evidence.archive.manifest import MANIFEST, encode, sealed
from vmfex.evidence.archive.writer import Contents


def sealed_contents(
    files: Mapping[str, bytes],
    links: Mapping[str, str],
    manifest: Mapping[str, object],
    documents: Mapping[str, bytes] | None = None,
    directories: Iterable[str] = (),
) -> Contents:
    """The contents of a recording. `documents` are its others, as the list of what was asked."""
    entries = Entries()
    for path, content in files.items():
        entries.add_file(path, len(content))
    for path, target in links.items():
        entries.add_link(path, target)
    for path in directories:
        entries.add_directory(path)
    kept = {path: raw for path, raw in files.items() if path.rpartition("/")[2] != KEEP}
    inventory = Inventory.of(entries, {**kept, **(documents or {})})
    written = {MANIFEST: encode(sealed(manifest, inventory)), **(documents or {})}
    return Contents(entries, kept, written)
