"""Do the fabric interconnects carry VM-FEX? (rules FAB) And which UCS release runs them?"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from vmfex.checks.model.fabric import Fabric, release_number
from vmfex.checks.model.fact import Evidence, Fact, Known, Unknown
from vmfex.checks.result.verdict import Finding, found
from vmfex.checks.text import shown

SYSTEM = "sys/mgmt/fw-system"
SAID = {
    "yes": True,
    "true": True,
    "no": False,
    "false": False,
}  # both are told (docs/sources.md, 6)
OF_CAPABILITY = re.compile(r"-model-(.+?)-revision-[^/]*/switch-cap$")  # in its dn: the model
ORDER_SUFFIX = re.compile(r"=?|-[A-Z]{1,4}=?")  # of a spare part, or a way to order it: -U, -UPG
MOST_NAMED = 10
ASK_AGAIN = (
    "Ask UCS Manager anew (`--ucsm https://ADDRESS`), as a user who may read it all "
    "(docs/fabric.md)."
)


@dataclass(frozen=True, slots=True)
class Models:
    """The models of fabric interconnects, with and without VM-FEX."""

    carrying: tuple[str, ...]
    lacking: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Interconnect:
    dn: str
    model: str
    evidence: tuple[Evidence, ...] = ()

    @property
    def label(self) -> str:
        return f"fabric interconnect {self.dn.rpartition('/')[2]} ({self.model})"


def interconnects(fabric: Fabric) -> Fact[tuple[Interconnect, ...]]:
    """Every fabric interconnect; an answer without any tells nothing."""
    answer = fabric.objects("networkElement")
    if isinstance(answer, Unknown):
        return answer
    if not answer.value:
        reason = "UCS Manager's answer names no fabric interconnect"
        return Unknown(reason, answer.evidence, ASK_AGAIN)
    return Known(
        tuple(
            Interconnect(o.get("dn", ""), o.get("model", ""), answer.evidence) for o in answer.value
        )
    )


def ucs_release(fabric: Fabric) -> Fact[tuple[int, int]]:
    """UCS Manager's own release as (major, minor)."""
    answer = fabric.objects("firmwareRunning")
    if isinstance(answer, Unknown):
        return answer
    versions = [o.get("version", "") for o in answer.value if o.get("dn") == SYSTEM]
    number = release_number(versions[0]) if versions else None
    if number is None:
        reason = f"UCS Manager's release is not in its answer: {versions}"
        return Unknown(reason, answer.evidence, ASK_AGAIN)
    return Known(number, answer.evidence)


def carries_vmfex(item: Interconnect, models: Models, fabric: Fabric) -> Fact[bool]:
    """By the table of models; a model that it does not have is decided by what the interconnect
    says of itself."""
    if not item.model.strip():
        return Unknown("UCS Manager's answer names no model", item.evidence, ASK_AGAIN)
    if without(item.model, models):
        return Known(False, item.evidence)
    if _listed(item.model, models.carrying):
        return Known(True, item.evidence)
    said = _says_dynamic_vifs(item, fabric)
    if isinstance(said, Known):
        return said
    reason = f"the model {shown(item.model)} is in no list, and {said.reason}"
    return Unknown(reason, (*item.evidence, *said.evidence), said.remedy)


def without(model: str, models: Models) -> str | None:
    """The listed model without VM-FEX that this is: in whatever spelling, by its number alone."""
    numbers = re.findall(r"\d+", model)
    return next((m for m in models.lacking if re.findall(r"\d+", m)[-1] in numbers), None)


def _listed(model: str, models: Collection[str]) -> bool:
    """Whether it is one of them, also with the suffix of an order (UCS-FI-6332-U)."""
    return any(_same(model, listed) for listed in models)


def _same(model: str, listed: str) -> bool:
    said, name = model.strip().upper(), listed.strip().upper()
    return said.startswith(name) and bool(ORDER_SUFFIX.fullmatch(said[len(name) :]))


def has_vmfex(item: Interconnect, models: Models, fabric: Fabric) -> Finding:
    """FAB-01."""
    wanted = f"a model with VM-FEX, none of {', '.join(models.lacking)}"
    carries = carries_vmfex(item, models, fabric)
    ok, evidence = carries.need(), carries.evidence
    known = without(item.model, models) or _listed(item.model, models.carrying)
    how = "" if known else f", which says dynamicVifsSupported {'yes' if ok else 'no'} of itself"
    remedy = (
        f"No setting gives {item.label} VM-FEX: connect this server to 6200 or 6300 series "
        "interconnects, or give the host another kind of network."
    )
    return found(item, ok, f"model {item.model}{how}", wanted, *evidence, remedy=remedy)


def carries_no_port_profile(item: Interconnect, fabric: Fabric) -> Finding:
    """FAB-02."""
    profiles, switches = fabric.objects("vnicProfile"), fabric.objects("vmSwitch")
    names = [f"port profile {o.get('name', '?')}" for o in profiles.need()]
    names += [f"distributed virtual switch {o.get('name', '?')}" for o in switches.need()]
    observed = ", ".join(names) or "no port profile, no distributed virtual switch"
    wanted = "no port profile and no distributed virtual switch"
    evidence = (*profiles.evidence, *switches.evidence)
    remedy = f"In UCS Manager, tab VM, delete {', '.join(names[:MOST_NAMED])}"
    remedy += f" and {len(names) - MOST_NAMED} more." if len(names) > MOST_NAMED else "."
    return found(item, not names, observed, wanted, *evidence, remedy=remedy)


def supports_dynamic_vifs(item: Interconnect, fabric: Fabric) -> Finding:
    """FAB-03: equipmentSwitchCap, whose dn names the model (property since 3.1(1e))."""
    said = _says_dynamic_vifs(item, fabric)
    observed = f"dynamicVifsSupported {'yes' if said.need() else 'no'}"
    remedy = (
        f"{item.label} cannot give a VM a port: connect this server to interconnects that can "
        "(6200 or 6300 series)."
    )
    return found(
        item, said.need(), observed, "dynamicVifsSupported yes", *said.evidence, remedy=remedy
    )


def _says_dynamic_vifs(item: Interconnect, fabric: Fabric) -> Fact[bool]:
    answer = fabric.objects("equipmentSwitchCap")
    if isinstance(answer, Unknown):
        return answer
    mine = [o for o in answer.value if _is_about(o.get("dn", ""), item.model)]
    said = {SAID.get(o.get("dynamicVifsSupported", "").strip().lower()) for o in mine}
    value = said.pop() if len(said) == 1 else None
    if value is None:
        reason = f"UCS Manager does not say whether {shown(item.model)} supports dynamic VIFs"
        remedy = (
            f"See in Cisco's release notes whether {shown(item.model)[1:-1]} carries VM-FEX; UCS "
            "Manager tells it itself since release 3.1(1e)."
        )
        return Unknown(reason, answer.evidence, remedy)
    return Known(value, answer.evidence)


def _is_about(dn: str, model: str) -> bool:
    named = OF_CAPABILITY.search(dn)
    return named is not None and _same(model, named[1])
