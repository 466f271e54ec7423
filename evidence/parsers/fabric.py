"""UCS Manager's answers to configResolveClass, and how it was asked."""

import re
from collections.abc import Iterable
from typing import cast

from vmfex.checks.model.fabric import Objects
from vmfex.checks.model.fact import Fact, Known, Unknown
from vmfex.checks.text import shown
from vmfex.evidence.by_content import by_content
from vmfex.evidence.parsers import fact, give_up, limits
from vmfex.evidence.parsers.bounded_json import bounded_json
from vmfex.evidence.parsers.xml import parse_xml
from vmfex.evidence.tree import Tree

CONNECTION = "ucsm/connection.json"
NOBODY = (  # in the reasons of sources that hold nothing of UCS Manager's
    "UCS Manager's answers are not on the host",
    "the recording has no evidence under ucsm/",
    "nobody asked",
    "was not asked for",
    "is not in the sosreport",
)
ERROR = re.compile(rb"\s*(<\?xml[^>]*\?>)?\s*<error\b")
CLASS_ID = re.compile(r"[a-z][A-Za-z0-9]{0,99}", re.ASCII)


@fact
def objects(tree: Tree, class_id: str) -> Fact[Objects]:
    """Every object of the class, as its properties. An answer that was never asked for is unknown:
    only an empty answer says that there are none. The hosts of a run have one answer, parsed
    once."""
    if not CLASS_ID.fullmatch(class_id):
        give_up(f"{shown(class_id)} is not a class of UCS Manager")
    path = f"ucsm/{class_id}.xml"
    raw = tree.read(path).need()
    if raw is None:
        give_up(f"{path} is missing: nobody asked UCS Manager for its {class_id} objects")
    return _objects(raw, class_id)


@by_content
@fact
def _objects(raw: bytes, class_id: str) -> Fact[Objects]:
    path = f"ucsm/{class_id}.xml"
    parsed = parse_xml(raw, path, "error" if ERROR.match(raw) else "configResolveClass")
    root = parsed.need()
    if code := root.get("errorCode"):
        said = " ".join((root.get("errorDescr") or "no description").split())
        why = f"error {shown(code)[1:-1]}: {shown(said, 200)[1:-1]}"
        give_up(f"{path}: UCS Manager answered with {why}", *parsed.evidence)
    answered = root.get("classId")
    if answered != class_id:
        give_up(f"{path} is an answer about {shown(str(answered))}", *parsed.evidence)
    answer = root.find("outConfigs")
    if answer is None:
        give_up(f"{path} has no <outConfigs>, so it is not a complete answer", *parsed.evidence)
    limits.within(answer, limits.OBJECTS, f"{path} has", "objects")
    for child in answer:
        if child.tag != class_id:
            give_up(f"{path} holds a {shown(str(child.tag))} object", *parsed.evidence)
    found = [cast("dict[str, str]", dict(child.items())) for child in answer]
    return Known(tuple(found), parsed.evidence)


def was_asked(answers: Iterable[Fact[Objects] | Fact[bytes | None]]) -> bool:
    """Whether anybody asked UCS Manager: it answered, the recording says how it was asked, or an
    answer is unknown for another reason than that nobody wanted it."""
    for answer in answers:
        if isinstance(answer, Unknown):
            if not is_unasked(answer.reason):
                return True
        elif answer.value is not None:
            return True
    return False


def is_unasked(reason: str) -> bool:
    """Whether an answer is unknown because nobody asked for it."""
    return any(mark in reason for mark in NOBODY)


def notes(raw: Fact[bytes | None]) -> tuple[str, ...]:
    """What a reader of any report has to know of the session that the answers come from; nothing
    where they came in another way. What cannot be understood is no reason to trust it."""
    if isinstance(raw, Unknown) or raw.value is None:
        return ()
    try:
        told = bounded_json(raw.value.decode())
        if not isinstance(told, dict):
            raise TypeError(told)
        verified, left_open = told["verified"] is True, str(told["left_open"])
        address = str(told["address"])
    except (ValueError, RecursionError, TypeError, KeyError):
        return (
            f"{CONNECTION} cannot be understood: it is not known whether UCS Manager was verified",
        )
    found = [] if verified else ["its certificate was not verified (--ucsm-insecure)"]
    found += [f"its session may still be open: {shown(left_open, 200)[1:-1]}"] if left_open else []
    return tuple(f"UCS Manager at {shown(address, 200)[1:-1]}: {note}" for note in found)
