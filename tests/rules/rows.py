"""All rows of the violation matrix: those of every `tests/rules/AREA/FEATURE_rows.py`."""

from importlib import import_module
from pathlib import Path

from tests.rules.table import Absence, Gap, Violation

FAMILIES = [
    import_module(f"tests.rules.{path.parent.name}.{path.stem}")
    for path in sorted(Path(__file__).parent.glob("*/*_rows.py"))
]
VIOLATIONS: tuple[Violation, ...] = tuple(row for f in FAMILIES for row in f.VIOLATIONS)
ABSENCES: tuple[Absence, ...] = tuple(row for f in FAMILIES for row in f.ABSENCES)
GAPS: tuple[Gap, ...] = tuple(row for f in FAMILIES for row in f.GAPS)
