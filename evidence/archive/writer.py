"""Writes a recording as a directory or a tar: whole or not at all, and over nothing."""

import io
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from vmfex.evidence.archive.entries import KEEP, Entries, RecordingError, shown

_PACKINGS: dict[str, Literal["w:", "w:gz", "w:xz", "w:bz2"]] = {
    ".tar": "w:",
    ".tar.gz": "w:gz",
    ".tgz": "w:gz",
    ".tar.xz": "w:xz",
    ".txz": "w:xz",
    ".tar.bz2": "w:bz2",
    ".tbz2": "w:bz2",
}


@dataclass(frozen=True, slots=True)
class Contents:
    """What to write; `entries` vouches that no name leaves the recording or passes a link."""

    entries: Entries
    files: Mapping[str, bytes]
    documents: Mapping[str, bytes]

    def all_files(self) -> dict[str, bytes]:
        """With a file that keeps each empty directory where recordings are kept in git."""
        children = self.entries.children()
        keep = {f"{path}/{KEEP}": b"" for path, names in children.items() if path and not names}
        return {**self.documents, **self.files, **keep}


def write_recording(target: Path, contents: Contents) -> None:
    """To a tar if the name ends like one, else to a directory. Raises RecordingError."""
    suffix = max((end for end in _PACKINGS if target.name.endswith(end)), key=len, default=None)
    try:
        _refuse_existing(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as aside:
            made = Path(aside) / "recording"
            if suffix is None:
                _write_directory(made, contents)
            else:
                _write_tar(made, contents, _PACKINGS[suffix])
            _refuse_existing(target)
            made.rename(target)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise RecordingError(
            f"The recording {shown(str(target))} cannot be written: {reason}."
        ) from None


def _refuse_existing(target: Path) -> None:
    if target.is_dir() and not target.is_symlink() and not any(target.iterdir()):
        return
    if target.is_symlink() or target.exists():
        raise RecordingError(
            f"{shown(str(target))} is there already: a recording is written to a new place "
            "or an empty directory."
        )


def _write_directory(top: Path, contents: Contents) -> None:
    top.mkdir()
    for path in sorted(contents.entries.directories - {""}):
        (top / path).mkdir()
    for path, content in contents.all_files().items():
        with (top / path).open("xb") as file:
            file.write(content)
    for path, target in contents.entries.links.items():
        (top / path).symlink_to(target)


def _write_tar(
    file: Path, contents: Contents, mode: Literal["w:", "w:gz", "w:xz", "w:bz2"]
) -> None:
    with tarfile.open(file, mode) as tar:
        for path in sorted(contents.entries.directories - {""}):
            directory = tarfile.TarInfo(path)
            directory.type, directory.mode = tarfile.DIRTYPE, 0o755
            tar.addfile(directory)
        for path, content in sorted(contents.all_files().items()):
            member = tarfile.TarInfo(path)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
        for path, target in sorted(contents.entries.links.items()):
            link = tarfile.TarInfo(path)
            link.type, link.linkname = tarfile.SYMTYPE, target
            tar.addfile(link)
