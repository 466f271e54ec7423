"""A change as the command line says it: `--vfs eth0=24 --release 7.9 --topology NAME=4`."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

from vmfex.checks.model.plan import Topology
from vmfex.checks.text import shown
from vmfex.checks.what_if.change import EACH_PF, Change
from vmfex.errors import UsageError

MOST_VFS = 256  # of a VIC (DPDK 22.11, doc/guides/nics/enic.rst)
MOST_PLANNED = 1_000_000  # VM interfaces, as in plan.schema.json
_NUMBER = re.compile(r"\d{1,7}", re.ASCII)
_ADDRESS = re.compile(
    r"(?:([0-9a-f]{1,8}):)?([0-9a-f]{1,2}):([0-9a-f]{1,2})\.([0-7])", re.IGNORECASE | re.ASCII
)
_PF = re.compile(r"[^\s/]{1,127}")  # of a network device; an alternative one is longest (Linux)
_RELEASE = re.compile(r"(\d{1,2})\.(\d{1,2})", re.ASCII)


def change_of(vfs: Iterable[str], release: str | None, topologies: Iterable[str]) -> Change:
    """Raises UsageError, in one sentence, for a word that is none."""
    return Change(
        _vfs(vfs), _release(release) if release is not None else None, _planned(topologies)
    )


def _vfs(words: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for word in words:
        pf, equals, said = word.rpartition("=")
        number = _number(said, 0, MOST_VFS)
        if number is None or (equals and not _PF.fullmatch(pf)):
            raise UsageError(
                f"--vfs takes a number from 0 to {MOST_VFS}, or PF=NUMBER, and not {shown(word)}"
            )
        if found.setdefault(_as_linux_has_it(pf) or EACH_PF, number) != number:
            raise UsageError(f"--vfs has two numbers for {shown(pf) if pf else 'every PF'}")
    return found


def _as_linux_has_it(pf: str) -> str:
    """A PCI address with its domain, which lspci leaves out where it is 0, and in small letters;
    every other name as it is (no network device has a colon in its name)."""
    said = _ADDRESS.fullmatch(pf)
    if not said:
        return pf
    domain, bus, device = (int(part or "0", 16) for part in said.group(1, 2, 3))
    return f"{domain:04x}:{bus:02x}:{device:02x}.{said[4]}"


def _release(word: str) -> tuple[int, int]:
    said = _RELEASE.fullmatch(word)
    if not said:
        raise UsageError(
            "--release takes one of Red Hat Enterprise Linux as MAJOR.MINOR, such as 7.9, and not "
            f"{shown(word)}"
        )
    return int(said[1]), int(said[2])


def _planned(words: Iterable[str]) -> dict[Topology, int]:
    found: dict[Topology, int] = {}
    for word in words:
        name, equals, said = word.partition("=")
        number = _number(said, 1, MOST_PLANNED) if equals else 1
        if name not in set(Topology):
            raise UsageError(_no_topology(name))
        if number is None:
            raise UsageError(f"--topology takes NAME or NAME=NUMBER, and not {shown(word)}")
        if found.setdefault(Topology(name), number) != number:
            raise UsageError(f"--topology has two numbers for {shown(name)}")
    return found


def _number(word: str, least: int, most: int) -> int | None:
    number = int(word) if _NUMBER.fullmatch(word) else -1
    return number if least <= number <= most else None


def _no_topology(name: str) -> str:
    close = get_close_matches(name, list(Topology), n=1)
    guess = f"; did you mean {str(close[0])!a}?" if close else ""
    return f"{shown(name)} is not a topology: {', '.join(Topology)} are{guess}"
