"""`python -m tests.reports.formats.remake_golden` writes the golden files anew. The diff is looked
through before it is committed."""

import json
from pathlib import Path
from typing import Any

from tests.support.format_readers import sheets
from tests.support.formats import CONTEXT, WHOLE
from vmfex.reports.formats import MODULES, module_of

GOLDEN = Path(__file__).with_name("golden")
SUFFIX = {"csv": "csv", "actions": "csv", "nagios": "txt", "prometheus": "prom"}  # others: JSON


def path_of(name: str) -> Path:
    return GOLDEN / f"{name}.{SUFFIX.get(name, 'json')}"


def shown(name: str) -> str:
    """A format's report of one host, as its golden file has it: JSON and workbooks so that a person
    can read them."""
    made: Any = module_of(name).render([WHOLE], CONTEXT)
    if name == "oscal":
        made = {file: json.loads(text) for file, text in made.items()}
    elif name == "xlsx":
        made = sheets(made)
    elif name not in SUFFIX:
        made = json.loads(made)
    return str(made) if name in SUFFIX else json.dumps(made, indent=1) + "\n"


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for each in MODULES:
        path_of(each).write_text(shown(each), encoding="utf-8", newline="")
