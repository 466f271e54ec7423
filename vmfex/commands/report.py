"""`vmfex report`: every format from the record alone."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vmfex.commands.delivery import deliver, new_folder
from vmfex.commands.records import for_allure, load_all, record_at, streamed
from vmfex.errors import UsageError
from vmfex.reports.formats import MODULES, module_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vmfex.checks.result.certification import Certification
    from vmfex.reports.formats.context import Context

FOR_PEOPLE = ("text", "junit", "json", "certificate", "pdf")
FORMATS = (*FOR_PEOPLE, "allure", *MODULES)
WITH_ASSIGNMENTS = ("actions", "csv", "xlsx", "oscal", "text", "certificate", "pdf")

EPILOG = """\
\b
Examples:
  vmfex report text certification
  vmfex report text certification/certification.json --verbose
  vmfex report junit certification --output junit.xml
  vmfex report json certification | jq .decision
  vmfex report certificate certification --output certificate.html
  vmfex report pdf certification --output certificate.pdf
  vmfex report sarif certification --output vmfex.sarif
  vmfex report allure fleet --out allure-results             a folder
  vmfex report csv fleet rack-7 --output findings.csv        of all hosts
  vmfex report oscal certification --output oscal            a folder
  vmfex report actions certification --output actions.xlsx   to fill in
  vmfex report xlsx certification --actions actions.xlsx --output findings.xlsx
  vmfex report text certification --actions actions.xlsx     owners, what is overdue

In JUnit XML only what takes part in the decision fails: advice that is violated is skipped, with
its findings in system-out, where a line says `decides: no`. docs/formats.md says what each verdict
becomes in each format.
"""


@click.command(epilog=EPILOG, short_help="Make a report from a record.")
@click.argument("format_", metavar="FORMAT", type=click.Choice(FORMATS))
@click.argument(
    "records", metavar="RECORD...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option(
    "--output",
    "--out",
    "-o",
    "output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write to FILE instead of stdout, completely or not at all. allure, oscal, and hdf of "
    "several hosts: a new folder. actions: a workbook where its name ends with .xlsx.",
)
@click.option(
    "--actions",
    "filled",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="actions, csv, xlsx, oscal, text, certificate, pdf: a filled action plan, whose owners, "
    "dates and states stand in the report.",
)
@click.option("-q", "--quiet", is_flag=True, help="text: the line of the decision only.")
@click.option("-v", "--verbose", is_flag=True, help="text: the findings of every rule.")
def report(
    format_: str,
    records: tuple[Path, ...],
    output: Path | None,
    filled: Path | None,
    quiet: bool,
    verbose: bool,
) -> int | None:
    """Make a report in FORMAT from RECORD.

    FORMAT is text, junit, json, certificate, pdf or allure; for auditors csv, xlsx, actions (what
    is to be done), oscal or hdf; for machines cucumber, sarif, nagios or prometheus.

    RECORD is a certification.json or the directory that holds one; for allure and the formats for
    auditors and machines also the directory of a run over several hosts, or several of them. The
    exit status says whether the report was made, not what it says; that of nagios is a plugin's.
    """
    if filled and format_ not in WITH_ASSIGNMENTS:
        raise UsageError(f"--actions is of use to {', '.join(WITH_ASSIGNMENTS)}: not to {format_}")
    if format_ == "nagios":
        return _nagios(records, output)
    if format_ == "allure":
        _allure(records, output)
    elif format_ == "csv" and filled is None:
        from vmfex.reports.formats import findings_csv
        from vmfex.reports.formats.context import Context

        deliver(findings_csv.stream(streamed(*records), Context()), output)
    elif format_ in MODULES:
        hosts = load_all(*records)
        deliver(_made(format_, hosts, _context(hosts, filled), output), output)
    elif len(records) > 1:
        raise UsageError(f"{format_} is of one host: name one RECORD")
    else:
        from vmfex.commands.for_people import Show, for_people

        show = Show(quiet, verbose, plain=output is not None)
        deliver(for_people(format_, record_at(records[0]), filled, show), output)
    return None


def _allure(records: "Sequence[Path]", output: Path | None) -> None:
    from vmfex.reports.allure.of_records import write

    if output is None:
        raise UsageError("allure is many files: name a folder for them with --out")
    try:
        with new_folder(output) as folder:
            write(folder, for_allure(*records))
    except OSError as error:
        raise click.FileError(str(output), error.strerror or str(error)) from error


def _nagios(records: "Sequence[Path]", output: Path | None) -> int:
    """A plugin's one line and exit status, where there is no record too."""
    from vmfex.reports import ReportError
    from vmfex.reports.formats import nagios
    from vmfex.reports.formats.context import Context

    try:
        hosts = load_all(*records)
    except (ReportError, UsageError) as error:
        deliver(nagios.cannot_tell(str(error)), output)
        return nagios.UNKNOWN
    deliver(nagios.render(hosts, Context()), output)
    return nagios.status(hosts)


def _context(hosts: "Sequence[Certification]", filled: Path | None) -> "Context":
    from vmfex.engine.catalogue import digest
    from vmfex.engine.rule_places import rule_places
    from vmfex.reports.formats.context import Context

    context = Context(rule_places(), digest())
    if filled is None:
        return context
    from vmfex.commands.filled import filled_in

    read = filled_in(hosts, filled)
    return replace(context, assigned=read.assigned, today=read.today)


def _made(
    format_: str, hosts: "Sequence[Certification]", context: "Context", output: Path | None
) -> "str | bytes | dict[str, str]":
    module = module_of(format_)
    workbook = format_ == "actions" and output is not None and output.suffix.lower() == ".xlsx"
    made: str | bytes | dict[str, str]
    made = (module.render_xlsx if workbook else module.render)(hosts, context)
    if isinstance(made, dict) and output is None:
        raise UsageError(f"{format_} is several files here: name a folder for them with --output")
    return made
