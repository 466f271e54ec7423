"""Which hosts of a run are finished, kept beside its files: a run that was interrupted, or killed,
goes on where it was.

A host has a line when all of its files are on disk. Each line begins with its own digest: what was
half written is no line. The first one says what run it is.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from vmfex.errors import UsageError
from vmfex.fleet.jobs import Jobs
from vmfex.fleet.judging import Done
from vmfex.fleet.targets import Target
from vmfex.fleet.words import Kept
from vmfex.folder.names import RECORD
from vmfex.version import VERSION

ANEW = "run without --resume to begin anew"


def identity(jobs: Jobs, wanted: Sequence[Target]) -> dict[str, str]:
    """What has to be the same for a run to be gone on with, by what it is called."""
    first, *_ = jobs.values()
    request = first.request
    asked = [job.request.sources.ucsm for job in jobs.values()]
    told: dict[str, object] = {
        "vmfex": VERSION,
        "rule set": first.rule_set.digest,
        "plan and waivers": [job.request.plan for job in jobs.values()],
        "selection of rules": (request.rules, request.tags, request.strict, request.guide_only),
        "libvirt": request.sources.libvirt_uri,
        "UCS Manager": [ucsm and (ucsm.url, ucsm.ca, ucsm.insecure) for ucsm in asked],
        "list of hosts": [(target.host, target.label, target.settings) for target in wanted],
    }
    return {name: sha256(ascii(value).encode()).hexdigest() for name, value in told.items()}


class Journal:
    """Of one run; `started` is when it began. `kept` is false where the disk had no room for a
    line: the run goes on without."""

    def __init__(self, file: Path, started: str, finished: Mapping[str, Done]) -> None:
        self._file = file
        self.started = started
        self.finished = finished
        self.kept = True

    @classmethod
    def begun(cls, file: Path, run: Mapping[str, str], started: str) -> "Journal":
        """A new one."""
        journal = cls(file, started, {})
        journal._write({"run": run, "started": started})
        return journal

    @classmethod
    def resumed(
        cls, file: Path, run: Mapping[str, str], wanted: Sequence[Target], new: Path
    ) -> "Journal":
        """The one of the run before. Raises UsageError where there is none, or it was another run's
        than this would be."""
        lines = _lines(file)
        head = next(lines, {})
        if "run" not in head:
            raise UsageError(
                f"there is no interrupted run to be resumed in {new.parents[1]}: {ANEW}"
            )
        changed = [name for name in run if head["run"].get(name) != run[name]]
        if changed:
            what = ", ".join(changed)
            raise UsageError(
                f"the interrupted run in {new.parents[1]} cannot be resumed, for this was changed "
                f"since: {what}; {ANEW}"
            )
        stamps = {target.label: _stamp(target) for target in wanted}
        finished: dict[str, Done] = {}
        kept: Kept = {}
        for line in lines:
            if line["stamp"] == stamps.get(line["label"]):
                done = Done.of_words(line["host"], kept)
                if _is_there(done, new):
                    finished[line["label"]] = done
        return cls(file, head["started"], finished)

    def add(self, target: Target, words: str) -> None:
        """The host is finished; the words are those of what it came to."""
        self._write({"label": target.label, "stamp": _stamp(target), "host": words})

    def _write(self, line: Mapping[str, Any]) -> None:
        text = json.dumps(line)
        try:
            with self._file.open("a", encoding="ascii") as stream:
                stream.write(f"\n{_seal(text)} {text}\n")  # a line of its own behind half of one
                stream.flush()
                os.fsync(stream.fileno())
        except OSError:
            self.kept = False


def _seal(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    """Those that are whole."""
    with suppress(FileNotFoundError), file.open(encoding="ascii", errors="replace") as lines:
        for line in lines:
            seal, _, text = line.rstrip("\n").partition(" ")
            if text and _seal(text) == seal:
                yield json.loads(text)


def _stamp(target: Target) -> list[int]:
    """What tells that a file was changed; nothing of what is no file."""
    if not isinstance(target.host.place, Path):
        return []
    try:
        status = target.host.place.stat()
    except OSError:
        return []
    return [status.st_size, status.st_mtime_ns]


def _is_there(done: Done, new: Path) -> bool:
    directory = done.summary.directory
    return directory is None or (new / directory / RECORD).is_file()
