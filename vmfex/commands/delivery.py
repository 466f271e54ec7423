"""Where a report goes: stdout, a file, or a folder of files."""

import os
import shutil
from pathlib import Path

import click


def deliver(content: str | bytes | dict[str, str], output: Path | None) -> None:
    """Whole or not at all; to stdout where no file is named. Raises click.FileError."""
    if output is None:
        click.echo(content, nl=False)
        return
    from vmfex.reports.record import write_whole

    try:
        if isinstance(content, dict):
            _write_folder(output, content)
        else:
            write_whole(output, content)
    except OSError as error:
        raise click.FileError(str(output), error.strerror) from error


def _write_folder(folder: Path, files: dict[str, str]) -> None:
    """A folder that appears with all its files. Raises OSError where there is one with files."""
    part = folder.with_name(f".{folder.name}.{os.urandom(8).hex()}.part")
    part.mkdir()
    try:
        for name, text in files.items():
            (part / name).write_text(text, encoding="utf-8")
        part.rename(folder)  # over nothing, or an empty folder
    finally:
        shutil.rmtree(part, ignore_errors=True)
