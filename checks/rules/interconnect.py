"""Do the fabric interconnects carry VM-FEX? (rules FAB) And which UCS release runs them?"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from vmfex.checks.model.fabric import Fabric, release_number
from vmfex.checks.model.fact import Evidence, Fact, Known, Unknown
from vmfex.checks.result.verdict import Finding, found, undetermined

SYSTEM = "sys/mgmt/fw-system"


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
        return Unknown("UCS Manager's answer names no fabric interconnect", answer.evidence)
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
        return Unknown(f"UCS Manager's release is not in its answer: {versions}", answer.evidence)
    return Known(number, answer.evidence)


def is_of_model(item: Interconnect, models: Collection[str]) -> bool:
    """Also in another spelling, or with the suffix of an order (UCS-FI-6454-U)."""
    said = item.model.strip().upper()
    return any(said == model or said.startswith(f"{model}-") for model in models)


def is_none_of(item: Interconnect, models: Collection[str]) -> Finding:
    """FAB-01."""
    if not item.model.strip():
        return undetermined(item.label, Unknown("the answer names no model", item.evidence))
    wanted = f"none of {', '.join(models)}"
    return found(item, not is_of_model(item, models), f"model {item.model}", wanted)


def carries_no_port_profile(item: Interconnect, fabric: Fabric) -> Finding:
    """FAB-02."""
    profiles, switches = fabric.objects("vnicProfile"), fabric.objects("vmSwitch")
    names = [f"port profile {o.get('name', '?')}" for o in profiles.need()]
    names += [f"distributed virtual switch {o.get('name', '?')}" for o in switches.need()]
    observed = ", ".join(names) or "no port profile, no distributed virtual switch"
    wanted = "no port profile and no distributed virtual switch"
    return found(item, not names, observed, wanted, *profiles.evidence, *switches.evidence)


def supports_dynamic_vifs(item: Interconnect, fabric: Fabric) -> Finding:
    """FAB-03: equipmentSwitchCap, whose dn names the model (property since 3.1(1e))."""
    answer = fabric.objects("equipmentSwitchCap")
    wanted = "dynamicVifsSupported yes"
    said = {_supported(o) for o in answer.need() if f"-model-{item.model}-" in o.get("dn", "")}
    if len(said) != 1 or not said <= {"yes", "no"}:
        reason = f"UCS Manager does not say whether {item.model} supports dynamic VIFs"
        return undetermined(item.label, Unknown(reason, answer.evidence), wanted)
    value = said.pop()
    return found(item, value == "yes", f"dynamicVifsSupported {value}", wanted, *answer.evidence)


def _supported(capability: Mapping[str, str]) -> str:
    return capability.get("dynamicVifsSupported", "")
