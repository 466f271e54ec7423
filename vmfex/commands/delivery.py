"""Where a report goes: stdout, a file, or a folder of files."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

Content = str | bytes | dict[str, str] | Iterator[str]


def deliver(content: Content, output: Path | None) -> None:
    """Whole or not at all, also what comes in parts; to stdout where no file is named. Raises
    click.FileError."""
    if output is None:
        for part in content if isinstance(content, Iterator) else (content,):
            click.echo(part, nl=False)
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
    with new_folder(folder) as part:
        for name, text in files.items():
            (part / name).write_text(text, encoding="utf-8")


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """A folder that appears with all its files, which are made where this says. Raises OSError
    where there is one with files."""
    part = folder.with_name(f".{folder.name}.{os.urandom(8).hex()}.part")
    part.mkdir()
    try:
        yield part
        part.rename(folder)  # over nothing, or an empty folder
    finally:
        shutil.rmtree(part, ignore_errors=True)
