"""Man pages of every command, from the texts of --help: `make man`. The same bytes each time.

click-man writes a page of what click knows but for the epilogs, which have the examples and the
exit statuses: they are added here, in roff.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import click
from click_man.core import write_man_pages

from vmfex.cli import cli
from vmfex.version import VERSION

NO_DATE = " "  # the page's version says what it is of


def write(folder: Path) -> None:
    """Writes a page for each command and subcommand. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    context = click.Context(cli, info_name="vmfex")
    # click-man looks for them here, where a group that loads its commands lazily has none
    cli.commands = {name: _found(context, name) for name in cli.list_commands(context)}
    write_man_pages("vmfex", cli, version=VERSION, target_dir=str(folder), date=NO_DATE)
    for name, command in _commands("vmfex", cli):
        page = folder / f"{name}.1"
        text = page.read_text("utf-8").replace("\b\n", "")
        page.write_text(text + "".join(f"{line}\n" for line in epilog(command.epilog or "")))


def _found(context: click.Context, name: str) -> click.Command:
    command = cli.get_command(context, name)
    assert command is not None
    return command


def _commands(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    for below, each in getattr(command, "commands", {}).items():
        yield from _commands(f"{name}-{below}", each)


def epilog(text: str) -> Iterator[str]:
    """The lines of an epilog in roff. A paragraph whose lines click keeps (it begins with a \\b)
    has a heading of its own where its first line ends with a colon."""
    for paragraph in filter(None, text.strip("\n").split("\n\n")):
        first, *rest = paragraph.strip("\n").split("\n")
        if first != "\b":
            yield from (".PP", *map(_plain, (first, *rest)))
            continue
        heading, *rest = rest
        if heading.endswith(":"):
            yield f".SH {_plain(heading.removesuffix(':').upper())}"
        else:
            rest = [heading, *rest]
        yield from (".nf", *map(_plain, rest), ".fi")


def _plain(line: str) -> str:
    """A line that roff shows as it is."""
    escaped = line.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped


if __name__ == "__main__":
    write(Path(sys.argv[1]))
