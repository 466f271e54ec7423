"""What is to be collected of a host before it is judged: of one over SSH what it sends, as a file,
and UCS Manager's answers, once for all.
"""

import pickle
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Lock, Semaphore

from vmfex.checks.model.lazy import lazy
from vmfex.engine.certify import Job, Notify
from vmfex.engine.request import Sources
from vmfex.evidence.host_spec import HostKind
from vmfex.evidence.opening import fetch
from vmfex.fleet.fabric import hand_over
from vmfex.fleet.judging import Task
from vmfex.fleet.targets import Target
from vmfex.folder.folder import Folder

LIVE = (HostKind.LOCAL, HostKind.LIBVIRT)  # they answer bit by bit, while they are judged


def is_live(target: Target) -> bool:
    """Whether the host is judged by this process, in a thread."""
    return target.host.kind in LIVE


def is_bounded(target: Target) -> bool:
    """Whether what collects and judges it has a limit of its own."""
    return not is_live(target)


class Collecting:
    """Makes tasks; what hosts send comes from at most `at_once` of them at a time."""

    def __init__(self, job: Job, folder: Folder, at_once: int) -> None:
        self._job = job
        self._folder = folder
        self._turns = Semaphore(at_once)
        self._asking = Lock()
        self._request = pickle.dumps(replace(job.request, sources=Sources()))

    @contextmanager
    def task(self, target: Target, notify: Notify) -> Iterator[Task]:
        """With all that it names on disk, until its end. Raises OSError."""
        with self._turns:
            notify("reading")
            arrived = fetch(target.host, notify)
        with self._asking:
            fabric = self._fabric
        digest, new = self._job.rule_set.digest, self._folder.new
        file = self._folder.aside / target.label if arrived and arrived.raw else None
        try:
            if arrived and arrived.raw and file:
                with arrived.raw as raw, file.open("xb") as kept:
                    shutil.copyfileobj(raw, kept)
            failure = arrived.failure if arrived else ""
            yield Task(self._request, digest, target, new, file, failure, fabric)
        finally:
            if file:
                file.unlink(missing_ok=True)

    @lazy
    def _fabric(self) -> Path | None:
        if self._job.ucsm is None:
            return None
        file = self._folder.aside / ".ucsm"  # no label begins with a dot
        hand_over(self._job.ucsm, file)
        return file
