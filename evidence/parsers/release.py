"""The distribution and its release, from the files in /etc that tell it."""

import re
from typing import NamedTuple

from vmfex.checks.model.fact import Evidence, Fact, Known
from vmfex.checks.model.host import Release
from vmfex.checks.text import shown
from vmfex.evidence.parsers import fact, give_up
from vmfex.evidence.tree import Tree, text

RHEL = "Red Hat Enterprise Linux"
RELEASE_FILES = ("etc/oracle-release", "etc/centos-release", "etc/redhat-release")
NUMBER = re.compile(r"(\d{1,9})(?:\.(\d{1,9}))?", re.ASCII)
LINE = re.compile(r"(?P<name>\S.*?) release (?P<rest>\d.*)")
SPELLINGS = re.compile(rf"{RHEL}( (Server|Workstation|Client|Desktop|ComputeNode))?")
CLONES = {  # os-release IDs, for the one that calls itself by RHEL's name
    "ol": "Oracle Linux",
    "centos": "CentOS Linux",
    "rocky": "Rocky Linux",
    "almalinux": "AlmaLinux",
    "scientific": "Scientific Linux",
}


class Reading(NamedTuple):
    """What one file says. `major` and `minor` are None where it does not tell them."""

    distribution: str
    major: int | None
    minor: int | None
    beta: bool
    text: str
    evidence: Evidence


@fact
def release(tree: Tree) -> Fact[Release]:
    """The release that all files agree on. The one file that names a clone is believed: clones
    ship RHEL's own files for the sake of software that asks only there."""
    readings: list[Reading] = []
    absent: list[Evidence] = []
    for path in ("etc/os-release", *RELEASE_FILES):
        content = text(tree, path)
        value = content.need()
        if value is None:
            absent += content.evidence
        else:
            read = _os_release if path == "etc/os-release" else _release_line
            readings.append(read(value, content.evidence[0]))
    if not readings:
        give_up("neither /etc/os-release nor /etc/redhat-release names the release", *absent)
    distribution = next((r.distribution for r in readings if r.distribution != RHEL), RHEL)
    agreeing = [r for r in readings if r.distribution == distribution]
    evidence = tuple(r.evidence for r in readings)
    version = _version(distribution, agreeing)
    return Known(Release(distribution, version, agreeing[-1].text), evidence)


def _version(distribution: str, readings: list[Reading]) -> tuple[int, int]:
    """(major, minor): 7 and 7.9 agree, and the one that says more is taken."""
    evidence = tuple(r.evidence for r in readings)
    said = " and ".join(f"{r.evidence.where} says {shown(r.text)}" for r in readings)
    majors = {r.major for r in readings if r.major is not None}
    minors = {r.minor for r in readings if r.minor is not None}
    if len(majors) > 1 or len(minors) > 1:
        give_up(f"the files disagree on the release: {said}", *evidence)
    if distribution == RHEL:
        if any(r.beta for r in readings):
            give_up(f"a beta is not a release: {said}", *evidence)
        if not majors or not minors:
            give_up(f"the minor release is not given: {said}", *evidence)
    return (majors.pop() if majors else 0, minors.pop() if minors else 0)


def _release_line(content: str, evidence: Evidence) -> Reading:
    line = content.strip().partition("\n")[0].strip()
    match = LINE.fullmatch(line)
    if match is None:
        give_up(f"{evidence.where} names no release: {shown(line)}", evidence)
    return _reading(match["name"], match["rest"], line, evidence)


def _os_release(content: str, evidence: Evidence) -> Reading:
    pairs = (line.strip().partition("=") for line in content.lstrip("\ufeff").splitlines())
    values = {key: _unquoted(value) for key, sep, value in pairs if sep and not key.startswith("#")}
    identity, name = values.get("ID", "linux"), values.get("NAME", "Linux")
    if SPELLINGS.fullmatch(name) and identity != "rhel":
        name = CLONES.get(identity, identity or "Linux")
    line = values.get("PRETTY_NAME") or f"{name} {values.get('VERSION', '')}".rstrip()
    beta = f"{values.get('VERSION', '')} {line}"
    reading = _reading(name, values.get("VERSION_ID", ""), line, evidence)
    return reading._replace(beta=_is_beta(beta))


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if quoted else value


def _reading(name: str, number: str, line: str, evidence: Evidence) -> Reading:
    match = NUMBER.match(number)
    major = int(match[1]) if match else None
    minor = int(match[2]) if match and match[2] else None
    return Reading(_distribution(name), major, minor, _is_beta(number), line, evidence)


def _distribution(name: str) -> str:
    """Its name without the edition: `Red Hat Enterprise Linux Server` is no other distribution.

    >>> _distribution("Oracle Linux Server"), _distribution("CentOS")
    ('Oracle Linux', 'CentOS Linux')
    """
    if SPELLINGS.fullmatch(name):
        return RHEL
    return {"CentOS": "CentOS Linux", "Oracle Linux Server": "Oracle Linux"}.get(name, name)


def _is_beta(said: str) -> bool:
    return re.search(r"\b(alpha|beta)\b", said, re.IGNORECASE) is not None
