"""A fact is known, with the evidence it was read from, or unknown, with the reason."""

from dataclasses import dataclass
from typing import Generic, NoReturn, TypeVar

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Raw text as it was read: `where` is its path in the evidence layout (docs/recordings.md)."""

    where: str
    raw: str
    media: str = "text/plain"


@dataclass(frozen=True, slots=True)
class Known(Generic[T_co]):
    value: T_co
    evidence: tuple[Evidence, ...] = ()

    def need(self) -> T_co:
        """The value."""
        return self.value


@dataclass(frozen=True, slots=True)
class Unknown:
    """`remedy` says which way in would tell, or what to type, where that is known."""

    reason: str
    evidence: tuple[Evidence, ...] = ()
    remedy: str = ""

    def need(self) -> NoReturn:
        """Raises Missing, which the judging functions in `verdict` turn into *undetermined*."""
        raise Missing(self)


Fact = Known[T] | Unknown


def neither(first: Unknown, second: Unknown) -> Unknown:
    """Of a fact that two sources could have told, and none did: both reasons."""
    if second.reason in first.reason:
        return first
    remedy = first.remedy or second.remedy
    if first.reason in second.reason:
        return Unknown(second.reason, second.evidence, remedy)
    reason = f"{first.reason}; {second.reason}"
    return Unknown(reason, (*first.evidence, *second.evidence), remedy)


class Missing(Exception):
    """A judgement needed a fact that is unknown."""

    def __init__(self, unknown: Unknown) -> None:
        super().__init__(unknown.reason)
        self.unknown = unknown
