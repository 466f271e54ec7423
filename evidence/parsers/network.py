"""libvirt's networks, from their XML."""

from dataclasses import replace

from vmfex.checks.model.domain import Network, Networks
from vmfex.checks.model.fact import Evidence, Fact, Known, Unknown
from vmfex.checks.model.host import LibvirtAnswer
from vmfex.evidence.parsers import fact, give_up, limits
from vmfex.evidence.parsers.connection import need_connected
from vmfex.evidence.parsers.domain import attribute, pci_address, required, virtual_port
from vmfex.evidence.parsers.interface_options import isolation
from vmfex.evidence.parsers.network_states import network_states
from vmfex.evidence.parsers.xml import parse_xml
from vmfex.evidence.tree import Tree

DIRECTORY = "libvirt/networks"


@fact
def networks(tree: Tree, connection: Fact[LibvirtAnswer]) -> Fact[Networks]:
    """Every network by its name; one whose XML is bad is unknown, by the name of its file."""
    need_connected(connection)
    files = tree.names(DIRECTORY).need()
    if files is None:  # a host without networks has a list that is empty
        give_up(f"{DIRECTORY} is missing: nobody asked libvirt for its networks")
    limits.within(files, limits.NETWORKS, f"{DIRECTORY} lists", "networks")
    found: dict[str, Fact[Network]] = {}
    states = network_states(tree)
    for file in files:
        parsed = network(tree, f"{DIRECTORY}/{file}")
        if isinstance(parsed, Known):
            state = states.of(parsed.value.name)
            value = replace(parsed.value, active=state.active, autostart=state.autostart)
            parsed = Known(value, parsed.evidence)
        name = parsed.value.name if isinstance(parsed, Known) else file.removesuffix(".xml")
        if name in found:
            parsed = Unknown(f"libvirt shows two networks of the name {name!r}", parsed.evidence)
        found[name] = parsed
    evidence = Evidence(DIRECTORY, "\n".join(files) or "(no network)")
    return Known(found, (*connection.evidence, evidence))


@fact
def network(tree: Tree, path: str) -> Fact[Network]:
    return network_of(tree.read(path).need() or b"", path)


@fact
def network_of(raw: bytes, path: str) -> Fact[Network]:
    """What a <network> says; `path` is how it is called."""
    parsed = parse_xml(raw, path, "network")
    root, whole = parsed.need(), parsed.evidence[0]
    forward = root.find("forward")
    pool = [] if forward is None else [forward, *forward.findall("interface")]
    devs = [dev for element in pool if (dev := element.get("dev"))]
    addresses = [] if forward is None else forward.findall("address[@type='pci']")
    limits.within((*devs, *addresses), limits.DEVICES, f"{path} names", "devices")
    pfs = [] if forward is None else [pf.get("dev") for pf in forward.findall("pf")]
    groups = {group.get("name") or "": group for group in root.findall("portgroup")}
    # libvirt takes these words in any case (STRCASEEQ in src/conf/network_conf.c)
    defaults = [name for name, group in groups.items() if _is_yes(group.get("default"))]
    value = Network(
        name=required(root, "name", whole),
        forward=None if forward is None else forward.get("mode") or "nat",  # libvirt's default
        bridge=attribute(root, "bridge", "name"),
        devs=tuple(dict.fromkeys(devs)),
        addresses=tuple(pci_address(address, whole) for address in addresses),
        pfs=tuple(pf for pf in pfs if pf),
        virtualport=virtual_port(root),
        portgroups={name: virtual_port(group) for name, group in groups.items()},
        default_portgroup=defaults[0] if defaults else None,
        vlan=root.find("vlan") is not None,
        vlan_portgroups=frozenset(n for n, g in groups.items() if g.find("vlan") is not None),
        managed=forward is not None and _is_yes(forward.get("managed")),
        driver=attribute(root, "forward/driver", "name"),
        isolated=isolation(root) == "yes",
        evidence=(whole,),
    )
    return Known(value, (whole,))


def _is_yes(word: str | None) -> bool:
    return word is not None and word.lower() == "yes"
