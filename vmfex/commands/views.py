"""`vmfex schema`, `capture-script`: what can be shown without reading a host."""

import click

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


@click.command(epilog=SCHEMA_EPILOG, short_help="Write the JSON Schema of record, plan, ...")
@click.argument(
    "name",
    metavar="[record|plan|summary|comparison|inventory|capacity]",
    type=click.Choice(["record", "plan", "summary", "comparison", "inventory", "capacity"]),
    default="record",
)
def schema(name: str) -> None:
    """Write the JSON Schema of the record (the default), of the plan, of the summary of several
    hosts, of a comparison, of an inventory of hosts, or of their capacity."""
    if name == "plan":
        from vmfex.engine.plan_file import SCHEMA_FILE
    elif name == "inventory":
        from vmfex.fleet.inventory import SCHEMA_FILE
    elif name == "summary":
        from vmfex.reports.summary import SCHEMA_FILE
    elif name == "capacity":
        from vmfex.reports.capacity.document import SCHEMA_FILE
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
