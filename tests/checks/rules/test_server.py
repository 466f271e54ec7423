"""Which of UCS Manager's servers a host is."""

import pytest

from tests.checks import stub
from vmfex.checks.model.fabric import Objects
from vmfex.checks.model.fact import Fact, Known, Unknown
from vmfex.checks.model.link import Link
from vmfex.checks.model.pci import PciFunction, PciTree
from vmfex.checks.rules.server import Server, server_of

A, B = "sys/chassis-1/blade-1", "sys/rack-unit-2"
UUID_A, UUID_B = "5ca1ab1e-0000-4000-8000-00000000000a", "5ca1ab1e-0000-4000-8000-00000000000b"
MAC_A, MAC_B = "00:25:b5:00:00:0a", "00:25:b5:00:00:0b"
BLADES: Objects = (
    {"dn": A, "uuid": UUID_A.upper(), "serial": "FCHA", "assignedToDn": "org-root/ls-a"},
)
RACKS: Objects = ({"dn": B, "uuid": UUID_B, "serial": "FCHB", "assignedToDn": "org-root/ls-b"},)
PROFILES: Objects = (
    {"dn": "org-root/ls-a", "pnDn": A},
    {"dn": "org-root/ls-b", "pnDn": B},
    {"dn": "org-root/ls-template", "pnDn": ""},
)
VNICS: Objects = (
    {"dn": "org-root/ls-a/ether-eth0", "addr": MAC_A.upper()},
    {"dn": "org-root/ls-b/ether-eth0", "addr": MAC_B.upper()},
    {"dn": "org-root/ls-template/ether-eth0", "addr": "derived"},
)
UNREAD = Unknown("permission denied")


def found(
    uuid: str | None = None,
    serial: str | None = None,
    mac: str | None = None,
    *,
    blades: Objects = BLADES,
    vnics: Objects = VNICS,
) -> Fact[Server]:
    """By what the host can tell of itself."""
    vnic = PciFunction("0000:06:00.0", 0x1137, 0x0043, netdevs=("eth0",))
    host = stub.host(
        uuid=Known(uuid) if uuid else UNREAD,
        serial=Known(serial) if serial else UNREAD,
        pci=Known(PciTree({vnic.address: vnic})),
        links=Known({"eth0": Link("eth0", 2, mac=mac)}) if mac else UNREAD,
        fabric=stub.fabric(
            computeBlade=blades, computeRackUnit=RACKS, lsServer=PROFILES, vnicEther=vnics
        ),
    )
    return server_of(host)


@pytest.mark.parametrize(
    ("told", "dn"),
    [
        ((UUID_A, "FCHA", MAC_A), A),
        ((UUID_B, None, None), B),
        ((None, "FCHA", None), A),
        ((None, "fchb", None), B),
        ((None, None, MAC_B), B),
        (("5ca1ab1e-0000-4000-8000-0000000000ff", "FCHA", None), A),
        ((UUID_A, "To be filled by O.E.M.", None), A),
        (("5ca1ab1e-0000-4000-8000-0000000000ff", "none", MAC_A), A),
        ((UUID_A, None, MAC_B), A),
    ],
)
def test_server_is_found(told: tuple[str | None, ...], dn: str) -> None:
    """By UUID and serial number, whichever is known there; by MAC address where neither is."""
    fact = found(*told)
    assert isinstance(fact, Known)
    assert fact.value.dn == dn
    assert fact.value.profile == f"org-root/ls-{'a' if dn == A else 'b'}"


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ((UUID_A, "FCHB", MAC_A), "contradictory"),
        ((None, None, None), "no server"),
        (("5ca1ab1e-0000-4000-8000-0000000000ff", "FCHX", "00:25:b5:00:00:ff"), "no server"),
    ],
)
def test_server_is_not_found(told: tuple[str | None, ...], why: str) -> None:
    """And every way in which it was looked for is said."""
    fact = found(*told)
    assert isinstance(fact, Unknown)
    assert f"this host is: {why} (" in fact.reason
    for value, name in zip(told, ("UUID", "serial number"), strict=False):
        assert (f"{name} {value}: " if value else f"{name} not known (permission") in fact.reason


def test_several_servers_of_one_uuid() -> None:
    """A UUID that a cloned service profile gave twice: the MAC address tells which, if it can."""
    twice: Objects = (*BLADES, {**BLADES[0], "dn": "sys/chassis-1/blade-3", "serial": "FCHC"})
    assert isinstance(found(UUID_A, None, None, blades=twice), Unknown)
    by_mac, by_serial = (
        found(UUID_A, None, MAC_A, blades=twice),
        found(UUID_A, "FCHC", blades=twice),
    )
    assert isinstance(by_mac, Known)
    assert by_mac.value.dn == A
    assert isinstance(by_serial, Known)
    assert by_serial.value.dn == "sys/chassis-1/blade-3"


def test_mac_address_of_two_profiles() -> None:
    """A MAC address that two service profiles have tells nothing."""
    both: Objects = (VNICS[0], {**VNICS[1], "addr": MAC_A})
    fact = found(None, None, MAC_A, vnics=both)
    assert isinstance(fact, Unknown)
    assert "several servers" in fact.reason
    assert f"{A}, {B}" in fact.reason


def test_fabric_that_could_not_be_asked() -> None:
    """The reason is the fabric's."""
    host = stub.host(uuid=Known(UUID_A), serial=UNREAD, fabric=stub.fabric(computeBlade=BLADES))
    assert server_of(host) == stub.UNREAD
