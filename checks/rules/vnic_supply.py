"""Are VFs and dynamic vNICs as many as the dynamic vNIC policy gives? (rule FAB-05)"""

from collections import Counter
from dataclasses import dataclass

from vmfex.checks.model.fact import Evidence, Fact, Known, Missing, Unknown
from vmfex.checks.model.host import Host
from vmfex.checks.model.pci import PciFunction
from vmfex.checks.result.verdict import Finding, Selection, found
from vmfex.checks.rules.server import Server, parent_of, server_of, static_macs


@dataclass(frozen=True, slots=True)
class Supply:
    """What is to be there by a dynamic vNIC policy: the VFs of a PF, or the host's dynamic vNICs.
    `policy` is None where no policy asks for any, `expected` where nobody says how many."""

    label: str
    there: int
    kind: str
    policy: str | None
    expected: Fact[int]
    evidence: tuple[Evidence, ...] = ()


def supplies(host: Host) -> Selection[Supply]:
    """Of each static vNIC that has VFs or a policy, and of all dynamic vNICs together."""
    what, tree = "vNIC with VFs or a dynamic vNIC policy", host.pci
    if isinstance(tree, Known) and not tree.value.adapters:
        return Selection(what, (), evidence=tree.evidence)
    try:
        server = server_of(host).need()
        if not server.profile:
            give = (
                f"Associate a service profile with {server.dn} in UCS Manager, or acknowledge it."
            )
            none = Unknown(f"{server.dn} has no service profile", server.evidence, give)
            return Selection(what, (), (none,))
        macs = static_macs(host)
        count = Counter(mac for _, mac in macs)
        static = [_supply_of_pf(f, mac, count[mac] > 1, server, host) for f, mac in macs]
        dynamic = _supply_of_host(server, host)
    except Missing as missing:
        return Selection(what, (), (missing.unknown,))
    items = tuple(s for s in (*static, dynamic) if s.there or s.policy)
    return Selection(what, items, evidence=server.evidence)


def _supply_of_pf(pf: PciFunction, mac: str, shared: bool, server: Server, host: Host) -> Supply:
    vnics = host.fabric.objects("vnicEther")
    references = host.fabric.objects("vnicDynamicConPolicyRef")
    evidence = (*pf.evidence, *vnics.evidence, *references.evidence)

    def supply(policy: str | None, expected: Fact[int]) -> Supply:
        return Supply(pf.label, len(pf.virtfns), "VFs", policy, expected, evidence)

    mine = [o for o in vnics.need() if mac and o.get("addr", "").lower() == mac]
    mine = [o for o in mine if parent_of(o) == server.profile]
    if len(mine) != 1 or shared:
        how = "several vNICs of the host have" if shared else f"{len(mine)} vNICs there have"
        reason = f"which vNIC of {server.profile} it is: {how} its MAC address {mac or '(none)'}"
        see = (
            f"Compare {pf.label} with the vNICs of {server.profile} in UCS Manager (Servers, MAC "
            "Address): one of them, and one vNIC here, should have the address."
        )
        return supply(None, Unknown(reason, evidence, see))
    if isinstance(references, Unknown):  # a class since 2.1(1a)
        return supply(None, references if pf.virtfns else Known(0))
    named = [o for o in references.value if parent_of(o) == mine[0].get("dn")]
    if len(named) == 1:
        policy = named[0].get("operConPolicyName") or named[0].get("conPolicyName", "")
        return supply(policy, _count(policy, host))
    if named:
        vnic = mine[0].get("dn")
        one = f"Leave one dynamic vNIC connection policy with {vnic} in UCS Manager."
        return supply(None, Unknown(f"{vnic} names {len(named)} policies", evidence, one))
    if _profile_policy(server, host):
        reason = "the policy is the service profile's, which does not say how many VFs each PF has"
        name = (
            f"Name the policy at each vNIC of {server.profile} in UCS Manager, {mine[0].get('dn')}"
        )
        return supply(None, Unknown(reason, evidence, f"{name} among them, not at the profile."))
    return supply(None, Known(0))


def _supply_of_host(server: Server, host: Host) -> Supply:
    functions = [f for a in host.pci.need().adapters for f in a.functions if f.is_dynamic_vnic]
    with_vfs = any(f.virtfns for a in host.pci.need().adapters for f in a.functions)
    policy = _profile_policy(server, host)
    evidence = (
        *host.fabric.objects("lsServer").evidence,
        *(functions[0].evidence if functions else ()),
    )
    label, there = "dynamic vNICs of the host", len(functions)
    if with_vfs and not functions:  # VFs come from it then, and are judged PF by PF
        return Supply(label, 0, "dynamic vNICs", None, Known(0), evidence)
    expected = _count(policy, host) if policy else Known(0)
    return Supply(label, there, "dynamic vNICs", policy or None, expected, evidence)


def _profile_policy(server: Server, host: Host) -> str:
    profiles = host.fabric.objects("lsServer").need()
    mine = next((o for o in profiles if o.get("dn") == server.profile), {})
    return mine.get("operDynamicConPolicyName") or mine.get("dynamicConPolicyName", "")


def _count(policy: str, host: Host) -> Fact[int]:
    """How many a policy asks for; it is named by its dn, or by its name alone."""
    answer = host.fabric.objects("vnicDynamicConPolicy")
    if isinstance(answer, Unknown):
        return answer
    counts = {
        o.get("dynamicEth", "") for o in answer.value if policy in (o.get("dn"), o.get("name"))
    }
    said = counts.pop() if len(counts) == 1 else ""
    if said == "off":
        return Known(0, answer.evidence)
    if said.isascii() and said.isdigit():
        return Known(int(said), answer.evidence)
    see = (
        f"See in UCS Manager, Dynamic vNIC Connection Policies, whether {policy} is there and has "
        "a number, and whether the user that vmfex logs in as may read it."
    )
    return Unknown(f"UCS Manager does not say what policy {policy} gives", answer.evidence, see)


def agrees_with_policy(supply: Supply) -> Finding:
    """FAB-05."""
    expected = supply.expected.need()
    by = f"dynamic vNIC policy {supply.policy}" if supply.policy else "no dynamic vNIC policy"
    observed = f"{supply.there} {supply.kind}; {by} gives {expected}"
    wanted = f"as many {supply.kind} as the policy gives"
    evidence, remedy = supply.expected.evidence, _remedy(supply, expected)
    return found(supply, supply.there == expected, observed, wanted, *evidence, remedy=remedy)


def _remedy(supply: Supply, expected: int) -> str:
    """By what is there already: a policy that gives some takes effect with a reboot."""
    if supply.policy and expected:
        return (
            f"Reboot the host: the policy {supply.policy} is set, and takes effect then. If "
            f"{supply.there} {supply.kind} are wanted, set its number to {supply.there} instead."
        )
    if supply.policy:
        return (
            f"Set the policy {supply.policy}, which is off, to {supply.there} dynamic vNICs, or "
            f"reboot the host, which then has none of the {supply.kind}."
        )
    return (
        f"Give the vNIC of {supply.label} a dynamic vNIC connection policy with {supply.there} "
        f"dynamic vNICs: after the next reboot it has no {supply.kind} without one."
    )
