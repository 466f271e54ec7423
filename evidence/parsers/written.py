"""Definitions that are on no host yet: libvirt's domain and network XML, as files have it."""

from collections.abc import Mapping
from typing import Any
from xml.parsers.expat import ExpatError, ParserCreate

from vmfex.checks.model.domain import Domain, Network
from vmfex.checks.model.fact import Fact, Known
from vmfex.checks.text import shown
from vmfex.evidence.parsers import UUID, fact, give_up
from vmfex.evidence.parsers.domain import MAX_MARKS, definition, required
from vmfex.evidence.parsers.network import network_of
from vmfex.evidence.parsers.xml import Element, parse_xml, serialised

ROOTS = ("domain", "network")


class _Root(Exception):
    """The root element's name; empty where it is not looked for any further."""


def is_another_programs(raw: bytes) -> bool:
    """Whether a document begins, in whatever encoding, with another element than a definition does.
    What is not well-formed until there, or declares entities, may be a broken definition."""
    parser = ParserCreate()
    parser.StartElementHandler = lambda name, _attributes: _stop(name)
    parser.EntityDeclHandler = lambda *_declared: _stop("")
    try:
        parser.Parse(raw, True)
    except _Root as root:
        return str(root) not in ("", *ROOTS)
    except (ExpatError, LookupError, ValueError):
        return False
    return False


def _stop(name: str) -> None:
    """libvirt does not look at namespaces."""
    raise _Root(name.rpartition(":")[2])


@fact
def written(raw: bytes, where: str) -> Fact[Domain | Network]:
    """The domain or network in a document; `where` is how it is called."""
    root = parse_xml(raw, where, ROOTS, MAX_MARKS).need()
    return _domain(raw, where) if root.tag == "domain" else network_of(raw, where)


@fact
def _domain(raw: bytes, where: str) -> Fact[Domain]:
    """One that is still to be defined need not have a UUID: then it is known by where it is."""
    parsed = parse_xml(raw, where, "domain", MAX_MARKS)
    root, whole = parsed.need(), parsed.evidence[0]
    uuid = (root.findtext("uuid") or "").strip().lower()
    if uuid and not UUID.fullmatch(uuid):
        give_up(f"{where} has a <uuid> that is none: {shown(uuid)}", whole)
    name = required(root, "name", whole)
    return Known(Domain(name, uuid or where, (definition(root, "persistent", whole),)))


def lines(raw: bytes, where: str) -> Mapping[str, int]:
    """The line on which each piece of evidence begins that a document gives: itself, interfaces,
    devices of the host. Raises Missing for what is no such document."""
    parsed = parse_xml(raw, where, ROOTS, MAX_MARKS)
    root, whole = parsed.need(), parsed.evidence[0]
    found = {whole.raw: _line(root)}
    for element in root.iter("interface", "hostdev"):
        found.setdefault(serialised(element, where).raw, _line(element))
    return found


def _line(element: Element) -> int:
    line: Any = element.sourceline  # None for what was made and not read
    return int(line or 1)
