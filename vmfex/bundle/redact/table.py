"""The table of pseudonyms, which its owner keeps: who has it, knows the names."""

import json
from pathlib import Path

from vmfex.bundle.redact.names import Table
from vmfex.checks.text import shown_path
from vmfex.errors import UsageError
from vmfex.reports.json_document import parsed_json
from vmfex.reports.record import write_whole


def read(path: Path) -> Table:
    """Empty where the file is not there. Raises UsageError for what is no such table."""
    try:
        document = parsed_json(path.read_bytes())
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise UsageError(f"{shown_path(path)} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or not all(map(_are_names, document.values())):
        raise UsageError(f"{shown_path(path)} is no table of pseudonyms: name another file")
    return document


def write(table: Table, path: Path) -> None:
    """Writes it whole. Raises UsageError."""
    try:
        write_whole(path, json.dumps(table, indent=1) + "\n")
    except OSError as error:
        raise UsageError(f"{shown_path(path)} cannot be written: {error.strerror}") from None


def _are_names(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(each, str) for each in value.values())
