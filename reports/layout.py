"""How a record is laid out as text.

Each finding and each piece of evidence has a line of its own, so that a diff of two records can be
read. All of it is ASCII: nothing that a host put into its evidence can steer a terminal from here.
"""

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

LISTS = ("scenarios", "findings")
_text = json.JSONEncoder(check_circular=False).encode  # a record is a tree


def encode(record: dict[str, Any]) -> str:
    """The text of `certification.json`."""
    members = (f"{_text(key)}: {_value(key, record[key])}" for key in record)
    text = _block("{", members, 2) + "\n"
    return text.replace("##", "#\\u0023")  # within strings; ##vso[ is a command to Azure's agent


def _value(key: str, value: Any) -> str:
    # json.dumps with an indent runs in pure Python, ten times slower on a host of 200 domains
    if key == "rules":
        return _block("[", map(_rule, value), 4)
    if key == "evidence":
        return _block("{", _entries(value), 4)
    return _text(value)


def _rule(rule: dict[str, Any]) -> str:
    head = tuple((key, value) for key, value in rule.items() if key not in LISTS)
    ran = [f'"scenarios": {_text(rule["scenarios"])}'] if "scenarios" in rule else []
    findings = _block("[", _items(rule["findings"]), 8)
    return _block("{", [_head(head), *ran, f'"findings": {findings}'], 6)


@lru_cache(maxsize=1024)
def _head(members: tuple[tuple[str, Any], ...]) -> str:
    """Most of what the record has of a rule is the same for every host."""
    return ",\n      ".join(f"{_text(key)}: {_text(value)}" for key, value in members)


# One call for all is a third of what a call for each costs. It is parted between the items: a
# quote that follows a blank stands in no string, where it would follow a backslash.


def _items(findings: list[dict[str, Any]]) -> list[str]:
    return _text(findings)[1:-1].replace('}, {"subject": ', '}\0{"subject": ').split("\0")


def _entries(evidence: dict[str, Any]) -> list[str]:
    return _text(evidence)[1:-1].replace('}, "', '}\0"').split("\0")


def _block(opening: str, items: Iterable[str], indent: int) -> str:
    """A list or object with one item a line."""
    closing = {"{": "}", "[": "]"}[opening]
    text = f",\n{' ' * indent}".join(items)
    return (
        f"{opening}\n{' ' * indent}{text}\n{' ' * (indent - 2)}{closing}"
        if text
        else opening + closing
    )
