"""The one way in which XML from outside is read: no DTD, no entities, no network, and bounds."""

import re
from codecs import BOM_UTF8
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from vmfex.checks.model.fact import Evidence, Fact, Known, Unknown
from vmfex.checks.text import encodable, shown
from vmfex.evidence.parsers import excerpt

if TYPE_CHECKING:  # lxml is imported by the first document: its import costs 40 ms
    from lxml.etree import XMLParser, _Element

Element: TypeAlias = "_Element"
MEDIA = "application/xml"
MAX_BYTES = 16 * 1024 * 1024  # libvirt's own limit for a string is 4 MiB
MAX_MARKS = 500_000  # tags and attributes; each costs libxml2 a hundred bytes and more
DECLARED = re.compile(rb"""<\?xml[^>]*?\sencoding\s*=\s*["']([^"']*)["']""")
HINT = re.compile(r", (try|use) XML_PARSE_HUGE( option)?")
UTF8 = {b"utf-8", b"utf8", b"us-ascii", b"ascii"}


def parse_xml(
    raw: bytes, where: str, root: str | tuple[str, ...], marks: int = MAX_MARKS
) -> Fact[Element]:
    """The root element, which has to be called `root` (or one of them), with the whole text as the
    evidence. A document of more than `marks` tags and attributes is refused."""
    refusal = _refusal(raw, marks)
    if refusal:
        return Unknown(f"{where} {refusal}", (_beginning(raw, where),))
    from lxml import etree

    try:
        element = etree.fromstring(raw, _parser())
    except etree.XMLSyntaxError as error:
        message = encodable(HINT.sub("", error.msg or "").partition("\n")[0][:200])
        return Unknown(f"{where} is not well-formed XML: {message}", (_beginning(raw, where),))
    roots = (root,) if isinstance(root, str) else root
    if element.tag not in roots:
        wanted = " or ".join(map(repr, roots))
        reason = f"{where} has the root element {shown(str(element.tag))}, not {wanted}"
        return Unknown(reason, (_beginning(raw, where),))
    return Known(element, (Evidence(where, raw.removeprefix(BOM_UTF8).decode(), MEDIA),))


@cache  # to make one takes longer than to parse a small document
def _parser() -> "XMLParser":
    from lxml import etree

    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def serialised(element: Element, where: str) -> Evidence:
    """An element's own XML, as the evidence for what it says."""
    from lxml import etree

    return Evidence(where, etree.tostring(element, encoding="unicode", with_tail=False), MEDIA)


def children(element: Element) -> dict[str, Element]:
    """An element's children by tag, the first of each."""
    return {child.tag: child for child in reversed(element)}


def _refusal(raw: bytes, marks: int) -> str | None:
    """Why these bytes are not even parsed, as the end of a sentence; None if they may be."""
    if not raw or raw.isspace():
        return "is empty"
    if len(raw) > MAX_BYTES:
        return f"has {len(raw):,} bytes, more than the {MAX_BYTES:,} that are read"
    if foreign := foreign_encoding(raw):
        return foreign
    if b"<!DOCTYPE" in raw or b"<!ENTITY" in raw:
        return "has a document type declaration, which is refused"
    if raw.count(b"<") + raw.count(b"=") > marks:
        return f"has more than the {marks:,} tags and attributes that are read"
    return None


def foreign_encoding(raw: bytes) -> str:
    """Why bytes are not XML in UTF-8, as the end of a sentence; empty where they are. Another
    encoding, as UTF-7 or EBCDIC, can hide a document type declaration from who looks for one."""
    if b"\0" in raw:
        return "has NUL bytes, so it is not UTF-8 text"
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return f"is not UTF-8 text: byte {error.start} is {raw[error.start]:#04x}"
    declared = DECLARED.search(raw, 0, 200)
    if declared and declared[1].lower() not in UTF8:
        return f"is declared as {shown(declared[1].decode())}, and only UTF-8 is read"
    return ""


def _beginning(raw: bytes, where: str) -> Evidence:
    return excerpt(where, raw[:2500].decode("utf-8", "backslashreplace"), MEDIA)
