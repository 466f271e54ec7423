"""The distribution and its release, from the files that tell it."""

from vmfex.checks.model.fact import Evidence, Fact, Known, Missing, Unknown
from vmfex.checks.model.host import Release
from vmfex.checks.text import shown
from vmfex.evidence.parsers import fact
from vmfex.evidence.parsers.distributions import RHEL
from vmfex.evidence.parsers.os_release import read_os_release
from vmfex.evidence.parsers.release_line import read_release_line
from vmfex.evidence.parsers.release_reading import Kind, Reading
from vmfex.evidence.tree import Tree, text, where

OS_RELEASE = ("etc/os-release", "usr/lib/os-release")  # os-release(5): the second if not the first
RELEASE_LINES = ("etc/oracle-release", "etc/centos-release", "etc/redhat-release")
MORE_LINES = tuple(
    f"etc/{name}-release"
    for name in ("rocky", "almalinux", "sl", "eurolinux", "fedora", "altlinux", "system")
)  # where they are there; no source has to have them
FIRST_WITH_OS_RELEASE = 7
REPAIR = (
    "Put the files back as Red Hat's package has them: `rpm -Vf /etc/redhat-release` shows what "
    "was changed."
)


class _Files:
    """The files of a host that have something in them, and those that have not."""

    def __init__(self, tree: Tree) -> None:
        self.readings: list[Reading] = []
        self.unread: list[Unknown] = []
        self.nothing: list[Evidence] = []  # absent or empty
        self.emptied = ""  # an os-release that is there with nothing in it
        self.fallback: Unknown | None = None
        self.tells_os = self._read_os_release(tree)
        for path in (*RELEASE_LINES, *MORE_LINES):
            content = text(tree, path)
            if isinstance(content, Known):
                self._read_line(content.value, content.evidence[0])
            elif path in RELEASE_LINES:
                self.unread.append(content)

    def _read_os_release(self, tree: Tree) -> bool:
        for path in OS_RELEASE:
            content = text(tree, path)
            if isinstance(content, Unknown):
                if path == OS_RELEASE[0]:
                    self.unread.append(content)
                    return False
                self.fallback = content
            elif content.value and content.value.strip():
                self.readings.append(read_os_release(content.value, content.evidence[0]))
                return True
            else:
                self.nothing += content.evidence
                if content.value is not None:
                    self.emptied = self.emptied or where(path)
        return False

    def _read_line(self, content: str | None, evidence: Evidence) -> None:
        if content and content.strip():
            self.readings.append(read_release_line(content, evidence))
        elif evidence.where == "/etc/redhat-release" or content is not None:
            self.nothing.append(evidence)

    @property
    def empty(self) -> list[str]:
        return [e.where for e in self.nothing if e.raw != "(no such file)"]

    def of(self, kind: Kind) -> list[Reading]:
        return [reading for reading in self.readings if reading.kind is kind]


@fact
def release(tree: Tree) -> Fact[Release]:
    """The release that all files agree on. One file that names another distribution is believed:
    clones ship RHEL's own files for the sake of software that asks only there. A file with nothing
    in it decides nothing, and RHEL is only who no file speaks against."""
    files = _Files(tree)
    evidence = tuple(reading.evidence for reading in files.readings)
    others = files.of(Kind.OTHER) or ([] if files.tells_os else files.of(Kind.FOREIGN))
    if others and not (files.unread and others[0].kind is Kind.FOREIGN):
        first = others[0]
        alike = [r for r in others if r.name == first.name]
        return Known(Release(first.name, _other_version(alike), first.text), evidence)
    if files.unread:
        raise Missing(files.unread[0])
    for reading in files.of(Kind.UNCLEAR):
        _give_up(reading.text, *evidence)
    if files.of(Kind.FOREIGN):
        _give_up(f"the files disagree on the distribution: {_said(files.readings)}", *evidence)
    if not files.readings:
        _give_up(_nothing(files), *files.nothing)
    _not_red_hats_line_alone(files)
    version = _version(files.readings)
    telling = [reading for reading in files.readings if reading.major is not None]
    return Known(Release(RHEL, version, telling[-1].text), evidence)


def _nothing(files: _Files) -> str:
    if files.empty:
        says = "name no release: nothing is in them"
        one = "names no release: nothing is in it"
        return f"{' and '.join(files.empty)} {one if len(files.empty) == 1 else says}"
    return "neither /etc/os-release nor /etc/redhat-release names the release"


def _not_red_hats_line_alone(files: _Files) -> None:
    """Raises Missing where an os-release should be and tells nothing: then a clone that keeps Red
    Hat's line in /etc/redhat-release (Oracle Linux) would look like RHEL."""
    if files.tells_os:
        return
    said = _said(files.readings)
    if files.emptied:
        _give_up(f"{files.emptied} is empty, and {said}, as some clones' file does", *files.nothing)
    due = any((r.major or 0) >= FIRST_WITH_OS_RELEASE and not r.image for r in files.readings)
    if due and files.fallback is not None:
        reason = f"/etc/os-release is missing, {files.fallback.reason}, and {said}"
        _give_up(f"{reason}, as some clones' file does", *files.nothing)


def _version(readings: list[Reading]) -> tuple[int, int]:
    """(major, minor): 7 and 7.9 agree, and the one that says more is taken. Raises Missing."""
    evidence = tuple(r.evidence for r in readings)
    said = _said(readings)
    majors = {r.major for r in readings if r.major is not None}
    minors = {r.minor for r in readings if r.minor is not None}
    if len(majors) > 1 or len(minors) > 1:
        _give_up(f"the files disagree on the release: {said}", *evidence)
    if any(r.beta for r in readings):
        released = (
            "Install the release itself, not its beta: `subscription-manager repos` lists them."
        )
        raise Missing(Unknown(f"a beta is not a release: {said}", evidence, released))
    if not majors and any(r.image for r in readings):
        reason = f"the files do not name the release of {RHEL} that the image is built from"
        image = (
            f"Look up on which release of {RHEL} this image is built; update it if that is too old."
        )
        raise Missing(Unknown(f"{reason}: {said}", evidence, image))
    if not majors or not minors:
        _give_up(f"the minor release is not given: {said}", *evidence)
    return majors.pop(), minors.pop()


def _other_version(readings: list[Reading]) -> tuple[int, int]:
    majors = [r.major for r in readings if r.major is not None]
    minors = [r.minor for r in readings if r.minor is not None]
    return (majors[0] if majors else 0, minors[0] if minors else 0)


def _said(readings: list[Reading]) -> str:
    return " and ".join(f"{r.evidence.where} says {shown(r.text)}" for r in readings)


def _give_up(reason: str, *evidence: Evidence) -> None:
    raise Missing(Unknown(reason, evidence, REPAIR))
