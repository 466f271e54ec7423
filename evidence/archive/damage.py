"""What happened to a recording since it was made: what its inventory names, against what is held.

Copies lose things in ways that are known: a copy that stopped, links that were followed or left
out, line ends that were changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from vmfex.evidence.archive.entries import Entries, RecordingError
from vmfex.evidence.archive.inventory import Inventory, added_by_hand, seal
from vmfex.evidence.tree import where

COPY = "copy it again with `cp -a`, `rsync -a` or tar"


@dataclass(frozen=True, slots=True)
class Compared:
    """`entries` is what the recording was made with, and what was added by hand. `unknown` maps
    paths to why nothing is known of them, or with `/.` at the end, of what they list. `summary`
    says what happened to the whole; empty where nothing did."""

    entries: Entries
    unknown: Mapping[str, str] = field(default_factory=dict)
    summary: str = ""


def compare(inventory: Inventory, held: Entries) -> Compared:
    """Names and links only; each file is held against its seal when it is read. Raises
    RecordingError where the inventory names what no recording holds."""
    if _is_whole(inventory, held):
        return Compared(held)
    gone = [path for path in inventory.files if path not in held.sizes]
    unlike = {p for p, target in inventory.links.items() if held.links.get(p) != target}
    followed = [p for p in unlike if p in held.sizes or p in held.directories]
    no_links = [path for path in unlike if not held.holds(path)]
    gone += no_links
    empty = [path for path in inventory.directories if path not in held.directories]
    summary = _summary(inventory, len(gone) + len(empty), len(followed), len(no_links))
    unknown: dict[str, str] = {}
    for path in (*gone, *empty):
        unknown[path] = f"{where(path)} is gone from the recording: {summary}"
    for path in unlike - set(no_links):
        known = followed and path in followed
        told = summary if known else "it leads elsewhere than when it was recorded"
        unknown[path] = f"the link {where(path)} is not what was recorded: {told}"
    entries = _entries(inventory, held)
    for path in _others(inventory, held, unlike):
        reason = f"{where(path)} is not from when the recording was made"
        unknown.setdefault(path, reason)
        unknown.setdefault(f"{path.rpartition('/')[0]}/.", reason)
    return Compared(entries, unknown, summary)


def _is_whole(inventory: Inventory, held: Entries) -> bool:
    """Whether there is just what the inventory names, as nearly always."""
    return (
        inventory.files.keys() == held.sizes.keys()
        and inventory.links == held.links
        and sorted(inventory.directories) == sorted(held.empty_directories())
    )


def difference(content: bytes, sealed: str) -> str:
    """Why a file is not what was recorded, as the end of a sentence; empty where it is."""
    if seal(content) == sealed:
        return ""
    size = int(sealed.partition(" ")[0])
    for changed in (content.replace(b"\r\n", b"\n"), content.replace(b"\n", b"\r\n")):
        if seal(changed) == sealed:
            return f"its line ends were changed, as git and editors do (core.autocrlf): {COPY}"
    if len(content) < size:
        return f"it has {len(content):,} of {size:,} bytes: {COPY}"
    return "its SHA-256 is another than the manifest's"


def _summary(inventory: Inventory, gone: int, followed: int, no_links: int) -> str:
    """What happened to the whole, in a sentence without its end."""
    links = len(inventory.links)
    total = len(inventory.files) + links + len(inventory.directories)
    if followed:
        return f"{followed:,} of {links:,} links were replaced by what they led to: {COPY}"
    if no_links == links == gone and links > 1:
        return f"all {links:,} links were left out: {COPY}"
    if gone:
        return f"it lacks {gone:,} of the {total:,} entries that it was made with: {COPY}"
    return ""


def _entries(inventory: Inventory, held: Entries) -> Entries:
    """As the recording was made. What was added by hand is taken as it is."""
    entries = Entries()
    try:
        for path, sealed in inventory.files.items():
            entries.add_file(path, held.sizes.get(path, int(sealed.partition(" ")[0])))
        for path, target in inventory.links.items():
            entries.add_link(path, target)
        for path in inventory.directories:
            entries.add_directory(path)
    except RecordingError as error:
        raise RecordingError(f"`holds` in manifest.json: {error}") from None
    for path, size in held.sizes.items():
        if added_by_hand(path) and not entries.holds(path):
            entries.add_file(path, size)
    for path, target in held.links.items():
        if added_by_hand(path) and not entries.holds(path):
            entries.add_link(path, target)
    return entries


def _others(inventory: Inventory, held: Entries, unlike: set[str]) -> Iterator[str]:
    """What the inventory does not name, outside of what people add. What stands below a link that
    was followed is what it led to."""
    for path in (*held.sizes, *held.links):
        named = path in inventory.files or path in inventory.links
        if not named and not added_by_hand(path) and not _below(path, unlike):
            yield path


def _below(path: str, places: set[str]) -> bool:
    while path := path.rpartition("/")[0]:
        if path in places:
            return True
    return False
