"""The files that a certification leaves: the record, JUnit, and Allure's results."""

import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from vmfex.checks.result.rule import Rule
from vmfex.engine.certify import Outcome

RECORD, JUNIT, RESULTS, HTML = "certification.json", "junit.xml", "allure-results", "report.html"
PART = "allure-results.part"
SUMMARY, HOSTS = "summary.json", "hosts"  # where several hosts were certified (fleet/)


def clear(directory: Path) -> None:
    """Makes the directory, or takes out of it what an earlier run left, of one host or of several,
    and nothing else: nobody may take it for the result of a run that did not come to its end.
    Raises OSError."""
    directory.mkdir(parents=True, exist_ok=True)
    for name in (RECORD, JUNIT, HTML, SUMMARY):
        (directory / name).unlink(missing_ok=True)
    for name in (RESULTS, PART):
        shutil.rmtree(directory / name, ignore_errors=True)
    below = directory / HOSTS
    if below.is_dir() and not below.is_symlink():
        for host in below.iterdir():
            if host.is_dir() and not host.is_symlink():
                clear(host)
                with suppress(OSError):  # not empty: something there is not ours
                    host.rmdir()
        with suppress(OSError):
            below.rmdir()


def write(directory: Path, outcome: Outcome, rules: Mapping[str, Rule], host: str = "") -> None:
    """Writes every report into a directory that is there and clear; `host` is what tells it apart
    from others in Allure. The record comes last: where it is the rest is too. Raises OSError."""
    from vmfex.reports import junit, record
    from vmfex.reports.allure import results

    certification = outcome.certification
    part = directory / PART
    part.mkdir()
    results.write(part, certification, outcome.judged, rules, host or certification.host)
    part.rename(directory / RESULTS)
    record.write_whole(directory / JUNIT, junit.render(certification))
    record.write(certification, directory / RECORD)
