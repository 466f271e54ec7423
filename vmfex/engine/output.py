"""The files that a certification leaves: the record, JUnit, and Allure's results."""

from collections.abc import Mapping
from pathlib import Path

from vmfex.checks.result.rule import Rule
from vmfex.engine.certify import Outcome
from vmfex.folder.names import JUNIT, RECORD, RESULTS


def write(directory: Path, outcome: Outcome, rules: Mapping[str, Rule], host: str = "") -> None:
    """Writes every report into a directory that is there and empty; `host` is what tells it apart
    from others in Allure. Raises OSError."""
    from vmfex.reports import junit, record
    from vmfex.reports.allure import results

    certification = outcome.certification
    made = directory / RESULTS
    made.mkdir()
    results.write(made, certification, outcome.judged, rules, host or certification.host)
    record.write_whole(directory / JUNIT, junit.render(certification))
    record.write(certification, directory / RECORD)
