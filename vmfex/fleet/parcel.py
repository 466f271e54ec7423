"""A host on its way to another machine, and what comes back of it: bytes go in, bytes come out, and
no folder is shared.

What comes back is JSON, so that nothing is made of it but texts. What goes in is a pickle: a worker
runs whatever its scheduler hands to it (docs/remote.md says whom that takes trust in).
"""

import json
import pickle
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from vmfex.evidence.archive.entries import flaw
from vmfex.exit_status import Exit
from vmfex.fleet.judging import ASK_UCSM, Done, Task
from vmfex.folder.moves import remove
from vmfex.folder.names import HOSTS

LARGEST = 64 * 2**20  # bytes of a file that goes over the network; a capture has some MB
FAST = 1  # zlib's level: a capture of 4 MB is a tenth of that, in the time of reading it
Work = Callable[[Task], str]


def packed(work: Work, task: Task) -> bytes | None:
    """What another machine needs to do this work. None where it has to be done here: the evidence
    is a directory, large, or cannot be read, which is told as ever."""
    files = [path for path in (_recording(task), task.arrived, task.fabric) if path]
    try:
        if any(not path.is_file() or path.stat().st_size > LARGEST for path in files):
            return None
        contents = {path: path.read_bytes() for path in files}
    except OSError:
        return None
    return zlib.compress(pickle.dumps((work, task, contents)), FAST)


def unpacked(parcel: bytes, place: Path, shared: Path) -> tuple[Work, Task]:
    """The work with its files: those of this host in `place`, and UCS Manager's answers, which one
    process has read for the hosts before it, in `shared`. Raises OSError."""
    work, task, contents = pickle.loads(zlib.decompress(parcel))
    task = replace(task, new=place / "new")
    if recording := _recording(task):
        # under its own name, which may be what the host is called
        own = _laid(place / "recording" / recording.name, contents[recording])
        task = replace(task, target=replace(task.target, host=replace(task.target.host, place=own)))
    if task.arrived:
        task = replace(task, arrived=_laid(place / "arrived", contents[task.arrived]))
    if task.fabric:
        answers: bytes = contents[task.fabric]
        file = shared / f"ucsm-{sha256(answers).hexdigest()}"
        if not file.exists():
            _laid(place / file.name, answers).replace(file)  # whole, whoever else does the same
        task = replace(task, fabric=file)
    return work, task


def _recording(task: Task) -> Path | None:
    place = task.target.host.place
    return place if isinstance(place, Path) else None


def _laid(file: Path, content: bytes) -> Path:
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content)
    return file


def answer(told: Mapping[str, Any]) -> bytes:
    """What is sent back."""
    return zlib.compress(json.dumps(told).encode("ascii"), FAST)


def files_of(task: Task) -> dict[str, str]:
    """The files that judging left, each byte as a character, by their names below the host's
    folder."""
    folder = task.new / HOSTS / task.target.label
    return {
        str(path.relative_to(folder)): path.read_bytes().decode("latin-1")
        for path in folder.rglob("*")
        if path.is_file()
    }


def read_answer(sent: bytes) -> dict[str, Any]:
    """Raises ValueError for what is none."""
    try:
        told = json.loads(zlib.decompress(sent))
    except (TypeError, zlib.error, RecursionError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error
    if not isinstance(told, dict):
        raise ValueError("it is no mapping")
    return told


def received(words: str, files: Mapping[str, str], task: Task) -> str:
    """Puts the files of the host in their place. Returns its words, which say so where that could
    not be done. Raises ValueError for what is of no host, or of another one."""
    if words == ASK_UCSM:
        return words
    done = Done.of_words(words)
    if done.summary.label != task.target.label or any(map(flaw, files)):
        raise ValueError("it is about something else")
    place = task.new / HOSTS / task.target.label
    try:
        remove(place)
        for name, content in files.items():
            file = place / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode("latin-1"))
    except OSError as error:
        reason = f"the reports cannot be written: {error.strerror or error}"
        status = Exit.INTERNAL_ERROR
        return Done(
            replace(done.summary, directory=None, status=status, reason=reason), done.site
        ).words()
    return words
