"""How a record is laid out as text.

Each finding and each piece of evidence has a line of its own, so that a diff of two records can be
read. All of it is ASCII: nothing that a host put into its evidence can steer a terminal from here.
"""

import json
from collections.abc import Iterable
from typing import Any


def encode(record: dict[str, Any]) -> str:
    """The text of `certification.json`."""
    members = (f"{json.dumps(key)}: {_value(key, record[key])}" for key in record)
    text = _block("{", members, 2) + "\n"
    return text.replace("##", "#\\u0023")  # within strings; ##vso[ is a command to Azure's agent


def _value(key: str, value: Any) -> str:
    # json.dumps with an indent runs in pure Python, ten times slower on a host of 200 domains
    if key == "rules":
        return _block("[", map(_rule, value), 4)
    if key == "evidence":
        return _block("{", _members(value), 4)
    return json.dumps(value)


def _rule(rule: dict[str, Any]) -> str:
    head = {key: value for key, value in rule.items() if key != "findings"}
    findings = _block("[", map(json.dumps, rule["findings"]), 8)
    return _block("{", [*_members(head), f'"findings": {findings}'], 6)


def _members(value: dict[str, Any]) -> list[str]:
    return [f"{json.dumps(key)}: {json.dumps(item)}" for key, item in value.items()]


def _block(opening: str, items: Iterable[str], indent: int) -> str:
    """A list or object with one item a line."""
    closing = {"{": "}", "[": "]"}[opening]
    text = f",\n{' ' * indent}".join(items)
    return (
        f"{opening}\n{' ' * indent}{text}\n{' ' * (indent - 2)}{closing}"
        if text
        else opening + closing
    )
