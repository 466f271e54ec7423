"""The command line. Results go to stdout, messages to stderr."""

import gc
import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from vmfex import interrupts
from vmfex.evidence.sources.ucsm.environment import take_credentials
from vmfex.exits import status_of
from vmfex.private_files import private_files
from vmfex.streams import flush, leave, lost

COMMANDS = {
    "certify": "certify",
    "rules": "catalogue",
    "explain": "explain",
    "steps": "steps",
    "report": "report",
    "compare": "compare",
    "capacity": "capacity",
    "bundle": "bundle",
    "verify": "bundle",
    "record": "certify",
    "capture-script": "views",
    "hosts": "hosts",
    "schema": "views",
    "lint": "lint",
    "install-html": "install_html",
}


class Program(click.Group):
    """A group whose exit statuses are ours: click's own 1 and 2 mean something else here. A
    command's module is loaded when the command is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"vmfex.commands.{COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return command

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Runs a command and exits with its status."""
        sys.unraisablehook = _unraisable
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")  # a host's text in an ASCII locale
        extra.setdefault("obj", take_credentials(os.environ))  # commands start programs
        try:
            with private_files():
                status = super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
            if interrupts.heard():  # and an error of a lock, or of a finalizer, hid it
                raise KeyboardInterrupt
        except (Exception, KeyboardInterrupt) as error:
            status = status_of(error)
        interrupts.deaf()
        leave(status or 0)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            status = super().invoke(ctx)
        except BrokenPipeError as error:
            raise lost(error) from error  # click would exit with 1, "not certified"
        except KeyboardInterrupt as error:
            raise click.Abort from error  # click would begin a line of its own
        except OSError:
            flush()  # it says so where that is what failed
            raise
        flush()
        return status


def _unraisable(fault: "sys.UnraisableHookArgs") -> None:
    """What nobody could catch, as an interrupt in a finalizer, which `interrupts` remembers. It is
    no message for users."""
    if os.environ.get("VMFEX_DEBUG") == "1":
        sys.__unraisablehook__(fault)


def _show_version(ctx: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from vmfex.engine.catalogue import digest
        from vmfex.version import VERSION

        click.echo(f"vmfex {VERSION}, rule set {digest()}")
        ctx.exit()


EPILOG = """\
\b
Examples:
  vmfex certify                      certify this machine
  vmfex certify ssh://root@blade-7   certify a host over SSH
  vmfex certify reference            certify an embedded recorded host
  vmfex explain VIC-02               what a rule requires, and why
  vmfex report junit certification   JUnit XML of the last run

\b
Completion, for the shell that you use:
  eval "$(_VMFEX_COMPLETE=bash_source vmfex)"
  eval "$(_VMFEX_COMPLETE=zsh_source vmfex)"
  _VMFEX_COMPLETE=fish_source vmfex | source
"""


@click.group(
    name="vmfex",
    cls=Program,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_show_version,
    help="Show the versions of the program and of its rule set.",
)
def cli() -> None:
    """Certify KVM hosts for Cisco VM-FEX, by the rules of the configuration guide.

    Nothing is ever written to a host: it is only read.
    """


def main() -> None:
    """Exits with one of the statuses in `vmfex certify --help`."""
    gc.disable()  # a process that ends this soon has no garbage that matters
    cli(prog_name="vmfex")
