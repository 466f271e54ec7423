"""Every way in which an interface, a port group and a network can name virtual ports, and every
kind of network: the program's reading against the second reader's, without any document fetched."""

from functools import cache
from itertools import product
from xml.etree import ElementTree

import pytest

from tests.corpus.our_reading import UUID, agree, in_words, our_domain, read_network, resolved
from tests.corpus.second_reader import Started, interfaces, network, start
from vmfex.checks.model.fact import Known

PORTS = (
    "",
    "<virtualport type='802.1Qbh'><parameters profileid='web'/></virtualport>",
    "<virtualport type='802.1Qbh'><parameters profileid='db'/></virtualport>",
    "<virtualport type='802.1Qbh'/>",
    "<virtualport><parameters profileid='web'/></virtualport>",
    "<virtualport><parameters profileid='db'/></virtualport>",
    "<virtualport type='openvswitch'><parameters profileid='web'/></virtualport>",
    "<virtualport type='802.1Qbg'><parameters managerid='1' typeid='0x2' typeidversion='3' "
    "instanceid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f'/></virtualport>",
    "<virtualport type='midonet'>"
    "<parameters interfaceid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f'/></virtualport>",
)
GROUPS = ("", "portgroup='named'", "portgroup='absent'", "portgroup=''")
DEFAULTS = ("", "default='yes'", "default='YES'", "default='no'")
FORWARDS = (
    "",
    "<forward/>",
    "<forward mode='nat'/>",
    "<forward mode='route' dev='eth0'/>",
    "<forward mode='open'/>",
    "<forward mode='bridge'/><bridge name='br0'/>",
    "<forward mode='bridge'><interface dev='eth1'/><interface dev='eth2'/></forward>",
    "<forward mode='vepa' dev='eth1'/>",
    "<forward dev='eth1' mode='private'><interface dev='eth1'/></forward>",
    "<forward mode='passthrough'><pf dev='eth0'/></forward>",
    # as an active network shows itself: the PF, and the VFs that it hands out since it started
    "<forward mode='passthrough'><pf dev='eth0'/><interface dev='eth1'/></forward>",
    "<forward mode='hostdev' managed='yes'><pf dev='eth0'/></forward>",
    "<forward mode='hostdev' managed='yes'><pf dev='eth0'/>"
    "<address type='pci' domain='0x0000' bus='0x07' slot='0x00' function='0x1'/></forward>",
    "<forward mode='hostdev'><address type='pci' bus='7' slot='010' function='0x2'/></forward>",
)


ours_of, network_twice = cache(our_domain), cache(read_network)


def domain_of(port: str, group: str) -> bytes:
    return (
        f"<domain type='kvm'><name>web01</name><uuid>{UUID}</uuid><devices>"
        f"<interface type='network'><source network='vmfex' {group}/>{port}</interface>"
        "</devices></domain>"
    ).encode()


def network_of(forward: str, port: str = "", groups: str = "") -> bytes:
    return f"<network><name>vmfex</name>{forward}{groups}{port}</network>".encode()


def both(domain: bytes, of: bytes) -> tuple[Started | None, Started]:
    """The second reader's answer for the one interface, and the program's."""
    known, net = ours_of(domain, UUID), network_twice(of)
    assert isinstance(known, Known)
    [mine] = resolved(known.value, net.value)
    [theirs] = interfaces(ElementTree.fromstring(domain))
    second = start(theirs, network(ElementTree.fromstring(of)))
    return second, in_words(mine.resolved.need(), net)


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("default", DEFAULTS)
def test_virtual_ports_are_merged_as_libvirt_merges_them(group: str, default: str) -> None:
    """The same type and profile, and the same combinations refused. A network's own virtual port
    has a type: libvirt defines none without."""
    forward = "<forward mode='passthrough'><interface dev='eth1'/></forward>"
    wrong = []
    typed = [port for port in PORTS if not port.startswith("<virtualport>")]
    for mine, of_group, of_network in product(PORTS, PORTS, typed):
        groups = (
            f"<portgroup name='other'>{PORTS[2]}</portgroup>"
            f"<portgroup name='named' {default}>{of_group}</portgroup>"
        )
        second, ours = both(domain_of(mine, group), network_of(forward, of_network, groups))
        assert second is not None
        if not agree(second, ours):
            wrong.append((mine, of_group, of_network, second, ours))
    assert wrong == []


@pytest.mark.parametrize("forward", FORWARDS)
def test_every_kind_of_network_carries_what_libvirt_says(forward: str) -> None:
    """What carries the interface, in which mode, and on which devices."""
    second, ours = both(domain_of(PORTS[1], ""), network_of(forward))
    assert ours == second
