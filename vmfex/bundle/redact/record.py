"""A certification: the names in it, and the same certification with pseudonyms for them."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from vmfex.bundle.redact import evidence as raw
from vmfex.bundle.redact.names import LEFT_OUT, Names, Redactor
from vmfex.checks.model.fact import Evidence
from vmfex.checks.model.plan import Plan
from vmfex.checks.result.acceptance import Acceptance
from vmfex.checks.result.certification import Certification
from vmfex.checks.result.verdict import Finding

# Fields of the inventory whose values are words of ours, of PCI or of libvirt.
WORDS = {
    *("kind", "ids", "driver", "state", "way", "topology", "mode", "model", "forward", "binds"),
    *("address", "adapter", "functions", "pf", "netdevs", "macvtap", "veths"),
}
NAMES = {"name", "network", "profile", "profiles"}  # those whose values are somebody's
T = TypeVar("T")


def gather(of: Certification, names: Names) -> None:
    """Adds all names of a certification."""
    names.add("host", of.host)
    for vm in of.inventory.vms:
        names.add("vm", vm.name)
    for profile in of.inventory.profiles:
        names.add("profile", profile.name)
    for network in of.inventory.networks:
        names.add("network", network.name)
        names.add_all(("profile", name) for name in network.profiles)
    for interface in (i for vm in of.inventory.vms for i in vm.interfaces):
        names.add("profile", interface.profile)
        names.add("network", interface.network)
    for interconnect in of.inventory.interconnects:
        names.add("interconnect", interconnect.name)
    _gather_people(of, names)
    told = {(e.where, e.raw): e for r in of.results for f in r.findings for e in f.evidence}
    for piece in told.values():
        names.add_all(raw.names_in(piece))
        names.look_into(piece.where)
        names.look_into(piece.raw)
    for text in _texts(of):
        names.look_into(text)


def _gather_people(of: Certification, names: Names) -> None:
    for each in of.accepted:
        names.add("user", each.by)
        names.add("user", each.owner)
        names.add("file", each.file)
        for pattern in (each.host, each.subject):
            names.add("pattern", pattern if _is_pattern(pattern) else "")
    for name in of.out_of_scope:
        names.add("vm", name)
    for kind, patterns in (
        ("vm", (*of.plan.must_migrate, *of.plan.out_of_scope)),
        ("host", of.plan.destinations),
    ):
        for pattern in patterns:
            names.add("pattern" if _is_pattern(pattern) else kind, pattern)


def _is_pattern(text: str) -> bool:
    return not {"*", "?", "["}.isdisjoint(text)


def _texts(of: Certification) -> Iterator[str]:
    """All that may come from a host or a user."""
    yield of.lost
    yield from of.notes
    for result in of.results:
        for f in result.findings:
            yield from (f.subject, f.observed, f.wanted, f.remedy)
    for part in (of.inventory, of.capacity, of.readings, of.accepted):
        yield from _strings(part)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _strings(each)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _strings(getattr(value, field.name))


def redacted(of: Certification, names: Redactor) -> Certification:
    """The same certification, with the same verdicts."""
    text = names.text
    pieces: dict[Evidence, Evidence] = {}

    def piece(evidence: Evidence) -> Evidence:
        if evidence not in pieces:
            pieces[evidence] = raw.redacted(evidence, names)
        return pieces[evidence]

    def finding(f: Finding) -> Finding:
        return replace(
            f,
            subject=text(f.subject),
            observed=text(f.observed),
            wanted=text(f.wanted),
            remedy=text(f.remedy),
            evidence=tuple(map(piece, f.evidence)),
        )

    return replace(
        of,
        host=names.name(of.host),
        lost=text(of.lost),
        notes=tuple(map(text, of.notes)),
        out_of_scope=tuple(map(names.name, of.out_of_scope)),
        readings=_walked(of.readings, names),
        plan=_plan(of.plan, names),
        accepted=tuple(_acceptance(each, names) for each in of.accepted),
        inventory=_walked(of.inventory, names),
        capacity=_walked(of.capacity, names),
        results=tuple(replace(r, findings=tuple(map(finding, r.findings))) for r in of.results),
    )


def _plan(plan: Plan, names: Redactor) -> Plan:
    return replace(
        plan,
        must_migrate=tuple(map(names.name, plan.must_migrate)),
        destinations=tuple(map(names.name, plan.destinations)),
        out_of_scope=tuple(map(names.name, plan.out_of_scope)),
        accepted=(),
    )


def _acceptance(said: Acceptance, names: Redactor) -> Acceptance:
    """What people wrote in their own words cannot be redacted surely."""
    text = names.text
    return replace(
        said,
        by=names.name(said.by),
        owner=names.name(said.owner),
        host=names.name(said.host),
        subject=text(said.subject),
        file=text(said.file),
        text=LEFT_OUT,
    )


def _text(value: str, name: str, names: Redactor) -> str:
    return names.name(value) if name in NAMES else names.text(value)


def _walked(value: T, names: Redactor, name: str = "") -> T:
    found: Any = value
    if isinstance(value, str):
        found = value if name in WORDS else _text(value, name, names)
    elif isinstance(value, tuple):
        found = tuple(_walked(each, names, name) for each in value)
    elif is_dataclass(value) and not isinstance(value, type):
        told = {f.name: getattr(value, f.name) for f in fields(value)}
        found = replace(value, **{key: _walked(each, names, key) for key, each in told.items()})
    result: T = found
    return result
