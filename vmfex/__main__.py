"""The program's entry point, also as `python -m vmfex`.

`vmfex --help` is what people type first and often: its text is kept, so that it costs no more than
Python itself. A test holds it equal to what click makes of the commands.
"""

import os
import sys


def main() -> None:
    """Exits with one of the statuses in `vmfex certify --help`."""
    if sys.stdout is None:
        _refuse_closed_output()
    elif sys.argv[1:] in (["--help"], ["-h"]):
        _help()
    else:
        _run()


def _run() -> None:
    try:
        from vmfex import interrupts, streams

        streams.occupy()
        interrupts.listen()
        from vmfex.cli import main as command_line

        command_line()
    except KeyboardInterrupt:  # before there was anybody to say so
        _end(2, "interrupted; nothing is certified by this run")
    except Exception as error:  # not even the program could be loaded
        _end(3, f"internal error, {type(error).__name__}: {error}")


def _help() -> None:
    from vmfex.help_text import HELP

    try:
        sys.stdout.write(HELP)
        sys.stdout.flush()
    except BrokenPipeError:
        os._exit(2)
    except OSError as error:
        _end(3, f"standard output cannot be written: {error.strerror}")


def _refuse_closed_output() -> None:
    _end(4, "standard output is closed: give it a file, or /dev/null")


def _end(status: int, sentence: str) -> None:
    """Without the interpreter, which would say more where it has no memory or no output left."""
    try:
        os.write(2, f"vmfex: {sentence}\n".encode("ascii", "backslashreplace"))
    finally:
        os._exit(status)


if __name__ == "__main__":
    main()
