"""The running kernel, from one line of uname."""

import re

from vmfex.checks.model.fact import Fact, Known
from vmfex.checks.model.host import Kernel
from vmfex.checks.text import shown
from vmfex.evidence.parsers import fact, give_up
from vmfex.evidence.tree import Tree, text

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DATE = re.compile(rf"\b({'|'.join(MONTHS)}) +\d+ \d\d:\d\d:\d\d (?:\S+ )?(\d{{4}})\b", re.ASCII)
DEBIAN_DATE = re.compile(r"\((\d{4})-(0[1-9]|1[0-2])-\d\d\)", re.ASCII)
# `uname -m` of the kernel's architectures. In `uname -a` up to two more words follow, the processor
# and the platform, which may differ: `i686 athlon i386 GNU/Linux`.
MACHINE = re.compile(
    r"x86_64|i[3-6]86|aarch64(_be)?|armv\d\w*|ppc(64)?(le)?|s390x?|riscv(32|64)|ia64|alpha"
    r"|loongarch(32|64)|mips(64)?|parisc(64)?|sparc(64)?|sh\d\w*|m68k",
    re.ASCII,
)
PROCESSOR = re.compile(r"athlon|unknown|GenuineIntel|AuthenticAMD|Intel|AMD")


@fact
def kernel(tree: Tree) -> Fact[Kernel]:
    content = text(tree, "uname")
    line = content.need()
    if line is None:
        give_up("nobody asked the kernel what it is (uname)", *content.evidence)
    words = line.split()
    if words[-1:] in (["GNU/Linux"], ["Linux"]):  # of `uname -a`
        words.pop()
    if len(words) < 4 or words[0] != "Linux" or not words[2][0].isdigit():
        give_up(f"uname does not name a Linux kernel: {shown(line.strip())}", *content.evidence)
    behind = len(words)
    while behind > max(4, len(words) - 3) and _is_hardware(words[behind - 1]):
        behind -= 1
    while behind < len(words) and not MACHINE.fullmatch(words[behind]):
        behind += 1
    if behind == len(words):
        cut = f"uname does not end with the machine, as if cut off: {shown(line.strip())}"
        give_up(cut, *content.evidence)
    version = " ".join(words[3:behind])
    return Known(Kernel(words[2], words[behind], _built(version)), content.evidence)


def _is_hardware(word: str) -> bool:
    return bool(MACHINE.fullmatch(word) or PROCESSOR.fullmatch(word))


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
