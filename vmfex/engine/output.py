"""The files that a certification leaves: the record, the certificate, JUnit, Allure's results."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from vmfex.allure_extent import Allure, shown
from vmfex.checks.result.certification import Certification
from vmfex.checks.result.rule import Rule
from vmfex.engine.certify import Outcome
from vmfex.folder.names import CERTIFICATE, JUNIT, RECORD, RESULTS


def write(
    directory: Path,
    outcome: Outcome,
    rules: Mapping[str, Rule],
    host: str = "",
    allure: Allure = Allure.ALL,
) -> None:
    """Writes every report into a directory that is there and empty, of Allure's results those that
    are asked for; `host` is what tells it apart from others in Allure. Raises OSError."""
    certification = outcome.certification
    if allure is not Allure.NONE:
        from vmfex.reports.allure import results

        made = directory / RESULTS
        made.mkdir()
        judged = shown(outcome.judged, allure)
        results.write(made, certification, judged, rules, host or certification.host)
    write_views(directory, certification, host)


def write_views(directory: Path, certification: Certification, host: str = "") -> None:
    """The record, and what is made of it alone: JUnit and the certificate. Raises OSError."""
    from vmfex.reports import junit, record
    from vmfex.reports.certificate import page

    text = record.text(certification).encode()
    record.write_whole(directory / JUNIT, junit.render(certification, host))
    certificate = page.render(certification, sha256(text).hexdigest())
    record.write_whole(directory / CERTIFICATE, certificate)
    record.write_whole(directory / RECORD, text)
