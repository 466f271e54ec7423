"""FAB-06, and what is said of a server that is not found."""

from collections.abc import Mapping

import pytest

from tests.checks import stub
from tests.checks.stub import UNREAD
from vmfex.checks.model.fabric import Objects
from vmfex.checks.model.fact import Fact, Known, Unknown
from vmfex.checks.model.host import Host, Release
from vmfex.checks.model.link import Link
from vmfex.checks.model.pci import PciFunction, PciTree
from vmfex.checks.result.verdict import Verdict
from vmfex.checks.rules.server import Server, bios_enables, server_of, static_macs

SERVER = Server("sys/chassis-1/blade-1", "org-root/ls-a")
COMPLIANT, VIOLATED, UNDETERMINED = Verdict.COMPLIANT, Verdict.VIOLATED, Verdict.UNDETERMINED
ON, OFF, DEFAULT = "enabled", "disabled", "platform-default"


def settings(key: str, *values: str, server: str = SERVER.dn) -> Objects:
    return tuple({"dn": f"{server}/bios/bios-settings/x", key: value} for value in values)


def rhel(major: int, minor: int, name: str = "Red Hat Enterprise Linux") -> Fact[Release]:
    return Known(Release(name, (major, minor), ""))


def verdicts(
    vt: str = ON, vtd: str = ON, remapping: str = ON, release: Fact[Release] = UNREAD
) -> list[str]:
    """Of VT, VT-d and, where it is judged, interrupt remapping."""
    below = f"{SERVER.dn}/bios/bios-settings/"
    of_vtd = {"vpIntelVTForDirectedIO": vtd, "vpIntelVTDInterruptRemapping": remapping}
    fabric = stub.fabric(
        biosVfIntelVirtualizationTechnology=settings("vpIntelVirtualizationTechnology", vt),
        biosVfIntelVTForDirectedIO=({"dn": f"{below}vtd"} | of_vtd,),
    )
    host = stub.host(fabric=fabric, release=release)
    return [finding.verdict for finding in bios_enables(SERVER, host, (6, 2))]


@pytest.mark.parametrize(
    ("value", "verdict"),
    [(ON, COMPLIANT), (OFF, VIOLATED), (DEFAULT, UNDETERMINED), ("", UNDETERMINED)],
)
def test_each_setting(value: str, verdict: str) -> None:
    """What platform-default is, nobody says."""
    new = rhel(7, 9)
    assert verdicts(vt=value, release=new) == [verdict, COMPLIANT, COMPLIANT]
    assert verdicts(vtd=value, release=new) == [COMPLIANT, verdict, COMPLIANT]
    assert verdicts(remapping=value, release=new) == [COMPLIANT, COMPLIANT, verdict]


@pytest.mark.parametrize(
    ("release", "expected"),
    [
        (rhel(6, 1), [COMPLIANT, COMPLIANT]),
        (rhel(6, 2), [COMPLIANT, COMPLIANT, VIOLATED]),
        (rhel(6, 1, "CentOS"), [COMPLIANT, COMPLIANT, VIOLATED]),
        (UNREAD, [COMPLIANT, COMPLIANT, UNDETERMINED]),
    ],
)
def test_remapping_by_the_release(release: Fact[Release], expected: list[str]) -> None:
    """RHEL before 6.2 needs none; whether an unknown release does is not known."""
    assert verdicts(remapping=OFF, release=release) == expected
    on = verdicts(release=release)
    assert on == [COMPLIANT] * len(expected)


def vt_of(*objects: Mapping[str, str], server: Server = SERVER) -> tuple[str, str, str]:
    fabric = stub.fabric(biosVfIntelVirtualizationTechnology=objects, biosVfIntelVTForDirectedIO=())
    finding = bios_enables(server, stub.host(fabric=fabric, release=UNREAD), (6, 2))[0]
    return finding.verdict, finding.observed, finding.remedy


KEY = "vpIntelVirtualizationTechnology"


def test_settings_of_this_server_alone() -> None:
    """Two that differ tell nothing; those of another server neither."""
    assert vt_of(*settings(KEY, ON, OFF))[0] == UNDETERMINED
    assert vt_of(*settings(KEY, ON, ON))[0] == COMPLIANT
    assert vt_of(*settings(KEY, ON), *settings(KEY, OFF, server="sys/chassis-1/blade-10"))[0] == (
        COMPLIANT
    )
    assert vt_of(*settings(KEY, ON, server="sys/chassis-1/blade-10"))[0] == UNDETERMINED


def test_words() -> None:
    """What is said of it, and in which profile it is set."""
    assert "says nothing of VT" in vt_of()[1]
    assert "says platform-default of VT" in vt_of(*settings(KEY, DEFAULT))[1]
    assert "service profile org-root/ls-a" in vt_of(*settings(KEY, OFF))[2]
    without = Server(SERVER.dn, "")
    assert f"service profile of {SERVER.dn}" in vt_of(*settings(KEY, OFF), server=without)[2]


def lost(uuid: Fact[str], serial: Fact[str]) -> Unknown:
    host = stub.host(
        uuid=uuid,
        serial=serial,
        links=UNREAD,
        fabric=stub.fabric(
            computeBlade=({"dn": "sys/x", "uuid": "u", "serial": ""},), computeRackUnit=()
        ),
    )
    fact = server_of(host)
    assert isinstance(fact, Unknown)
    return fact


@pytest.mark.parametrize(
    ("uuid", "serial", "remedy"),
    [
        (Known("a"), Known("s"), "server with UUID a and serial number s: "),
        (Known("a"), UNREAD, "server with UUID a: "),
        (UNREAD, Known("s"), "server with serial number s: "),
        (UNREAD, UNREAD, "`dmidecode -t system` as root"),
        (Unknown("x", (), "Read it so."), UNREAD, "Read it so."),
    ],
)
def test_server_that_is_not_found(uuid: Fact[str], serial: Fact[str], remedy: str) -> None:
    """What of the host is looked for in UCS Manager, or what would tell it."""
    assert remedy in lost(uuid, serial).remedy


def test_serial_number_that_is_empty_is_none() -> None:
    """Two that are not told are not alike."""
    assert isinstance(lost(UNREAD, Known("")), Unknown)
    assert isinstance(lost(UNREAD, Known(" ")), Unknown)


def vic(*names: str, device: int = 0x0043) -> PciFunction:
    return PciFunction("0000:06:00.0", 0x1137, device, netdevs=names)


@pytest.mark.parametrize(
    ("function", "macs"),
    [
        (vic("eth0"), ["00:25:b5:00:00:0a"]),
        (vic("gone", "eth0"), ["00:25:b5:00:00:0a"]),
        (vic("gone"), [""]),
        (vic("nomac"), [""]),
        (vic(), [""]),
        (vic("eth0", device=0x0044), []),
    ],
)
def test_macs_of_static_vnics(function: PciFunction, macs: list[str]) -> None:
    """Of the first of its network devices that is listed."""
    links = {"eth0": Link("eth0", 1, mac="00:25:B5:00:00:0A"), "nomac": Link("nomac", 2)}
    host: Host = stub.host(links=Known(links), pci=Known(PciTree({function.address: function})))
    assert [mac for _, mac in static_macs(host)] == macs
