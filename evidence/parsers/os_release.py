"""os-release(5): who the distribution is by ID and NAME, and its release."""

import re

from vmfex.checks.model.fact import Evidence
from vmfex.checks.text import one_line, shown
from vmfex.evidence.parsers.distributions import (
    EDITIONS,
    HYPERVISORS,
    IMAGE_VARIANTS,
    RED_HAT_IDS,
    RHEL,
    name_of,
    names_other,
)
from vmfex.evidence.parsers.release_reading import BUILT_FROM, UNFINISHED, Kind, Reading

ASSIGNMENT = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*)=(.*?)\s*", re.DOTALL)
QUOTED = re.compile(r"\"((?:[^\"\\]|\\.)*)\"|'([^']*)'", re.DOTALL)
SAY_BETA = ("VERSION", "PRETTY_NAME", "CPE_NAME", "REDHAT_SUPPORT_PRODUCT_VERSION")
CPE_VENDOR = re.compile(r"cpe:(?:/|2\.3:)o:([^:]+)")
FINISHED_TYPES = ("", "stable", "lts")  # RELEASE_TYPE


def read_os_release(content: str, evidence: Evidence) -> Reading:
    """What the file says. One that leaves open who it is, as half of one does, is UNCLEAR."""
    values, problem = assignments(content)
    identity, name = values.get("ID", "").lower(), values.get("NAME", "")
    version = values.get("VERSION_ID", "")
    text = one_line(values.get("PRETTY_NAME") or f"{name} {values.get('VERSION', version)}".strip())
    if identity and identity not in RED_HAT_IDS:
        return _other(identity, name, text, version, evidence)
    if name and not name.startswith("Red Hat") and (identity or names_other(name)):
        return _other(identity, name, text, version, evidence)
    if problem or not identity or not name:
        said = problem or f"gives no {'ID' if name else 'NAME' if identity else 'ID and no NAME'}"
        return Reading(Kind.UNCLEAR, f"{evidence.where} {said}: {shown(text)}", evidence)
    if doubt := _doubt(values, identity):
        return Reading(Kind.UNCLEAR, f"{evidence.where} contradicts itself: {doubt}", evidence)
    if vendor := _foreign_vendor(values):
        return _other(vendor, "", text, version, evidence)
    rhel = Reading(Kind.RHEL, text, evidence, beta=_is_beta(values))
    if HYPERVISORS.match(name) or HYPERVISORS.match(text):
        return _hypervisor(rhel, name, text, version)
    image = values.get("VARIANT_ID", "").lower() in IMAGE_VARIANTS or identity == "rhcos"
    if EDITIONS.fullmatch(name) and not image:
        return rhel.numbered(version)
    if not name.startswith(f"{RHEL} ") and not image:
        return _other(identity, name, text, version, evidence)
    base = values.get("RHEL_VERSION", "")
    built = f"{text}, built from {RHEL} {one_line(base)}" if base else text
    return rhel._replace(text=built, image=True).numbered(base)


def assignments(content: str) -> tuple[dict[str, str], str]:
    """The variables, and what is wrong with the file, if anything is: a line that was cut off, or
    a variable with two values. A last line without its line feed counts if its quotes are closed.

    >>> assignments('ID="rhel"\\nVERSION_ID="7.')
    ({'ID': 'rhel'}, 'is cut off')
    """
    values: dict[str, str] = {}
    problem = ""
    lines = content.lstrip("\ufeff").replace("\r\n", "\n").split("\n")
    for number, line in enumerate(lines, 1):
        match = ASSIGNMENT.fullmatch(line)
        if line.lstrip().startswith("#") or not line.strip():
            continue
        quoted = QUOTED.fullmatch(match[2]) if match else None
        open_quotes = match is not None and quoted is None and match[2][:1] in ('"', "'")
        if open_quotes or (number == len(lines) and quoted is None):
            problem = problem or "is cut off"
        elif match:
            value = match[2] if quoted is None else re.sub(r"\\(.)", r"\1", quoted[1] or "")
            value = quoted[2] if quoted and quoted[2] is not None else value
            if values.setdefault(match[1], value) != value:
                problem = f"gives {match[1]} twice"
    return values, problem


def _other(identity: str, name: str, text: str, version: str, evidence: Evidence) -> Reading:
    """Somebody else's: its name is the ID's, whatever it calls itself."""
    called = one_line(name_of(identity, name))
    said = text if called in text or not text else f"{called}, which calls itself {text}"
    if identity:
        said = f"{said} (ID={one_line(identity)})".strip()
    return Reading(Kind.OTHER, said, evidence, called).numbered(version)


def _doubt(values: dict[str, str], identity: str) -> str:
    """Why a file that says it is Red Hat's may not be; empty if nothing speaks against it."""
    if identity == "rhel" and identity in values.get("ID_LIKE", "").lower().split():
        return "what is like rhel (ID_LIKE) is not rhel (ID)"
    pretty = values.get("PRETTY_NAME", "Red Hat")
    if not pretty.startswith("Red Hat") and not names_other(pretty):
        return f"ID={identity}, and PRETTY_NAME={shown(pretty)}"
    return ""


def _foreign_vendor(values: dict[str, str]) -> str:
    """Who made it, by PRETTY_NAME or CPE_NAME, where that is not Red Hat."""
    pretty = values.get("PRETTY_NAME", "")
    if names_other(pretty):
        return pretty.split()[0].lower()
    vendor = CPE_VENDOR.match(values.get("CPE_NAME", "").lower())
    return vendor[1] if vendor and vendor[1] != "redhat" else ""


def _hypervisor(rhel: Reading, name: str, text: str, version: str) -> Reading:
    """RHVH's PRETTY_NAME ends in `(el7.3)`. VERSION_ID is RHEL's where NAME is."""
    if built := BUILT_FROM.search(text):
        return rhel._replace(image=True, major=int(built[1]), minor=int(built[2]))
    own = HYPERVISORS.match(name) and name.endswith("Host")
    return rhel._replace(image=True) if own else rhel.numbered(version)._replace(image=True)


def _is_beta(values: dict[str, str]) -> bool:
    said = " ".join(values.get(key, "") for key in SAY_BETA).replace("_", " ")
    unfinished = values.get("RELEASE_TYPE", "").lower() not in FINISHED_TYPES
    return unfinished or UNFINISHED.search(said) is not None
