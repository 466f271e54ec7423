"""Port profiles, and whether UCS Manager has them (rules PRF)."""

from dataclasses import dataclass

from vmfex.checks.model.fabric import Fabric
from vmfex.checks.model.fact import Evidence, Fact, Known, Unknown
from vmfex.checks.model.given_by import kept
from vmfex.checks.model.vm_interface import VmInterface
from vmfex.checks.result.verdict import Finding, found
from vmfex.checks.rules.by_name import virsh
from vmfex.checks.text import shown

MOST_NAMED = 10
MOST_COMMANDS = 3


@dataclass(frozen=True, slots=True)
class PortProfile:
    """A port profile by the name that VM-FEX interfaces use."""

    name: str
    evidence: tuple[Evidence, ...] = ()
    named_in: tuple[str, ...] = ()  # commands that edit what names it: `virsh edit web01`

    @property
    def label(self) -> str:
        return f"port profile {self.name}"


def where_it_is_named(interface: VmInterface) -> str:
    """The command that edits what names an interface's port profile: its own definition, or that
    of its network."""
    written = kept(interface.domain, interface.definition, interface.written) or interface.written
    own, network = written.virtualport, written.network
    if network is not None and not (own and own.profile):
        return virsh("net-edit", network)
    return virsh("edit", interface.domain.name)


def names_of_profiles(fabric: Fabric) -> Fact[frozenset[str]]:
    """The port profiles that UCS Manager has."""
    answer = fabric.objects("vnicProfile")
    if isinstance(answer, Unknown):
        return answer
    return Known(frozenset(o.get("name", "") for o in answer.value), answer.evidence)


def exists(profile: PortProfile, names: Fact[frozenset[str]]) -> Finding:
    """PRF-02."""
    there = profile.name in names.need()
    name = shown(profile.name)[1:-1]
    observed = f"UCS Manager {'has' if there else 'does not have'} port profile {name}"
    edits = ", ".join(profile.named_in[:MOST_COMMANDS]) or "`virsh edit` of the VM"
    remedy = f"Create the port profile {name} in UCS Manager (tab VM), or correct the name in "
    remedy += f"{edits}: <parameters profileid='{name}'/>; "
    known = ", ".join(sorted(shown(n)[1:-1] for n in names.need())[:MOST_NAMED])
    remedy += f"there are {known}." if known else "UCS Manager has none yet."
    return found(
        profile, there, observed, "a port profile of that name", *names.evidence, remedy=remedy
    )
