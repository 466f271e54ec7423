"""Man pages: one for each command, with all that --help says, in roff that shows it so."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from vmfex.cli import cli

ROOT = Path(__file__).parents[2]
MACROS = {".TH", ".SH", ".PP", ".TP", ".B", ".nf", ".fi"}


def made(folder: Path) -> dict[str, str]:
    subprocess.run([sys.executable, ROOT / "tools/man.py", folder], check=True, cwd=ROOT)
    return {path.name: path.read_text("utf-8") for path in folder.iterdir()}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return made(tmp_path_factory.mktemp("man") / "new/folder")


def commands() -> dict[str, click.Command]:
    """Every command by the name of its page."""
    context = click.Context(cli, info_name="vmfex")
    found: dict[str, click.Command] = {"vmfex": cli}
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        found[f"vmfex-{name}"] = command
        for below, each in getattr(command, "commands", {}).items():
            found[f"vmfex-{name}-{below}"] = each
    return found


def shown(roff: str) -> str:
    """As a reader sees it, with single blanks."""
    text = "\n".join(line for line in roff.splitlines() if not line.startswith("."))
    for written, meant in ((r"\-", "-"), (r"\&", ""), (r"\fB", ""), (r"\fP", ""), (r"\e", "\\")):
        text = text.replace(written, meant)
    return " ".join(text.split())


def test_every_command_has_a_page(pages: dict[str, str]) -> None:
    """Subcommands too."""
    assert {*pages} == {f"{name}.1" for name in commands()}


@pytest.mark.parametrize("name", commands())
def test_page_says_what_help_says(pages: dict[str, str], name: str) -> None:
    """The description, each option with its help, and the epilog, line by line."""
    command, page = commands()[name], shown(pages[f"{name}.1"])
    context = click.Context(command, info_name=name)
    assert " ".join((command.help or "").replace("\b", "").split()) in page
    for parameter in command.params:
        if record := parameter.get_help_record(context):
            assert " ".join(record[0].split()) in page
            assert " ".join(record[1].split()) in page
    headings = re.findall(r"^\.SH (.*)$", pages[f"{name}.1"].replace("\\-", "-"), re.M)
    for line in (command.epilog or "").replace("\b", "").splitlines():
        heading = line.endswith(":") and line.removesuffix(":").upper() in headings
        assert heading or " ".join(line.split()) in page, line


@pytest.mark.parametrize("name", commands())
def test_nothing_is_taken_for_a_request(pages: dict[str, str], name: str) -> None:
    """A line that begins with a dot or an apostrophe is roff's; a backspace is click's."""
    page = pages[f"{name}.1"]
    assert "\b" not in page
    for line in page.splitlines():
        assert not line.startswith("'")
        assert not line.startswith(".") or line.split()[0] in MACROS
    if groff := shutil.which("groff"):
        done = subprocess.run(
            [groff, "-man", "-Tutf8", "-ww", "-z"], input=page, capture_output=True, text=True
        )
        assert (done.returncode, done.stderr) == (0, "")


def test_the_same_bytes_each_time(pages: dict[str, str], tmp_path: Path) -> None:
    """They have no date."""
    assert made(tmp_path / "again") == pages
