"""One host of many judged and its reports written, in whatever process: a task comes in, and words
(words.py) go out.
"""

import gc
import pickle
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from vmfex.allure_extent import Allure
from vmfex.checks.rules.move import Site
from vmfex.engine import output
from vmfex.engine.certify import Job, Notify, Outcome, judge_host, open_host, silent
from vmfex.engine.request import Request
from vmfex.engine.rule_set import load
from vmfex.evidence.archive.entries import RecordingError
from vmfex.evidence.sources.unread import UnreadTree
from vmfex.evidence.tree import Tree
from vmfex.exit_status import Exit
from vmfex.fleet import findings
from vmfex.fleet.allure import host_in_allure
from vmfex.fleet.fabric import Answers, Unasked
from vmfex.fleet.processes import WorkerLost
from vmfex.fleet.targets import Target
from vmfex.fleet.words import Kept, from_words, to_words
from vmfex.folder.moves import remove
from vmfex.folder.names import HOSTS
from vmfex.reports import summary
from vmfex.reports.summary import HostSummary

if TYPE_CHECKING:
    from vmfex.evidence.sources.ssh import Arrived


FEW_CYCLES = 100_000  # objects between two collections: a host leaves six hundred in cycles
ASK_UCSM = to_words(None)  # instead of an answer: judging the host takes those of UCS Manager


@dataclass(frozen=True, slots=True)
class Task:
    """What a process needs to judge a host: the pickled request and the digest of the rules, the
    host, the folder of the run's files, and what arrived of the host over SSH (a file, and why not
    more). `fabric` is a file of UCS Manager's answers; `may_ask` is true where that can be had, and
    nobody knows yet whether it has to; `allure` says which of its results are written."""

    request: bytes
    ruleset: str
    target: Target
    new: Path
    arrived: Path | None = None
    failure: str = ""
    fabric: Path | None = None
    may_ask: bool = False
    allure: Allure = Allure.ALL


@dataclass(frozen=True, slots=True)
class Done:
    """What is left of a host when its reports are written."""

    summary: HostSummary
    site: Site | None

    def words(self) -> str:
        return to_words((self.summary, self.site))

    @classmethod
    def of_words(cls, line: str, kept: Kept | None = None) -> "Done":
        """In which what was `kept` of other hosts is in memory once. Raises ValueError."""
        match from_words(line, kept):
            case (HostSummary() as summary, (Site() | None) as site):
                return cls(summary, site)
        raise ValueError("these are the words of no host")


def judge(task: Task) -> str:
    """The words of what a host came to, or `ASK_UCSM`. Raises what broke the program."""
    job, unasked = _job(task.request, task.ruleset, task.fabric), Unasked()
    if task.may_ask:
        job = replace(job, ucsm=unasked)
    outcome = certify_host(task.target, job, silent, _arrived(task))
    if unasked.wanted:
        return ASK_UCSM
    return write(task.target, job, outcome, task.new, task.allure).words()


@lru_cache(maxsize=8)
def _job(request: bytes, ruleset: str, fabric: Path | None) -> Job:
    """Rules are read and bound once in a process."""
    wanted: Request = pickle.loads(request)
    rules = load()
    if rules.digest != ruleset:
        raise RuntimeError("the rules were changed while the run was under way")
    chosen = rules.chosen(wanted.rules, wanted.tags)
    gc.freeze()  # what stays is not gone through again with every host
    gc.set_threshold(FEW_CYCLES)
    return Job(wanted, rules, chosen, Answers.at(fabric) if fabric else None)


def _arrived(task: Task) -> "Arrived | None":
    if task.arrived is None and not task.failure:
        return None
    from vmfex.evidence.sources.ssh import Arrived

    return Arrived(task.arrived.open("rb") if task.arrived else None, task.failure)


def certify_host(
    target: Target, job: Job, notify: Notify, arrived: "Arrived | None" = None
) -> Outcome:
    """A host that cannot be opened is a result too."""
    tree: Tree
    try:
        tree = open_host(target.host, job, notify, arrived)
    except RecordingError as error:
        tree = UnreadTree(target.label, str(error))
    return judge_host(tree, job, target.label)


def without_host(target: Target, job: Job, error: Exception) -> Outcome:
    """What is to be said of a host whose reading never came to its end."""
    if isinstance(error, (TimeoutError, WorkerLost)):
        reason, fault = f"the host was given up: {error}", ""
    else:
        reason = fault = f"internal error in reading the host: {type(error).__name__}: {error}"
    return judge_host(UnreadTree(target.label, reason), job, target.label, fault)


def write(
    target: Target, job: Job, outcome: Outcome, new: Path, allure: Allure = Allure.ALL
) -> Done:
    """Writes the reports of a host, over those that a process may have left half-way."""
    certification, status = outcome.certification, outcome.status
    reason = "; ".join(dict.fromkeys(filter(None, [outcome.lost, *outcome.errors[:1]])))
    directory: str | None = f"{HOSTS}/{target.label}"
    place = new / HOSTS / target.label
    try:
        remove(place)
        if outcome.misleads:
            directory = None
        else:
            place.mkdir(parents=True)
            shown = host_in_allure(certification.host, target.label)
            output.write(place, outcome, job.rule_set.rules, shown, allure)
            findings.keep(place, certification)
    except OSError as error:
        directory, status = None, Exit.INTERNAL_ERROR
        reason = f"the reports cannot be written: {error.strerror or error}"
        with suppress(OSError):
            remove(place)
    told = summary.summarise(
        certification,
        target.source,
        target.label,
        status=status,
        directory=directory,
        reason=reason,
        misleads=outcome.misleads,
    )
    return Done(told, outcome.site)
