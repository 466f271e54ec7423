"""How a record is laid out as text.

Each finding and each piece of evidence has a line of its own, so that a diff of two records can be
read. All of it is ASCII: nothing that a host put into its evidence can steer a terminal from here.
"""

import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
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
        return _block("[", _rules(value), 4)
    if key == "evidence":
        return _block("{", _entries(value), 4)
    return _text(value)


def _rules(rules: list[dict[str, Any]]) -> Iterator[str]:
    scenarios = iter(_items([ran for rule in rules for ran in rule.get("scenarios", ())], "name"))
    findings = iter(_items([found for rule in rules for found in rule["findings"]], "subject"))
    for rule in rules:
        head = tuple((key, value) for key, value in rule.items() if key not in LISTS)
        members = [_head(head)]
        if "scenarios" in rule:
            ran = ", ".join(islice(scenarios, len(rule["scenarios"])))
            members.append(f'"scenarios": [{ran}]')
        found = _block("[", islice(findings, len(rule["findings"])), 8)
        yield _block("{", [*members, f'"findings": {found}'], 6)


@lru_cache(maxsize=1024)
def _head(members: tuple[tuple[str, Any], ...]) -> str:
    """Most of what the record has of a rule is the same for every host."""
    return ",\n      ".join(f"{_text(key)}: {_text(value)}" for key, value in members)


# One call for all is a third of what a call for each costs. It is parted between the items: a
# quote that follows a blank stands in no string, where it would follow a backslash.


def _items(listed: list[dict[str, Any]], first: str) -> list[str]:
    """Each of them, of which `first` is the first member, and no member's."""
    between = f'{{"{first}": '
    return _text(listed)[1:-1].replace(f"}}, {between}", f"}}\0{between}").split("\0")


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
