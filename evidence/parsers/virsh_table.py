"""The tables that `virsh list` and `virsh net-list` print."""

import re

from vmfex.checks.model.fact import Fact, Known, Unknown
from vmfex.checks.text import shown
from vmfex.evidence.parsers import excerpt

RULE = re.compile(r"-{10,}")  # below the headings
LINE_LIMIT = 1000  # characters; libvirt's names are those of files, with at most 255 bytes


def rows(printed: str, path: str, pattern: re.Pattern[str]) -> Fact[list[re.Match[str]]]:
    """The rows as `pattern` understands them, each without the blanks around it.

    Unknown where one is not understood, as in another language, or where the table was cut off:
    virsh ends each answer with a blank line (vshCommandRun in libvirt's tools/vsh.c)."""
    whole = excerpt(path, printed)
    headings, *lines = printed.split("\n\n", 1)[0].splitlines() or [""]
    if not headings.strip() or not lines or not RULE.fullmatch(lines[0].strip()):
        return Unknown(
            f"{path} cannot be understood: it does not begin as a table of virsh", (whole,)
        )
    if not printed.endswith("\n\n"):
        return Unknown(f"{path} is cut off: virsh ends a table with a blank line", (whole,))
    if printed.strip("\n").count("\n\n"):
        return Unknown(f"{path} cannot be understood: it has a blank line within", (whole,))
    found = []
    for line in lines[1:]:
        row = pattern.fullmatch(line.strip()) if len(line) <= LINE_LIMIT else None
        if row is None:
            return Unknown(f"{path} cannot be understood: {shown(line)}", (whole,))
        found.append(row)
    return Known(found, (whole,))
