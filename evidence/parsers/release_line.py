"""The one line of /etc/redhat-release and its like: `NAME release NUMBER (CODE NAME)`."""

import re

from vmfex.checks.model.fact import Evidence
from vmfex.checks.text import shown
from vmfex.evidence.parsers.distributions import CALLED, EDITIONS, HYPERVISORS, RHEL, names_other
from vmfex.evidence.parsers.release_reading import BUILT_FROM, NUMBER, Kind, Reading

LINE = re.compile(r"(?P<name>\S.*?) release (?P<number>\d[\d.]*)(?P<rest>.*)", re.ASCII)
FINISHED = re.compile(r"( \([^()]*\))? *")  # `8.4 Beta (Ootpa)` and its like are not a release
BUILD = re.compile(r"\bel(\d{1,3})", re.ASCII)


def read_release_line(content: str, evidence: Evidence) -> Reading:
    """What the file's first line says. Where a line ends neither in a line feed nor in the closing
    parenthesis of the code name, its end may have been cut off."""
    first, ended, _ = content.strip("\ufeff \t\r\n\v\f").partition("\n")
    line = first.strip()
    whole = bool(ended) or content.endswith("\n") or line.endswith(")")
    match = LINE.fullmatch(line)
    name = CALLED.get(match["name"], match["name"]) if match else line
    if names_other(name):
        other = Reading(Kind.OTHER, line, evidence, name if match else shown(line))
        return other.numbered(match["number"]) if match else other
    if match is None or not whole:
        cut = not whole and (match or RHEL.startswith(line) or line.startswith("Red Hat "))
        problem = "is cut off" if cut else "names no release"
        return Reading(Kind.UNCLEAR, f"{evidence.where} {problem}: {shown(line)}", evidence)
    if HYPERVISORS.fullmatch(name):
        return _hypervisor(name, match["number"], match["rest"], line, evidence)
    rhel = Reading(Kind.RHEL, line, evidence)
    if EDITIONS.fullmatch(name):
        return _rhel(rhel, match["number"], match["rest"])
    if name.startswith(f"{RHEL} "):  # CoreOS and Atomic Host have numbers of their own
        return rhel._replace(image=True)
    return Reading(Kind.FOREIGN, line, evidence, name).numbered(match["number"])


def _rhel(rhel: Reading, number: str, rest: str) -> Reading:
    if number.count(".") > 1 or NUMBER.fullmatch(number) is None:
        problem = f"{rhel.evidence.where} has a number that RHEL does not have: {shown(rhel.text)}"
        return rhel._replace(kind=Kind.UNCLEAR, text=problem)
    return rhel.numbered(number)._replace(beta=FINISHED.fullmatch(rest) is None)


def _hypervisor(name: str, number: str, rest: str, line: str, evidence: Evidence) -> Reading:
    """RHEV-H has the number of its RHEL, `6.7 (20160219.0.el6ev)`; RHVH its own, `4.0 (el7.2)`."""
    rhel = Reading(Kind.RHEL, line, evidence, image=True)
    if built := BUILT_FROM.search(rest):
        return rhel._replace(major=int(built[1]), minor=int(built[2]))
    build = BUILD.search(rest)
    numbered = rhel.numbered(number)
    if name.endswith("Host") or (build and int(build[1]) != numbered.major):
        return rhel
    return numbered
