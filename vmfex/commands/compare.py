"""`vmfex compare OLD NEW`: what changed from one certification to the next."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vmfex.checks.text import shown_path
from vmfex.errors import UsageError
from vmfex.exit_status import Exit
from vmfex.folder.names import PREVIOUS

if TYPE_CHECKING:
    from vmfex.reports.comparison.hosts import Compared

FAIL_ON = ("worse", "deciding", "decision", "never")
EPILOG = """\
\b
Examples:
  vmfex compare certification                            with the run before, in previous/
  vmfex compare last-year/certification certification
  vmfex compare old.json new.json --format json
  vmfex compare certification --format html --output compared.html
  vmfex compare certification --fail-on decision

\b
--fail-on, what ends with exit status 1:
  worse     anything that got worse (the default): a verdict, a subject's
            finding, a rule or host that is known no more
  deciding  the same, but of rules that take part in the decision only
  decision  the decision itself got worse
  never     nothing

\b
Exit status:
  0  nothing got worse, as --fail-on has it
  1  something got worse
  2  interrupted
  3  internal error
  4  wrong usage: a folder or record that cannot be used
"""


@click.command(epilog=EPILOG, short_help="Compare two certifications: what got worse?")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", required=False, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "html"]),
    default="text",
    show_default=True,
)
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write to FILE instead of stdout, completely or not at all.",
)
@click.option(
    "--fail-on",
    type=click.Choice(FAIL_ON),
    default="worse",
    show_default=True,
    help="What ends with exit status 1; see below.",
)
def compare(old: Path, new: Path | None, format_: str, output: Path | None, fail_on: str) -> int:
    """Compare the certification OLD with NEW: verdicts that changed and what was read for each,
    rules and waivers that came and went, and whether both ran the same rule set.

    Each is a folder of reports or a certification.json. With one folder, it is compared with the
    run before, in its previous/. Folders of several hosts are compared host by host.
    """
    if new is None:
        old, new = old / PREVIOUS, old
        if not new.is_dir():
            raise UsageError(f"{shown_path(new)} is no folder of a run: name one, or OLD and NEW")
        if not old.is_dir():
            raise UsageError(f"{new} has no {PREVIOUS}/ to be compared with: name OLD and NEW")
    from vmfex.commands.delivery import deliver
    from vmfex.reports.comparison.hosts import compare_hosts
    from vmfex.reports.runs import certifications

    compared = compare_hosts(certifications(old), certifications(new))
    deliver(_rendered(compared, format_, plain=output is not None), output)
    return Exit.NOT_CERTIFIED if _FAILS[fail_on](compared) else Exit.CERTIFIED


def _rendered(compared: "Compared", format_: str, *, plain: bool) -> str:
    if format_ == "json":
        from vmfex.reports.comparison.document import render as document

        return document(compared)
    if format_ == "html":
        from vmfex.reports.comparison.page import render as page

        return page(compared)
    from shutil import get_terminal_size

    from vmfex.reports.comparison.text import render
    from vmfex.reports.text import wants_colour

    colour = not plain and wants_colour(sys.stdout, os.environ)
    return render(compared, width=get_terminal_size((100, 24)).columns, colour=colour)


def _worse(compared: "Compared") -> bool:
    return compared.trend == "worse"


def _deciding(compared: "Compared") -> bool:
    changes = (change for each in compared.pairs.values() for change in each.changes)
    worse = any(change.decides and change.trend == "worse" for change in changes)
    return worse or compared.decision_is_worse


_FAILS: dict[str, Callable[["Compared"], bool]] = {
    "worse": _worse,
    "deciding": _deciding,
    "decision": lambda compared: compared.decision_is_worse,
    "never": lambda _: False,
}
