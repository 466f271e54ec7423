"""What a run must neither overwrite nor remove: files of its names that it did not write."""

import errno
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from vmfex.errors import UsageError
from vmfex.folder.marker import MARKER, Marker, marker_of, walk
from vmfex.folder.moves import is_folder, refused
from vmfex.folder.names import PREVIOUS, WORK, WORKING, WRITTEN


def refuse_strangers(out: Path) -> None:
    """Raises UsageError, in one sentence, where something in the folder has one of our names and is
    not ours. Nothing is touched."""
    try:
        stranger = next(_strangers(out), None)
    except OSError as error:
        raise refused(out, error) from None
    if stranger is not None:
        raise UsageError(
            f"{out / stranger} was not written by vmfex, or was changed since: "
            "move it away, or give another folder for the reports (--out)"
        )


def _strangers(out: Path) -> Iterator[str]:
    if not os.path.lexists(out):
        return
    out.stat()  # what is there can be a link to nothing, or something in which nothing can be
    if not out.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(out))
    if os.path.lexists(out / WORK):
        there = _names_in(out / WORK) if is_folder(out / WORK) else [""]
        yield from (f"{WORK}/{name}".rstrip("/") for name in there if name not in WORKING)
    marker = marker_of(out)
    names = {*WRITTEN, *(marker.names if marker else ())}
    yield from _not_of(marker, out, "", names)
    if os.path.lexists(out / PREVIOUS):
        if not is_folder(out / PREVIOUS):
            yield PREVIOUS
            return
        marker = marker_of(out / PREVIOUS)
        yield from _not_of(marker, out, PREVIOUS, _names_in(out / PREVIOUS))


def _not_of(marker: Marker | None, out: Path, below: str, names: Iterable[str]) -> Iterator[str]:
    """What of these names below a folder its list does not have."""
    folder = out / below
    if os.path.lexists(folder / MARKER) and marker is None:
        yield f"{below}/{MARKER}".lstrip("/")
    for name in sorted({*names} - {MARKER}):
        files = [(name, f"{folder}/{name}")] if os.path.lexists(folder / name) else []
        if marker and name in marker.names and is_folder(folder / name):
            files = [*walk(folder, name)]
        for path, file in files:
            if marker is None or not marker.has(path, file):
                yield f"{below}/{path}".lstrip("/")


def _names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())
