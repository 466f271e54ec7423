"""Every rule, on a recorded host that has each domain of the corpus in the place of its own VM."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from tests.corpus.libvirt.documents import Document, domains, networks
from tests.corpus.libvirt.test_documents import uuid_of
from tests.corpus.second_reader import (
    DEVICE,
    MACVTAP,
    SWITCH,
    Started,
    Written,
    interfaces,
    network,
    pci,
    start,
)
from tests.support.construct import RawTree, construct
from tests.support.construct.hosts import REFERENCE
from tests.support.judging import judge_raw
from vmfex.checks.result.verdict import Verdict

Record = Callable[[str, object], None]
HOST = construct(replace(REFERENCE, vms=(), guests=(), asked_to_migrate=()))
VFS = tuple(f"eth{number}" for number in (2, 3, 4, 5))  # of eth0: 0000:06:00.1 to .4
NETWORKS = "libvirt/networks/"


def host_with(root: Element, uuid: str) -> RawTree:
    """The reference host, whose one domain is this one, shut off."""
    tree = RawTree(dict(HOST.files), dict(HOST.links))
    tree.files[f"libvirt/domains/{uuid}/persistent.xml"] = ElementTree.tostring(root)
    return tree


def complete(document: Document) -> tuple[Element, str]:
    """The domain, with the UUID that libvirt gives it, and that UUID."""
    root = ElementTree.fromstring(document.raw)
    uuid = uuid_of(document)
    if root.find("uuid") is None:
        ElementTree.SubElement(root, "uuid").text = uuid
    return root, uuid


def moved(root: Element) -> int:
    """Puts a domain's interfaces on VFs of the host's VIC: those of type direct and hostdev, and
    bare hostdevs. What stood on one device is on one VF. Returns how many interfaces there were."""
    numbers: dict[str, int] = {}
    count = 0
    for element in root.findall("devices/interface"):
        source, address = element.find("source"), element.find("source/address")
        if element.get("type") == "direct" and source is not None:
            number = numbers.setdefault(source.get("dev", ""), len(numbers))
            source.set("dev", VFS[number % len(VFS)])
            count += 1
        if element.get("type") == "hostdev" and address is not None:
            count += _onto(address, numbers)
    for element in root.findall("devices/hostdev"):
        address = element.find("source/address")
        if element.get("type") == "pci" and address is not None:
            count += _onto(address, numbers)
    return count


def _onto(address: Element, numbers: dict[str, int]) -> bool:
    if address.get("type", "pci") != "pci":
        return False
    function = numbers.setdefault(pci(address), len(numbers)) % len(VFS) + 1
    where = {"domain": "0x0000", "bus": "0x06", "slot": "0x00", "function": f"0x{function}"}
    address.attrib.update(where)
    return True


def test_no_domain_breaks_a_rule(record_property: Record) -> None:
    """As it is: judge_raw raises what any rule raises. And every rule finds something to say."""
    judged = 0
    for document, _ in domains():
        root, uuid = complete(document)
        judgement = judge_raw(host_with(root, uuid))
        assert all(judgement.findings.values()), document.name
        judged += 1
    record_property("domains judged by every rule", judged)


def test_interfaces_on_a_vic_are_all_judged(record_property: Record) -> None:
    """With direct and hostdev interfaces moved onto VFs of the host's VIC, none of them is absent
    or nobody's concern, and only what names a port profile by 802.1Qbh is compliant (PRF-01)."""
    judged, wrong = 0, []
    for document, root, uuid, count in on_the_vic():
        judged += count
        wrong += [f"{document.name}: {why}" for why in mistakes(root, host_with(root, uuid))]
    record_property("interfaces judged on VFs of a VIC", judged)
    assert not wrong, "\n".join(wrong)


def on_the_vic() -> Iterator[tuple[Document, Element, str, int]]:
    for document, _ in domains():
        root, uuid = complete(document)
        if count := moved(root):
            yield document, root, uuid, count


def mistakes(root: Element, host: RawTree) -> Iterator[str]:
    """What is wrong with the verdicts on a host, in words."""
    judgement = judge_raw(host)
    scope, verdicts = judgement.scope, judgement.verdicts
    yield from (f"unknown: {gap.reason}" for gap in scope.gaps)
    every = [s for nic in interfaces(root) if (s := start(nic, None)) is not None]
    standing = [s for s in every if s.carrier in (MACVTAP, DEVICE) and s.devices]
    seen = [i for i in scope.interfaces.items if i.functions.need()]
    if len(seen) != len(standing):
        yield f"{len(seen)} VM-FEX interfaces, not {len(standing)}"
    if (verdicts["PRF-01"] is Verdict.COMPLIANT) != all(map(names_a_profile, standing)):
        yield f"PRF-01 is {verdicts['PRF-01']}"
    modes = {s.mode for s in standing if s.carrier == MACVTAP}
    wanted = {
        "HDV-01": any(nic.is_bare for nic in interfaces(root)),
        "EMU-01": bool(modes - {"passthrough", "private"}),
        "MTD-01": "private" in modes,
        "TOP-01": "bridge" in modes,
    }
    for rule in (rule for rule, violated in wanted.items() if violated):
        if verdicts[rule] is not Verdict.VIOLATED:
            yield f"{rule} is {verdicts[rule]}"
    applies = {"TOP-02": True, "HDV-02": any(s.carrier == DEVICE for s in standing)}
    for rule in (rule for rule, it_does in applies.items() if it_does):
        if verdicts[rule] is Verdict.NOT_APPLICABLE:
            yield f"{rule} is not applicable"


def names_a_profile(started: Started) -> bool:
    return started.port is not None and started.port[0] == "802.1Qbh" and bool(started.port[1])


def test_what_libvirt_refuses_is_violated() -> None:
    """Of its own refused definitions, those that concern an interface on a VIC: one VF twice, and
    what no assigned device can have."""
    refused = {
        document.path.stem: judge_raw(host_with(root, uuid)).verdicts
        for document, root, uuid, _ in on_the_vic()
        if document.is_refused
    }
    assert refused["hostdev-pci-duplicate"]["SRV-04"] is Verdict.VIOLATED
    assert refused["net-hostdev-fail"]["TOP-05"] is Verdict.VIOLATED
    assert all(Verdict.VIOLATED in verdicts.values() for verdicts in refused.values())


def test_interfaces_on_networks_of_a_vic_are_judged(record_property: Record) -> None:
    """Each interface of type network that has a virtual port or a port group of its own, on each
    network of the corpus, whose pool is moved onto the VIC: what libvirt merges to a port profile
    by 802.1Qbh is compliant, all else is not (PRF-01), on a software switch TOP-01 is violated."""
    judged, wrong = 0, []
    pairs = product(on_networks(), networks())
    for (name, root, uuid, nic), (document, of) in pairs:
        net = ElementTree.fromstring(ElementTree.tostring(of))
        put_on_the_vic(net, nic.source["network"])
        started = start(nic, network(net))
        assert started is not None
        if started.carrier not in (MACVTAP, DEVICE) and not names_a_profile(started):
            continue
        host = host_with(root, uuid)
        host.files = {p: raw for p, raw in host.files.items() if not p.startswith(NETWORKS)}
        host.files[f"{NETWORKS}it.xml"] = ElementTree.tostring(net)
        verdicts = judge_raw(host, None, "PRF-01", "TOP-01").verdicts
        good = not started.refused and names_a_profile(started)
        judged += 1
        if (verdicts["PRF-01"] is Verdict.COMPLIANT) != good:
            wrong.append(f"{name} on {document.name}: PRF-01 is {verdicts['PRF-01']}")
        if started.carrier == SWITCH and verdicts["TOP-01"] is not Verdict.VIOLATED:
            wrong.append(f"{name} on {document.name}: TOP-01 is {verdicts['TOP-01']}")
    record_property("interfaces judged on networks of a VIC", judged)
    assert judged
    assert not wrong, "\n".join(wrong)


def on_networks() -> Iterator[tuple[str, Element, str, Written]]:
    """The domains with such interfaces, each once with one of them alone."""
    for document, _ in domains():
        root, uuid = complete(document)
        for index, nic in enumerate(interfaces(root)):
            if nic.type == "network" and (nic.port is not None or "portgroup" in nic.source):
                alone = ElementTree.fromstring(ElementTree.tostring(root))
                devices = alone.find("devices")
                assert devices is not None
                every = devices.findall("interface")
                for other in (e for n, e in enumerate(every) if n != index):
                    devices.remove(other)
                for hostdev in devices.findall("hostdev"):
                    devices.remove(hostdev)
                yield document.name, alone, uuid, nic


def put_on_the_vic(net: Element, name: str) -> None:
    """Calls the network by this name, and has its pool hand out VFs of the host's VIC."""
    named, forward = net.find("name"), net.find("forward")
    assert named is not None
    named.text = name
    if forward is None:
        return
    if "dev" in forward.attrib:
        forward.set("dev", VFS[0])
    for number, one in enumerate(forward.findall("interface")):
        one.set("dev", VFS[number % len(VFS)])
    numbers: dict[str, int] = {}
    for one in forward.findall("address"):
        _onto(one, numbers)
    for one in forward.findall("pf"):
        one.set("dev", "eth0")
