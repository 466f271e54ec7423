"""The plan: a YAML file that says what a host is meant for, by `plan.schema.json`."""

import json
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vmfex.checks.model.plan import Plan, Topology
from vmfex.checks.result.acceptance import Acceptance
from vmfex.checks.text import one_line, shown
from vmfex.engine.acceptance_file import KEYS, AcceptanceError, acceptances
from vmfex.engine.yaml_lines import Document, YamlError, read
from vmfex.engine.yaml_lines import Path as Place
from vmfex.errors import UsageError

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError

SCHEMA_FILE = Path(__file__).with_name("plan.schema.json")
SIZE_LIMIT = 64 * 1024  # bytes; far more than a plan for one host can need


class PlanError(UsageError):
    """The plan cannot be used; the message names file, line, key and what is allowed."""


def load_plan(path: Path) -> Plan:
    """The plan in the file. Raises PlanError, in one sentence, on whatever is wrong."""
    raw, value = _valid(path, _schema(), "plan")
    return _plan(value, path, sha256(raw).hexdigest())


def load_acceptances(path: Path) -> tuple[Acceptance, ...]:
    """The waivers, statements and objections in a file that holds nothing else. Raises PlanError
    or AcceptanceError."""
    schema = _schema()
    keys = {key: schema["properties"][key] for key in KEYS}
    described = f"a mapping of {', '.join(KEYS)}, with at least one of them"
    schema = {**schema, "properties": keys, "description": described}
    _, value = _valid(path, schema, "waivers file")
    return _accepted(value, path)


def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return schema


def _valid(path: Path, schema: dict[str, Any], what: str) -> tuple[bytes, dict[str, Any]]:
    """The file's bytes, and the document in it."""
    raw = _bytes(path, one_line(str(path)), what, SIZE_LIMIT)
    text = _text(raw, one_line(str(path)), what)
    return raw, valid_document(text, path, schema, what).value


def _accepted(value: dict[str, Any], path: Path) -> tuple[Acceptance, ...]:
    try:
        return acceptances(value, path.parent)
    except AcceptanceError as error:
        raise AcceptanceError(f"{one_line(str(path))}: {error}") from error


def file_text(path: Path, what: str, limit: int) -> str:
    """A file's text; `what` is how errors call it. Raises PlanError."""
    name = one_line(str(path))
    return _text(_bytes(path, name, what, limit), name, what)


def valid_document(text: str, path: Path, schema: dict[str, Any], what: str) -> Document:
    """The YAML document that a file holds, valid by the schema, whose descriptions say what is
    allowed. Raises PlanError, in one sentence with the line."""
    name = one_line(str(path))
    try:
        document = read(text)
    except YamlError as error:
        raise PlanError(f"{name}, line {error.line}: {one_line(error.fault)}") from error
    for line, fault in sorted(_faults(document, schema, what)):
        raise PlanError(f"{name}, line {line}: {one_line(fault)}")
    return document


def _bytes(path: Path, name: str, what: str, limit: int) -> bytes:
    try:
        with path.open("rb") as stream:
            raw = stream.read(limit + 1)
    except OSError as error:
        raise PlanError(f"the {what} {name} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise PlanError(f"the {what} {name} cannot be read: {error}") from error
    if len(raw) > limit:
        raise PlanError(f"the {what} {name} is larger than {limit >> 10} KiB, which no {what} is")
    return raw


def _text(raw: bytes, name: str, what: str) -> str:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PlanError(f"the {what} {name} is not a text file in UTF-8") from error
    if "\0" in text:
        raise PlanError(f"the {what} {name} is not a text file: it holds NUL bytes")
    return text


def _plan(value: dict[str, Any], path: Path, digest: str) -> Plan:
    migration = value.get("live_migration", {})
    return Plan(
        topologies={Topology(name): n for name, n in value.get("topologies", {}).items()},
        must_migrate=tuple(migration.get("domains", ())),
        destinations=tuple(migration.get("destinations", ())),
        out_of_scope=tuple(value.get("out_of_scope", ())),
        accepted=_accepted(value, path),
        digest=digest,
    )


def _faults(document: Document, schema: dict[str, Any], what: str) -> Iterator[tuple[int, str]]:
    """Line and sentence of each violation of the schema."""
    from jsonschema_rs import Draft202012Validator

    errors = [*Draft202012Validator(schema).iter_errors(document.value)]
    unknown = [e.instance_path for e in errors if e.kind.name == "additionalProperties"]
    for error in errors:
        path = tuple(error.instance_path)
        if error.kind.name in ("required", "anyOf") and error.instance_path in unknown:
            continue  # what is called otherwise is missing, too
        part = _part(schema, error.schema_path[:-1])
        if error.kind.name == "additionalProperties":
            yield from _unknown_keys(error, part, path, document, what)
        else:
            line = document.keys.get(path, document.lines[path])
            value = _shown(error, part)
            yield line, f"{_called(path, what)} must be {part['description']}, and is {value}"


def _part(schema: dict[str, Any], path: Iterable[str | int]) -> dict[str, Any]:
    """What of the schema an error is about: the part in which its keyword stands."""
    part: Any = schema
    for step in path:
        part = part[step]
    return dict(part)


def _unknown_keys(
    error: "ValidationError", part: dict[str, Any], path: Place, document: Document, what: str
) -> Iterator[tuple[int, str]]:
    keys: Any = error.instance
    known = list(part["properties"])
    by_lower = {name.lower(): name for name in known}
    for key in (key for key in keys if key not in known):
        close = get_close_matches(key.lower().replace("-", "_"), by_lower, n=1)
        close = close or get_close_matches(key.lower(), by_lower, n=1)
        guess = f"; did you mean {by_lower[close[0]]!a}?" if close else part.get("$comment", "")
        place = f" in {_called(path, what)}" if path else ""
        fault = f"unknown key {shown(key, 60)}{place}: allowed are {', '.join(known)}{guess}"
        yield document.keys[(*path, key)], fault


def _called(path: Place, what: str) -> str:
    if not path:
        return f"the {what}"
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)[1:]


def _shown(error: "ValidationError", part: dict[str, Any]) -> str:
    value: Any = error.instance
    if error.kind.name == "required":
        missing = [key for key in part["required"] if key not in value]
        return f"without {', '.join(missing)}"
    if error.kind.name == "anyOf" and isinstance(value, dict) and value:
        wanted = [key for one in part["anyOf"] for key in one["required"]]
        return f"without {', '.join(wanted)}"
    if value is None or value in ("", [], {}):
        return "empty"
    kinds = {dict: "a mapping", list: "a list", bool: "a truth value"}
    if isinstance(value, str):
        return shown(value, 60)
    return kinds.get(type(value)) or ascii(value)
