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
    from vmfex.cli import main as command_line

    command_line()


if __name__ == "__main__":
    main()
