"""`vmfex lint FILE...`: libvirt's XML, before it is defined."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from vmfex.lint.judged import Linted

EPILOG = """\
\b
Examples:
  vmfex lint web01.xml
  vmfex lint libvirt/                        every .xml below, as the files of one host
  vmfex lint libvirt/ --plan plan.yaml       which VMs must live-migrate, and which are no matter
  vmfex lint libvirt/ --sarif lint.sarif     for code review

\b
Exit status:
  0  nothing is violated in what XML alone tells, which certifies no host
  1  something is violated
  4  wrong usage: option, plan, or a file that is neither domain nor network
"""


@click.command(epilog=EPILOG, short_help="Judge libvirt's XML before it is defined.")
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option(
    "--plan",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="What the host is meant for (YAML; `vmfex schema plan` describes it).",
)
@click.option("--strict", is_flag=True, help="Let every derived rule count, advice too.")
@click.option("--guide-only", is_flag=True, help="Let the guide's own rules alone count.")
@click.option(
    "--sarif",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write SARIF 2.1.0 to FILE too, for code review.",
)
@click.option("-v", "--verbose", is_flag=True, help="Name the rules that need the host, and why.")
def lint(
    files: tuple[Path, ...],
    plan: Path | None,
    strict: bool,
    guide_only: bool,
    sarif: Path | None,
    verbose: bool,
) -> int:
    """Judge libvirt's domain and network XML before it is defined, by the rules of hosts.

    A FILE is a domain or a network, or a folder of them, in which other XML is left aside; all are
    taken as those of one host. What
    needs the host itself (its PCI functions, links, UCS Manager) is left to `vmfex certify`, and
    counted in the last line.
    """
    from vmfex.engine.request import Request, plan_at
    from vmfex.lint.files import find
    from vmfex.lint.judged import lint as judged
    from vmfex.lint.text import render

    request = Request(plan_at(plan), strict=strict, guide_only=guide_only)
    found = find(files)
    linted = judged(
        found.files, request.plan, strict=strict, guide_only=guide_only, aside=found.aside
    )
    if sarif is not None:
        _write(sarif, linted)
    click.echo(render(linted, verbose=verbose), nl=False)
    return int(any(problem.decides for problem in linted.problems))


def _write(path: Path, linted: "Linted") -> None:
    from vmfex.lint.sarif import render
    from vmfex.reports.record import write_whole

    try:
        write_whole(path, render(linted))
    except OSError as error:
        raise click.FileError(str(path), error.strerror) from error
