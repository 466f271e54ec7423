"""A JSON document that somebody hands over: bounded, and no key of it twice."""

import json
from collections import Counter
from math import isinf
from pathlib import Path
from typing import Any

from vmfex.checks.text import shorten
from vmfex.reports import ReportError
from vmfex.reports.bounded import read_bounded

SIZE_LIMIT = 512 * 1024 * 1024  # bytes; a record of 200 domains has a few MiB


def read(path: Path) -> Any:
    """The document in a file. Raises ReportError, in one sentence."""
    raw = read_bounded(path, SIZE_LIMIT)
    try:
        return parsed_json(raw)
    except json.JSONDecodeError as error:
        cut = error.pos >= len(error.doc.rstrip()) or error.msg.startswith("Unterminated")
        fault = "it ends early, as if it was cut off" if cut else error.msg
        raise ReportError(f"{path} is not JSON at line {error.lineno}: {fault}") from error
    except (ValueError, RecursionError) as error:
        raise ReportError(f"{path} is not a record in JSON: {_reason(error)}") from error


def parsed_json(raw: bytes) -> Any:
    """The document, no key of which stands twice. Raises ValueError, RecursionError."""
    return json.loads(
        raw.decode(),
        object_pairs_hook=_object,
        parse_constant=_constant,
        parse_float=_number,
    )


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8 text"
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        [(twice, _)] = Counter(key for key, _ in pairs).most_common(1)
        raise ValueError(f"the key {quoted(twice)} stands twice in one object")
    return members


def _number(text: str) -> float:
    """A number in a form that the validator takes for what it is: it takes infinity for null."""
    number = float(text)
    if isinf(number):
        raise ValueError(f"{quoted(text)} is too large for a number")
    return number


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON value")


def quoted(value: Any) -> str:
    """A value as a sentence about the document has it."""
    return shorten(ascii(value), 60)
