"""`vmfex record HOST DIR`: everything that any rule may ask for, written as a recording."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from vmfex.checks.model.fact import Unknown
from vmfex.engine.request import Sources
from vmfex.exit_status import Exit
from vmfex.progress import Progress, say

if TYPE_CHECKING:
    from vmfex.evidence.host import ReadHost
    from vmfex.evidence.host_spec import HostSpec
    from vmfex.evidence.sources.ucsm.manager import UcsManager, UcsmRequest


def record(host: "HostSpec", target: Path, sources: Sources) -> Exit:
    """Returns 0, or 6 for a host that could not be read, of which nothing is written. Raises
    RecordingError or UcsmError for what cannot be used."""
    from vmfex.evidence.every_fact import read_everything
    from vmfex.evidence.host import ReadHost
    from vmfex.evidence.opening import open_tree
    from vmfex.evidence.recorder import RecordingTree

    with Progress(f"recording {host.text}", quiet=False) as progress:
        manager = _manager(sources.ucsm, progress) if sources.ucsm else None
        opened = open_tree(
            host,
            libvirt_uri=sources.libvirt_uri,
            ucsm=manager,
            notify=progress.say,
            guests=sources.guests,
        )
        # what did arrive of a capture has a digest: a part of it is better than nothing
        if opened.lost and opened.digest is None:
            say(f"nothing is recorded: {opened.lost}")
            return Exit.INCOMPLETE
        tree = RecordingTree(opened)
        read = ReadHost(tree)
        read_everything(read)
        lost = tree.write(target)
    for sentence in _of_the_fabric(read) if sources.ucsm else ():
        say(sentence)
    if lost:
        say(f"the host changed meanwhile; recorded as unknown: {', '.join(lost)}")
    return Exit.CERTIFIED


def _of_the_fabric(host: "ReadHost") -> Iterator[str]:
    """What UCS Manager did not tell, and what is to be known of how it was asked."""
    from vmfex.evidence.sources.ucsm.classes import CLASSES

    answers = [host.fabric.objects(class_id) for class_id in CLASSES]
    reasons = dict.fromkeys(a.reason for a in answers if isinstance(a, Unknown))
    yield from (f"recorded as unknown: {reason}" for reason in reasons)
    yield from host.fabric.notes()


def _manager(asked: "UcsmRequest", progress: Progress) -> "UcsManager":
    from vmfex.evidence.sources.ucsm.manager import open_manager

    return open_manager(asked, progress.say)
