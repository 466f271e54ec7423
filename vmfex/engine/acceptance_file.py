"""Waivers, statements and objections, as they stand in a plan or in a file of their own.

The values are valid by `plan.schema.json`. What a statement rests on is a file beside it: its
digest is taken here, and a file that is not there is refused.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from vmfex.checks.result.acceptance import Acceptance, Kind, fault_of
from vmfex.checks.result.rule import Rule
from vmfex.checks.text import one_line, shorten
from vmfex.errors import UsageError

KEYS = ("waivers", "statements", "objections")
EVIDENCE_LIMIT = 64 * 2**20  # bytes
MOST = 1000

Value = dict[str, Any]


class AcceptanceError(UsageError):
    """A waiver, statement or objection cannot be used; says which one and why."""


def acceptances(value: Value, folder: Path) -> tuple[Acceptance, ...]:
    """All in the document; `folder` is where the files of statements are. Raises
    AcceptanceError."""
    return tuple(_acceptances(value, folder))


def _acceptances(value: Value, folder: Path) -> Iterator[Acceptance]:
    for place, each in enumerate(value.get("waivers", ()), 1):
        yield Acceptance(
            Kind.WAIVER,
            each["rule"],
            each["justification"],
            each["approved_by"],
            each.get("host", "*"),
            each.get("subject", "*"),
            owner=each["owner"],
            expires=_instant(each["expires"], f"waiver {place}: expires"),
            risk_accepted=each.get("risk_accepted", False),
        )
    for place, each in enumerate(value.get("statements", ()), 1):
        what = f"statement {place}"
        yield Acceptance(
            Kind.STATEMENT,
            each["rule"],
            each["statement"],
            each["by"],
            each["host"],
            each.get("subject", "*"),
            at=_said(each["at"], f"{what}: at"),
            expires=_instant(each["expires"], f"{what}: expires"),
            file=each["evidence"],
            digest=_digest(folder / each["evidence"], what),
        )
    for place, each in enumerate(value.get("objections", ()), 1):
        at = _said(each["at"], f"objection {place}: at")
        host, subject = each.get("host", "*"), each.get("subject", "*")
        said = (each["rule"], each["reason"], each["by"], host, subject)
        yield Acceptance(Kind.OBJECTION, *said, at=at)


def _instant(text: str, what: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        example = "2027-03-31T18:00:00+02:00"
        said = one_line(shorten(text, 60))
        raise AcceptanceError(f"{what} must be an instant with its zone, as {example}: not {said}")
    return instant


def _said(text: str, what: str) -> str:
    """When somebody said it, which has to have been."""
    at = _instant(text, what)
    if at > datetime.now(UTC):
        raise AcceptanceError(f"{what} is in the future: name when it was said, not {text}")
    return at.isoformat()


def _digest(path: Path, what: str) -> str:
    try:
        with path.open("rb") as stream:
            raw = stream.read(EVIDENCE_LIMIT + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        said = one_line(str(path))
        raise AcceptanceError(f"{what}: its evidence {said} cannot be read: {reason}") from error
    if len(raw) > EVIDENCE_LIMIT:
        raise AcceptanceError(f"{what}: its evidence is larger than {EVIDENCE_LIMIT >> 20} MiB")
    return sha256(raw).hexdigest()


def check(given: tuple[Acceptance, ...], rules: Mapping[str, Rule]) -> None:
    """Raises AcceptanceError for one that this rule set cannot use."""
    for acceptance in given:
        if fault := fault_of(acceptance, rules.get(acceptance.rule)):
            raise AcceptanceError(f"the {acceptance.label} cannot be used: {fault}")
