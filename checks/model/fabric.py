"""What UCS Manager says: objects and property names as in its own model (ucsmsdk `mometa`)."""

import re
from collections.abc import Mapping
from typing import Protocol

from vmfex.checks.model.fact import Fact

Objects = tuple[Mapping[str, str], ...]


class Fabric(Protocol):
    """UCS Manager's answers, a class of objects at a time."""

    def objects(self, class_id: str) -> Fact[Objects]:
        """Every object of a class, as its properties; unknown if nobody could ask."""

    def asked(self) -> bool:
        """Whether anybody asked UCS Manager, with or without success: what it did not answer then
        is not what nobody wanted to know."""

    def notes(self) -> tuple[str, ...]:
        """What every report has to say of how UCS Manager was asked, a sentence each."""


def release_number(text: str) -> tuple[int, int] | None:
    """(2, 1) for UCS Manager's `2.1(1a)`; None for what is no release."""
    match = re.match(r"(\d+)\.(\d+)\(", text)
    return (int(match[1]), int(match[2])) if match else None


def same_uuid(one: str, other: str) -> bool:
    """Also where one of them has the first three groups in the other order of bytes: firmware keeps
    them little-endian (SMBIOS 2.6, 7.2.1), and not everything that reads it turns them round."""
    mine, theirs = one.strip().lower(), other.strip().lower()
    return bool(mine) and (mine == theirs or _turned(mine) == theirs)


def uuid_key(uuid: str) -> str:
    """One name for all that `same_uuid` takes for the same; empty for none."""
    plain = uuid.strip().lower()
    return min(plain, _turned(plain) or plain)


def _turned(uuid: str) -> str | None:
    groups = uuid.split("-")
    if [len(group) for group in groups] != [8, 4, 4, 4, 12]:
        return None
    first, second, third, *others = groups
    turned = first[6:] + first[4:6] + first[2:4] + first[:2]
    return "-".join([turned, second[2:] + second[:2], third[2:] + third[:2], *others])
