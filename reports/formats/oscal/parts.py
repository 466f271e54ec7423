"""What all OSCAL documents are made of. The same records give the same identifiers."""

import re
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID, uuid5

from vmfex.checks.result.certification import Certification
from vmfex.reports.formats.telling import line, lines

VERSION = "1.2.1"
CATALOG, PROFILE, AP, AR, POAM = (
    "catalog.json",
    "profile.json",
    "assessment-plan.json",
    "assessment-results.json",
    "plan-of-action-and-milestones.json",
)
NAMESPACE = "urn:vmfex:oscal"  # of our properties
_SPACE = UUID("5f1f86a5-1f0c-5a0b-9a3e-6c1de0a7f7a4")  # of our identifiers
_MARKUP = re.compile(r"([\\`*_\[\]<>~^{}])")  # what means something in OSCAL's Markdown

Json = dict[str, Any]


def identifier(*parts: str) -> str:
    """A UUID that follows from its parts."""
    return str(uuid5(_SPACE, "\0".join(parts).encode("utf-8", "backslashreplace").decode()))


def of_host(of: Certification, *parts: str) -> str:
    """The identifier of something in this host's record."""
    return identifier(of.host, of.started, of.ruleset, *parts)


def metadata(hosts: Sequence[Certification], title: str) -> Json:
    return {
        "title": markup_line(title),
        "last-modified": max(of.finished for of in hosts),
        "version": hosts[0].version,
        "oscal-version": VERSION,
        "props": [prop("ruleset", hosts[0].ruleset)],
    }


def prop(name: str, value: str) -> Json:
    return {"name": name, "ns": NAMESPACE, "value": line(value) or "-"}


def markup(text: str) -> str:
    """Text from outside as Markdown that says just that."""
    return _MARKUP.sub(r"\\\1", lines(text))


def markup_line(text: str) -> str:
    return _MARKUP.sub(r"\\\1", line(text)) or "-"


def select(ids: Iterable[str]) -> list[Json]:
    return [{"control-id": id_} for id_ in ids]


def statement_of(id_: str) -> str:
    """The identifier of what a rule demands."""
    return f"{id_}_smt"


def objective_of(id_: str) -> str:
    """The identifier of what is assessed of a rule, which findings name."""
    return f"{id_}_obj"


def component(of: Certification) -> Json:
    """The host."""
    return {
        "uuid": of_host(of),
        "type": "hardware",
        "title": markup_line(of.host),
        "description": "A KVM host for Cisco VM-FEX.",
        "status": {"state": "under-development" if of.constructed else "operational"},
    }


def tool(of: Certification) -> Json:
    """The program."""
    return {
        "uuid": identifier("tool", of.version),
        "type": "software",
        "title": f"vmfex {line(of.version)}",
        "description": "The program that judged the hosts.",
        "status": {"state": "operational"},
    }
