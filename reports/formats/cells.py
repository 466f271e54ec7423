"""Cells of a spreadsheet. What begins like a formula is text: a program may calculate, or send
away, what a host has put there."""

import re
from functools import lru_cache

from vmfex.reports.formats.telling import line

FORMULA = "=+-@\uff1d\uff0b\uff0d\uff20"  # the wide ones begin a formula in East Asian Excel
# A spreadsheet whose country parts cells by semicolons takes a quoted cell apart.
_WITHIN = re.compile(rf";(?=\s*[{re.escape(FORMULA)}])")
BOM = "\ufeff"  # without it Excel takes UTF-8 for the code page of its country


@lru_cache(maxsize=1024)  # what rules say is the same on each host
def cell(text: str) -> str:
    """Text as a cell shows it: on one line, and never a formula. Tabs are blanks, and other control
    characters escapes by then."""
    told = _WITHIN.sub(";'", line(text))
    return f"'{told}" if told.startswith(tuple(FORMULA)) else told
