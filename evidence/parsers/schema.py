"""A domain's XML against libvirt's own schema, as it is installed where this program runs."""

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from vmfex.checks.model.fact import Evidence, Fact, Known, Unknown
from vmfex.checks.text import encodable
from vmfex.evidence.parsers import fact, give_up
from vmfex.evidence.parsers.xml import parse_xml

if TYPE_CHECKING:
    from lxml.etree import RelaxNG

DOMAIN_SCHEMA = Path("/usr/share/libvirt/schemas/domain.rng")
CLEANED_MAC = re.compile(r"\b53:4f:53:", re.I)  # of a group, which no interface's address may be
MAX_TAGS = 20_000  # libxml2 takes quadratic time for <interleave>
SHOWN_ERRORS = 5


@fact
def schema_errors(xml: Evidence) -> Fact[str]:
    """The first errors, one a line; empty if the XML is valid."""
    schema = _schema(DOMAIN_SCHEMA).need()
    if xml.raw.count("<") > MAX_TAGS:
        give_up(f"{xml.where} has more than {MAX_TAGS:,} tags, too many for the schema", xml)
    root = parse_xml(xml.raw.encode("utf-8", "backslashreplace"), xml.where, "domain").need()
    if schema.validate(root):
        return Known("", (xml,))
    if CLEANED_MAC.search(xml.raw):
        give_up(
            f"{xml.where} has addresses that `sos report --clean` made up",
            xml,
        )
    errors = [(f"line {e.line}: " if e.line else "", e.message) for e in schema.error_log]
    shown = [f"{line}{encodable(message)[:300]}" for line, message in errors[:SHOWN_ERRORS]]
    return Known("\n".join(shown) or "not valid", (xml,))


@cache
def _schema(path: Path) -> "Fact[RelaxNG]":
    if not path.is_file():
        return Unknown("libvirt's schema domain.rng is not installed on this machine")
    from lxml import etree

    try:
        return Known(etree.RelaxNG(file=str(path)))
    except (etree.LxmlError, OSError) as error:
        return Unknown(f"libvirt's schema {path} cannot be loaded: {encodable(str(error))[:200]}")
