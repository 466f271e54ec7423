"""`vmfex hosts`: the recorded hosts that come with the program, and one of them to look at."""

from pathlib import Path

import click
from click.shell_completion import CompletionItem

EPILOG = """\
\b
Examples:
  vmfex hosts
  vmfex certify reference
  vmfex hosts unpack reference reference.d
  vmfex certify ./reference.d
"""

UNPACK_EPILOG = """\
\b
Example:
  vmfex hosts unpack reference reference.d
"""


def _complete_embedded(
    _ctx: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    from vmfex.evidence.embedded import embedded_hosts

    return [CompletionItem(name) for name in embedded_hosts() if name.startswith(incomplete)]


@click.group(
    invoke_without_command=True, subcommand_metavar="[unpack NAME DIRECTORY]", epilog=EPILOG
)
@click.pass_context
def hosts(ctx: click.Context) -> None:
    """List the recorded hosts that come with the program: what each one is, and the decision
    on it."""
    if ctx.invoked_subcommand is not None:
        return
    from vmfex.evidence.embedded import describe, embedded_hosts

    names = embedded_hosts()
    width = max(map(len, names), default=0)
    for name in names:
        click.echo(f"{name:{width}}  {describe(name)}")


@hosts.command(epilog=UNPACK_EPILOG)
@click.argument("name", shell_complete=_complete_embedded)
@click.argument("directory", type=click.Path(path_type=Path))
def unpack(name: str, directory: Path) -> None:
    """Unpack one of them into DIRECTORY, to inspect or change.

    DIRECTORY must be new or empty. Links stay links, and lead somewhere inside it only. The result
    can be certified like any other recording.
    """
    from vmfex.evidence import embedded

    embedded.unpack(name, directory)
