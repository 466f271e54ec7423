"""`vmfex report`, `schema`, `capture-script`: what can be shown without reading a host."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vmfex.errors import UsageError
from vmfex.folder.names import PREVIOUS
from vmfex.folder.names import RECORD as RECORD_NAME
from vmfex.folder.names import SUMMARY as SUMMARY_NAME

if TYPE_CHECKING:
    from vmfex.checks.result.certification import Certification

FORMATS = ("text", "junit", "json", "certificate", "pdf")

REPORT_EPILOG = """\
\b
Examples:
  vmfex report text certification
  vmfex report text certification/certification.json --verbose
  vmfex report junit certification --output junit.xml
  vmfex report json certification | jq .decision
  vmfex report certificate certification --output certificate.html
  vmfex report pdf certification --output certificate.pdf

In JUnit XML only what takes part in the decision fails: advice that is violated is skipped, with
its findings in system-out and the property `decides` set to `no`.
"""

SCHEMA_EPILOG = """\
\b
Examples:
  vmfex schema > certification.schema.json
  vmfex schema plan
  vmfex schema summary
  vmfex schema comparison
"""

CAPTURE_EPILOG = """\
\b
Examples:
  vmfex capture-script > capture.sh                     to carry to a host without a network:
  sh capture.sh > blade-7.tar                           run there, as root if you can
  vmfex certify ./blade-7.tar                           here again
  vmfex capture-script | ssh blade-7 sh -s > blade-7.tar
"""


@click.command(epilog=REPORT_EPILOG, short_help="Make a report from a record.")
@click.argument("format_", metavar="FORMAT", type=click.Choice(FORMATS))
@click.argument("record", type=click.Path(path_type=Path))
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write to FILE instead of stdout, completely or not at all.",
)
@click.option("-q", "--quiet", is_flag=True, help="text: the line of the decision only.")
@click.option("-v", "--verbose", is_flag=True, help="text: the findings of every rule.")
def report(format_: str, record: Path, output: Path | None, quiet: bool, verbose: bool) -> None:
    """Make a report in FORMAT (text, junit, json, certificate or pdf) from RECORD.

    RECORD is a certification.json or the directory that holds one. The exit status says whether
    the report was made, not what it says.
    """
    from vmfex.reports.loading import load

    path = record / RECORD_NAME if record.is_dir() else record
    if record.is_dir() and not path.exists() and (record / SUMMARY_NAME).exists():
        raise UsageError(f"{record} has several hosts: name the folder of one, {record}/hosts/...")
    if record.is_dir() and not path.exists() and (record / PREVIOUS / RECORD_NAME).exists():
        raise UsageError(
            f"{record} has no record, since the last run did not come to its end; that of the run "
            f"before is in {record / PREVIOUS}"
        )
    certification = load(path)
    if format_ == "text":
        text = _text(certification, path, quiet, verbose, plain=output is not None)
    elif format_ == "junit":
        from vmfex.reports.junit import render

        text = render(certification)
    elif format_ == "certificate":
        from vmfex.reports.certificate.page import render as page

        text = page(certification)
    elif format_ == "pdf":
        from vmfex.reports.certificate.pdf import render as pdf

        deliver(pdf(certification), output)
        return
    else:
        from vmfex.reports.record import text as record_text

        text = record_text(certification)
    deliver(text, output)


def _text(
    certification: "Certification", path: Path, quiet: bool, verbose: bool, *, plain: bool
) -> str:
    from shutil import get_terminal_size

    from vmfex.reports.text import render, wants_colour

    return render(
        certification,
        width=get_terminal_size().columns,
        colour=not plain and wants_colour(sys.stdout, os.environ),
        quiet=quiet,
        verbose=verbose,
        report=str(path),
    )


def deliver(content: str | bytes, output: Path | None) -> None:
    """To the file, whole or not at all, else to standard output."""
    if output is None:
        click.echo(content, nl=False)
        return
    from vmfex.reports.record import write_whole

    try:
        write_whole(output, content)
    except OSError as error:
        raise click.FileError(str(output), error.strerror) from error


@click.command(epilog=SCHEMA_EPILOG, short_help="Write the JSON Schema of record or plan.")
@click.argument(
    "name",
    metavar="[record|plan|summary|comparison]",
    type=click.Choice(["record", "plan", "summary", "comparison"]),
    default="record",
)
def schema(name: str) -> None:
    """Write the JSON Schema of the record (the default), of the plan, of the summary of several
    hosts, or of a comparison."""
    if name == "plan":
        from vmfex.engine.plan_file import SCHEMA_FILE
    elif name == "summary":
        from vmfex.reports.summary import SCHEMA_FILE
    elif name == "comparison":
        from vmfex.reports.comparison.document import SCHEMA_FILE
    else:
        from vmfex.reports.record import SCHEMA_FILE
    click.echo(SCHEMA_FILE.read_text(encoding="utf-8"), nl=False)


@click.command("capture-script", epilog=CAPTURE_EPILOG)
def capture_script() -> None:
    """Print the script that captures a host's evidence.

    It runs on the host in any POSIX shell, reads and asks, and writes one tar to its standard
    output and nothing else anywhere (docs/captures.md).
    """
    from vmfex.evidence.sources.capture import SCRIPT

    click.echo(SCRIPT.read_text(encoding="utf-8"), nl=False)
