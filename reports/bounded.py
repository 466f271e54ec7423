"""A file that somebody hands over, read as far as it may be large."""

from pathlib import Path

from vmfex.checks.text import one_line
from vmfex.reports import ReportError


def read_bounded(path: Path, limit: int) -> bytes:
    """All of a file of at most `limit` bytes. Raises ReportError, in one sentence."""
    try:
        with path.open("rb") as stream:
            raw = stream.read(limit + 1)
    except OSError as error:
        raise ReportError(f"{one_line(str(path))} cannot be read: {error.strerror}") from error
    if len(raw) > limit:
        raise ReportError(f"{one_line(str(path))} is larger than {limit >> 20} MiB")
    return raw
