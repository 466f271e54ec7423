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

from vmfex.allure_extent import Allure
from vmfex.engine.certify import Notify
from vmfex.engine.request import Sources
from vmfex.evidence.host_spec import HostKind
from vmfex.fleet.again import fetch
from vmfex.fleet.fabric import hand_over
from vmfex.fleet.jobs import Jobs
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
    """Makes tasks, in which `allure` says which of its results are written; what hosts send comes
    from at most `at_once` of them at a time."""

    def __init__(self, jobs: Jobs, folder: Folder, at_once: int, allure: Allure) -> None:
        self._jobs = jobs
        self._folder = folder
        self._allure = allure
        self._turns = Semaphore(at_once)
        self._asking = Lock()
        self._answers: dict[int, Path] = {}

    @contextmanager
    def task(self, target: Target, notify: Notify) -> Iterator[Task]:
        """With all that it names on disk, until its end. Raises OSError."""
        with self._turns:
            notify("reading")
            arrived = fetch(target.host, notify)
        job = self._jobs[target.settings]
        request, digest = pickle.dumps(replace(job.request, sources=Sources())), job.rule_set.digest
        fabric = self._answers.get(id(job.ucsm))
        may_ask = job.ucsm is not None and fabric is None
        new = self._folder.new
        file = self._folder.aside / target.label if arrived and arrived.raw else None
        try:
            if arrived and arrived.raw and file:
                with arrived.raw as raw, file.open("xb") as kept:
                    shutil.copyfileobj(raw, kept)
            failure = arrived.failure if arrived else ""
            yield Task(request, digest, target, new, file, failure, fabric, may_ask, self._allure)
        finally:
            if file:
                file.unlink(missing_ok=True)

    def with_answers(self, task: Task) -> Task:
        """The task with those of UCS Manager, who is asked once. Raises OSError."""
        ucsm = self._jobs[task.target.settings].ucsm
        if ucsm is None:
            return task
        with self._asking:
            if id(ucsm) not in self._answers:
                file = self._folder.aside / f".ucsm-{len(self._answers)}"  # which is no label
                hand_over(ucsm, file)
                self._answers[id(ucsm)] = file
        return replace(task, fabric=self._answers[id(ucsm)], may_ask=False)
