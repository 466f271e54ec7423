"""The running kernel, from one line of uname, and its package's changelog."""

import re

from vmfex.checks.model.fact import Evidence, Fact, Known
from vmfex.checks.model.host import Kernel
from vmfex.checks.text import shown
from vmfex.evidence.parsers import fact, give_up
from vmfex.evidence.tree import Tree, text

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DATE = re.compile(rf"\b({'|'.join(MONTHS)}) +\d+ \d\d:\d\d:\d\d (?:\S+ )?(\d{{4}})\b", re.ASCII)
DEBIAN_DATE = re.compile(r"\((\d{4})-(0[1-9]|1[0-2])-\d\d\)", re.ASCII)
ENIC = re.compile(r"\benic\b|CVE-2024-38659")


@fact
def kernel(tree: Tree) -> Fact[Kernel]:
    content = text(tree, "uname")
    line = content.need()
    if line is None:
        give_up("nobody asked the kernel what it is (uname)", *content.evidence)
    words = line.split()
    if words[-1:] == ["GNU/Linux"]:  # `uname -a` adds it, after the machine once to three times
        words.pop()
        while words[-2:-1] == words[-1:]:
            words.pop()
    if len(words) < 4 or words[0] != "Linux" or not words[2][0].isdigit():
        give_up(f"uname does not name a Linux kernel: {shown(line.strip())}", *content.evidence)
    return Known(Kernel(words[2], words[-1], _built(" ".join(words[3:-1]))), content.evidence)


def _built(version: str) -> tuple[int, int] | None:
    """(year, month) of the build, which RHEL writes as a date and Debian as an ISO one.

    >>> _built("#1 SMP Mon Oct 19 16:18:59 UTC 2020")
    (2020, 10)
    >>> _built("#1 SMP PREEMPT_DYNAMIC Debian 6.1.176-1 (2026-02-01)")
    (2026, 2)
    """
    if match := DATE.search(version):
        return int(match[2]), MONTHS.index(match[1]) + 1
    if match := DEBIAN_DATE.search(version):
        return int(match[1]), int(match[2])
    return None


@fact
def changelog(tree: Tree) -> Fact[str]:
    """The whole changelog; its evidence is the lines that name the VIC's network driver."""
    content = text(tree, "kernel-changelog")
    value = content.need()
    if not value or not value.strip():
        give_up("the running kernel's package has no changelog here", *content.evidence)
    lines = value.splitlines()
    named = [line for line in lines if ENIC.search(line)]
    raw = "\n".join(named) or f"(none of its {len(lines)} lines names enic)"
    return Known(value, (Evidence("kernel-changelog", raw),))
