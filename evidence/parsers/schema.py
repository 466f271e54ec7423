"""A domain's XML against libvirt's own schema, as it is installed where this program runs."""

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from vmfex.checks.model.fact import Evidence, Fact, Known, Unknown
from vmfex.checks.text import encodable
from vmfex.evidence.parsers import fact, give_up
from vmfex.evidence.parsers.domain_shape import shape
from vmfex.evidence.parsers.xml import Element, parse_xml

if TYPE_CHECKING:
    from lxml.etree import RelaxNG

DOMAIN_SCHEMA = Path("/usr/share/libvirt/schemas/domain.rng")
USR = Path("/usr")
LIBRARIES = ("lib/*/libvirt.so.0.*", "lib64/libvirt.so.0.*", "lib/libvirt.so.0.*")
# libvirt's own build numbers its library 0.(1000 * major + minor).micro (its meson.build).
LIBRARY = re.compile(r"libvirt\.so\.0\.(?P<thousands>\d+)\.\d+")
CLEANED_MAC = re.compile(r"\b53:4f:53:", re.I)  # of a group, which no interface's address may be
MAX_TAGS = 20_000  # libxml2 takes quadratic time for <interleave>
SHOWN_ERRORS = 5


@fact
def schema_errors(xml: Evidence) -> Fact[str]:
    """The first errors, one a line; empty if the XML is valid."""
    schema = _schema(DOMAIN_SCHEMA).need()
    if xml.raw.count("<") > MAX_TAGS:
        give_up(f"{xml.where} has more than {MAX_TAGS:,} tags, too many for the schema", xml)
    if (alike := shape(xml.raw)) and _has_valid_shape(schema, alike):
        return Known("", (xml,))
    root = _root(xml.raw, xml.where).need()
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


def _root(xml: str, where: str) -> Fact[Element]:
    return parse_xml(xml.encode("utf-8", "backslashreplace"), where, "domain")


@lru_cache(maxsize=128)  # VMs of one template, on one host or a thousand, are of one shape
def _has_valid_shape(schema: "RelaxNG", shape: str) -> bool:
    root = _root(shape, "a shape")
    return isinstance(root, Known) and schema.validate(root.value)


def newer_than_schema(libvirt: int | None) -> str:
    """Why a document that the schema refuses may be right for the libvirt that made it, whose
    version is in millions and thousands; empty where the schema is as new."""
    here = _schema_version()
    if here is None:
        return "it is not known of which libvirt the schema on this machine is"
    if libvirt is None:
        return f"the schema on this machine is of libvirt {_shown(here)}, the host's is not known"
    if here // 1000 < libvirt // 1000:
        return f"the schema on this machine is of libvirt {_shown(here)}, older than the host's"
    return ""


@cache
def _schema_version() -> int | None:
    """That of the library that is installed with it, as libvirt counts; None where none or several
    are."""
    found = {path.name for pattern in LIBRARIES for path in USR.glob(pattern)}
    versions = {int(m["thousands"]) * 1000 for name in found if (m := LIBRARY.fullmatch(name))}
    return versions.pop() if len(versions) == 1 else None


def _shown(version: int) -> str:
    return f"{version // 1_000_000}.{version // 1000 % 1000}"


@cache
def _schema(path: Path) -> "Fact[RelaxNG]":
    if not path.is_file():
        return Unknown("libvirt's schema domain.rng is not installed on this machine")
    from lxml import etree

    try:
        return Known(etree.RelaxNG(file=str(path)))
    except (etree.LxmlError, OSError) as error:
        return Unknown(f"libvirt's schema {path} cannot be loaded: {encodable(str(error))[:200]}")
