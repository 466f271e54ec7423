"""The program's entry point, also as `python -m vmfex`.

`vmfex --help` is what people type first and often: its text is kept, so that it costs no more than
Python itself. A test holds it equal to what click makes of the commands.
"""

import sys


def main() -> None:
    """Exits with one of the statuses in `vmfex certify --help`."""
    if sys.argv[1:] in (["--help"], ["-h"]):
        from vmfex.help_text import HELP

        sys.stdout.write(HELP)
        return
    try:
        from vmfex.cli import main as command_line

        command_line()
    except KeyboardInterrupt:  # before there was anybody to say so
        sys.stderr.write("vmfex: interrupted; nothing is certified by this run\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
