"""Raw evidence: the names in it, and the text in which pseudonyms stand for them.

What is known to be made of names and technical words only is kept. Everything else, as a kernel's
log or what somebody wrote into a description, cannot be redacted surely and is left out.
"""

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from vmfex.bundle.redact.names import LEFT_OUT, Redactor
from vmfex.checks.model.fact import Evidence
from vmfex.evidence.sources.ucsm.classes import CLASSES

if TYPE_CHECKING:
    from lxml.etree import _Element

GONE = "(left out: it cannot be redacted surely)"
# Texts that are made of technical words, numbers and names that are told elsewhere.
SURE = re.compile(
    r"/?(?:sys/|proc/cpuinfo|proc/modules|dev/|lib/modules/|etc/os-release|etc/redhat-release"
    r"|uname$|libvirt/domains$|libvirt/networks$|guests/[^/]*/sys/|manifest\.json)"
)
TREES = re.compile(r"/?(?:sys/(?!.*/dmi/)|proc/|dev/|lib/)")  # where a number is never a name
SERIAL = re.compile(r"/(?:product|board|chassis)_(?:serial|asset_tag)$")
FREE_TEXT = ("message", "stderr", "command", "description", "title", "metadata", "errorDescr")
NAMES_OF = {"profile": "profile", "name": "name", "serial": "serial", "user": "user"}
IDENTITY = re.compile(r"(?:dn|.*Dn|name|.*Name|serial|.*[uU]uid|addr|macAddr|orgPath)")
TECHNICAL = {p for properties in CLASSES.values() for p in properties if not IDENTITY.fullmatch(p)}
TECHNICAL |= {
    *("response", "classId", "errorCode", "type", "model", "mode", "managed", "bus", "domain"),
    *("slot", "function", "index", "port", "arch", "machine", "unit", "offset", "version", "cache"),
    *("io", "discard", "queues", "state", "check", "match", "feature", "policy", "placement"),
    *("multifunction", "controller", "target", "chassis", "chassisNr", "hotplug", "present"),
    *("trustGuestRxFilters", "autodeflate", "delay", "tickpolicy", "timeout", "id", "size"),
    *("canonical", "maxCpus", "forwardPlainNames", "stp", "cpus", "sockets", "dies", "cores"),
    *("threads", "autostart", "event_idx", "iommu", "ats", "packed", "ioeventfd", "txmode", "copy"),
    *("fallback", "default", "ipv6", "connections", "relabel", "device", "capacity", "maxCount"),
}
TECHNICAL_TEXT = {
    *("type", "vcpu", "memory", "currentMemory", "on_poweroff", "on_reboot", "on_crash", "model"),
    *("driver", "vendor", "arch", "os_type", "wordsize", "machine", "emulator", "topology"),
    *("domain", "bus", "slot", "function", "product", "class", "capability", "link"),
}
TECHNICAL_VALUE = re.compile(r"[\w .,:+/()-]{0,80}", re.ASCII)
WORD = re.compile(r"[a-z_-]{1,14}")
NAMING = {
    *("name", "profileid", "portgroup", "network", "file", "dir", "pool", "volume", "host", "path"),
    *("hostname", "user", "username", "serial", "entry", "uuid", "title", "label", "socket"),
}
NAMES_OF_OURS = {  # of what libvirt itself names
    *("timer", "feature", "alias", "model", "arch", "parameter", "capability", "suffix", "enum"),
    *("driver", "backend", "protocol", "cpu"),
}
KIND_OF_OBJECT = {
    **{"lsServer": "host", "vmHv": "host", "vmInstance": "vm", "vnicProfile": "profile"},
    **{"topSystem": "fabric", "portgroup": "profile"},
}

Json = Any


def names_in(evidence: Evidence) -> Iterator[tuple[str, str]]:
    """Names that their place tells, with their kind."""
    if evidence.media == "application/xml":
        root = _xml(evidence.raw)
        for element in root.iter() if root is not None else ():
            for attribute, value in element.items():
                if _is_name(str(attribute), str(value), TECHNICAL, element):
                    yield _kind(str(attribute), element), str(value)
            if _told(element) and _is_name(_local(element), element.text, TECHNICAL_TEXT, element):
                yield _kind(_local(element), element), str(element.text)
    elif evidence.media == "application/json":
        yield from _in_json(evidence)
    elif evidence.where == "uname":
        yield from (("host", word) for word in evidence.raw.split()[1:2])
    elif SERIAL.search(evidence.where):
        yield "serial", evidence.raw


def redacted(evidence: Evidence, names: Redactor) -> Evidence:
    """The evidence as it can be handed on. What cannot be redacted surely says so."""
    by_name = "guests/" in evidence.where
    where = names.name(evidence.where) if by_name else names.text(evidence.where)
    raw = _redacted(evidence, names)
    if raw is None or names.leak(raw):
        return Evidence(where, GONE)
    return Evidence(where, raw, evidence.media)


def _redacted(evidence: Evidence, names: Redactor) -> str | None:
    if evidence.media == "application/xml":
        root = _xml(evidence.raw)
        return None if root is None else _redacted_xml(root, names)
    if evidence.media == "application/json":
        try:
            document = json.loads(evidence.raw)
        except (ValueError, RecursionError):
            return None
        return json.dumps(_redacted_json(document, names), indent=1)
    if not SURE.match(evidence.where):
        return None
    technical = TREES.match(evidence.where)
    return names.technical(evidence.raw) if technical else names.text(evidence.raw)


def _xml(raw: str) -> "_Element | None":
    """None for what is no document, as one that was cut."""
    from lxml import etree

    if "<!DOCTYPE" in raw or "<!ENTITY" in raw:
        return None
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(raw.encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _redacted_xml(root: "_Element", names: Redactor) -> str:
    from lxml import etree

    for element in list(root.iter()):
        if _local(element) in FREE_TEXT:
            for child in list(element):
                element.remove(child)
            element.attrib.clear()
            element.text = LEFT_OUT
            continue
        for attribute, value in element.items():
            name, text = str(attribute), str(value)
            told = _is_name(name, text, TECHNICAL, element)
            free = name in FREE_TEXT
            element.set(attribute, LEFT_OUT if free else _value(text, told, names))
        if _told(element):
            text = str(element.text)
            told = _is_name(_local(element), text, TECHNICAL_TEXT, element)
            element.text = _value(text, told, names)
        if element.tail and element.tail.strip():
            element.tail = LEFT_OUT
    return etree.tostring(root, encoding="unicode", with_tail=False)


def _value(text: str, is_name: bool, names: Redactor) -> str:
    return names.name(text) if is_name else names.technical(text)


def _told(element: "_Element") -> bool:
    return bool(element.text and element.text.strip())


def _local(element: "_Element") -> str:
    return str(element.tag).rpartition("}")[2]


def _is_name(name: str, value: str | None, technical: set[str], element: "_Element") -> bool:
    """Whether a value is somebody's: not a technical one, nor, where no name belongs, a word."""
    if not value or (name in technical and TECHNICAL_VALUE.fullmatch(value)):
        return False
    if name == "name" and _local(element) in NAMES_OF_OURS:
        return False
    return name in NAMING or bool(IDENTITY.fullmatch(name)) or not WORD.fullmatch(value)


def _kind(name: str, element: "_Element") -> str:
    if _local(element) in FREE_TEXT or name in FREE_TEXT:
        return "text"
    if name == "dn" or name.endswith("Dn"):
        return "dn"
    if name == "name" and (kind := KIND_OF_OBJECT.get(_local(element))):
        return kind
    if _local(element) == "name" and (parent := element.getparent()) is not None:
        return {"domain": "vm", "network": "network"}.get(_local(parent), "name")
    return {"profileid": "profile", "profileName": "profile", "serial": "serial"}.get(name, "name")


def _in_json(evidence: Evidence) -> Iterator[tuple[str, str]]:
    try:
        document = json.loads(evidence.raw)
    except (ValueError, RecursionError):
        return
    if "network-states" in evidence.where and isinstance(document, dict):
        yield from (("network", name) for name in document)
    stack = [document]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            stack += value.values()
            for key, each in value.items():
                if key in NAMES_OF and isinstance(each, str):
                    yield NAMES_OF[key], each
        elif isinstance(value, list):
            stack += value


def _redacted_json(value: Json, names: Redactor, key: str = "") -> Json:
    if isinstance(value, dict):
        return {
            names.name(key): LEFT_OUT
            if key in FREE_TEXT and each
            else _redacted_json(each, names, key)
            for key, each in value.items()
        }
    if isinstance(value, list):
        return [_redacted_json(each, names, key) for each in value]
    if isinstance(value, str):
        return names.name(value) if key in NAMES_OF else names.text(value)
    return value
