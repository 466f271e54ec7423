"""The link dump and the PFs' replies of a blade."""

from collections.abc import Sequence
from dataclasses import replace

from tests.support.construct.layout import NO_MAC, VF, Function, running_nics
from tests.support.construct.netlink import Message, Port, encode
from tests.support.construct.raw import RawTree
from tests.support.construct.spec import Blade, Nic, Vm
from tests.support.construct.sysfs import write_virtual_netdev


def write_links(tree: RawTree, blade: Blade, functions: Sequence[Function]) -> None:
    links = [_loopback(), *_physical(blade, functions)]
    links += _virtual(blade, {link.name: link.index for link in links})
    for link in links:
        if link.kind or link.name == "lo":
            write_virtual_netdev(tree, link.name, link.mac)
    links = [replace(link, af_spec=blade.system.af_spec) for link in links]
    bridge = next((link.index for link in links if link.name == blade.bridge), None)
    if bridge is not None:
        first = blade.nics[0]
        links = [replace(n, master=bridge) if n.name == first else n for n in links]
    tree.put("netlink/links.bin", b"".join(encode(_dumped(blade, link)) for link in links))
    for link in links:
        if link.vfs:
            tree.put(f"netlink/pf/{link.name}.bin", encode(link, multi=False))


def tap_names(blade: Blade) -> dict[tuple[str, str], str]:
    """The device on the host of each running VM's interface, by the VM's name and the MAC."""
    names: dict[tuple[str, str], str] = {}
    for prefix, kinds in (("macvtap", ("direct", "network")), ("vnet", ("bridge",))):
        chosen = [(vm, nic) for vm, nic in running_nics(blade) if nic.kind in kinds]
        names |= {(vm.name, nic.mac): f"{prefix}{i}" for i, (vm, nic) in enumerate(chosen)}
    return names


def _dumped(blade: Blade, link: Message) -> Message:
    """A link as the plain dump shows it: without VFs and their ports on a fixed kernel."""
    return link if blade.system.old_netlink else replace(link, vfs=None, ports=())


def _loopback() -> Message:
    return Message(1, "lo", NO_MAC, qdisc="noqueue")


def _physical(blade: Blade, functions: Sequence[Function]) -> list[Message]:
    by_source = {nic.device: _port(blade, vm, nic) for vm, nic in running_nics(blade)}
    named = [function for function in functions if function.netdev]
    named.sort(key=lambda function: (function.device == VF, function.address))
    links = []
    for index, function in enumerate(named, 2):
        name = function.netdev or ""
        port_self = by_source.get(name) if not function.physfn else None
        up = function.mac != NO_MAC
        link = Message(index, name, function.mac, up, port_self=port_self)
        if function.virtfns or blade.system.old_netlink:
            ports = _vf_ports(functions, function, by_source)
            link = replace(link, vfs=len(function.virtfns), ports=ports)
        links.append(link)
    return links


def _port(blade: Blade, vm: Vm, nic: Nic) -> Port | None:
    return Port(None, nic.profile, vm.uuid, blade.uuid) if nic.profile else None


def _vf_ports(
    functions: Sequence[Function], pf: Function, by_source: dict[str, Port | None]
) -> tuple[Port, ...]:
    """The ports of the PF's VFs that a running VM has, found by address or by network device."""
    netdevs = {function.address: function.netdev for function in functions}
    found = []
    for number, address in enumerate(pf.virtfns):
        port = by_source.get(address) or by_source.get(netdevs.get(address) or "")
        if port:
            found.append(replace(port, vf=number))
    return tuple(found)


def _virtual(blade: Blade, indexes: dict[str, int]) -> list[Message]:
    links, next_index, taps = [], max(indexes.values()) + 1, tap_names(blade)
    if blade.bridge:
        indexes = indexes | {blade.bridge: next_index}
        links.append(
            Message(next_index, blade.bridge, "00:1b:21:00:00:01", kind="bridge", qdisc="noqueue")
        )
        next_index += 1
    for vm, nic in running_nics(blade):
        name = taps.get((vm.name, nic.mac))
        if name is None:
            continue
        if nic.kind == "bridge":
            mac, master = f"fe{nic.mac[2:]}", indexes[nic.device]
            link = Message(next_index, name, mac, kind="tun", master=master, qdisc="pfifo_fast")
        else:
            link = Message(next_index, name, nic.mac, kind="macvtap", mode=nic.mode)
            link = replace(link, lower=indexes[nic.device], qdisc="pfifo_fast")
        links.append(link)
        next_index += 1
    return links
