"""The changelog of the running kernel's package, newest entry first, as rpm and Debian write it."""

import re

from vmfex.checks.model.fact import Evidence, Fact, Known
from vmfex.checks.model.host import Kernel, KernelChangelog
from vmfex.evidence.parsers import excerpt, fact, give_up
from vmfex.evidence.parsers.kernel import MONTHS
from vmfex.evidence.tree import Tree, text

PATH = "kernel-changelog"
NAMED = re.compile(r"\benic\b|CVE-2024-38659|IFLA_VF_PORTS")
MONTH = f"({'|'.join(MONTHS)})"
# `* Thu Jul 11 2024 A Name <mail> [5.14.0-427.26.1.el9_4]`, CentOS: `... <mail> - 5.14.0-427...`
RPM = re.compile(rf"^\* \w{{3}} {MONTH} +\d{{1,2}} (?:[\d:]+ \S+ )?(\d{{4}})\b(.*)$", re.MULTILINE)
RPM_VERSION = re.compile(r"(?:\[|- )(\d+\.\d+\.\d+-[\w.~+-]+)\]?\s*$", re.ASCII)
# `linux (6.1.176-1) bookworm; urgency=medium` until ` -- A Name <mail>  Sun, 01 Feb 2026 ...`
DEBIAN = re.compile(r"^[a-z][\w.+-]* \(([^()\s]+)\) [^;\n]+;", re.MULTILINE)
DEBIAN_END = re.compile(rf"^ -- .*?,\s+\d{{1,2}} {MONTH} (\d{{4}}) ", re.MULTILINE)
DEBIAN_KERNEL = re.compile(r"\bDebian (\S+) ")


@fact
def changelog(tree: Tree, kernel: Fact[Kernel]) -> Fact[KernelChangelog]:
    """The whole changelog; its evidence is the lines that a rule may look for. Unknown unless its
    entries have dates, and the newest is no older than the running kernel: one of another package,
    or half of one, tells nothing."""
    content = text(tree, PATH)
    value = content.need()
    if not value or not value.strip():
        give_up("the running kernel's package has no changelog here", *content.evidence)
    whole = excerpt(PATH, value)
    running = kernel.need()
    if not value.endswith("\n"):
        give_up(f"{PATH} is cut off: its last line does not end", whole)
    entries = [(m[2], m[1], m[3]) for m in RPM.finditer(value)]
    headings = [match[1] for match in DEBIAN.finditer(value)]
    ends = [(match[2], match[1]) for match in DEBIAN_END.finditer(value)]
    if not entries and len(headings) != len(ends):
        give_up(f"{PATH} is cut off: {len(headings)} entries and {len(ends)} dates", whole)
    dates = [(int(y), MONTHS.index(m) + 1) for y, m in [e[:2] for e in entries] or ends]
    if not dates:
        give_up(f"{PATH} is not a kernel package's changelog: it has no dated entry", whole)
    named = RPM_VERSION.search(entries[0][2]) if entries else None
    newest = named[1] if named else headings[0] if headings and not entries else ""
    debian = DEBIAN_KERNEL.search(" ".join(e.raw for e in kernel.evidence))
    mine = debian[1] if debian and not entries else running.release
    if newest and (not _is_same_kind(newest, mine) or _numbers(newest) < _numbers(mine)):
        give_up(f"{PATH} begins with {newest}, and the running kernel is {mine}", whole)
    if not newest and (running.built is None or dates[0] < running.built):
        give_up(f"{PATH} does not tell whether it reaches up to the running kernel", whole)
    lines = value.splitlines()
    raw = "\n".join(line for line in lines if NAMED.search(line))
    evidence = Evidence(PATH, raw or f"(none of its {len(lines)} lines names enic)")
    return Known(KernelChangelog(value, min(dates)), (evidence,))


def _is_same_kind(newest: str, running: str) -> bool:
    """Whether both are of one upstream release: another one's changelog is another kernel's."""
    return _numbers(newest)[:2] == _numbers(running)[:2]


def _numbers(version: str) -> tuple[int, ...]:
    """The numbers that order two versions, without those of the distribution and the machine.

    >>> _numbers("4.18.0-553.8.1.el8_10.x86_64"), _numbers("6.1.176-1")
    ((4, 18, 0, 553, 8, 1), (6, 1, 176, 1))
    """
    own = re.split(r"[.~+](?:el|fc)\d|~bpo|-(?:amd64|generic)", version)[0]
    return tuple(int(number) for number in re.findall(r"\d+", own))
