"""When a sosreport was made, by what its plugin `date` has printed."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

FILES = ("sos_commands/date/date_--utc", "sos_commands/date/date")
# date(1) in the locales C and en_US: "Fri Nov 27 08:10:48 UTC 2026", and newer coreutils'
# "Fri 27 Nov 2026 08:10:48 AM UTC". Other zones' names do not tell their offset.
FORMATS = ("%a %b %d %H:%M:%S UTC %Y", "%a %d %b %Y %I:%M:%S %p UTC", "%a %b %d %I:%M:%S %p UTC %Y")


def made_at(files: Mapping[str, bytes]) -> str:
    """ISO 8601 in UTC; empty where the report does not tell."""
    for path in FILES:
        text = re.sub(r"\s+", " ", files.get(path, b"")[:200].decode("ascii", "replace")).strip()
        for form in FORMATS:
            try:
                made = datetime.strptime(text, form).replace(tzinfo=UTC)
            except ValueError:
                continue
            return f"{made:%Y-%m-%dT%H:%M:%SZ}"
    return ""
