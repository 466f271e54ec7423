"""What is to be done about a hypervisor, by what it is (rules HST), and about its networks."""

from dataclasses import replace
from typing import Any

import pytest

from tests.checks import stub
from tests.checks.interfaces import macvtap
from tests.checks.stub import UNREAD
from vmfex.checks.model.connected_network import ConnectedNetwork
from vmfex.checks.model.domain import Network
from vmfex.checks.model.fact import Fact, Known, Missing
from vmfex.checks.model.host import Host, Kernel, Release
from vmfex.checks.result.verdict import Verdict
from vmfex.checks.rules import host_remedy, netlink_remedy
from vmfex.checks.rules.networks import is_active, starts_with_host

RHEL = "Red Hat Enterprise Linux"


def rhel(major: int, minor: int = 9) -> Fact[Release]:
    return Known(Release(RHEL, (major, minor), ""))


CENTOS: Fact[Release] = Known(Release("CentOS Linux", (7, 9), ""))


def host(release: Fact[Release] = UNREAD, *flags: str, kernel: str | None = None) -> Host:
    return stub.host(
        name="blade-1",
        release=release,
        cpu_flags=Known(frozenset(flags)) if flags else UNREAD,
        kernel=Known(Kernel(kernel, "x86_64", None)) if kernel else UNREAD,
    )


@pytest.mark.parametrize(
    ("release", "other", "later"),
    [
        (
            rhel(5),
            "Update blade-1 to release 6.1 or",
            "Update blade-1 to release 6.3 or later, the",
        ),
        (CENTOS, f"Install {RHEL} 6.1 or later on", f"Install {RHEL} 6.3 or later on blade-1"),
        (UNREAD, f"Install {RHEL} 6.1 or later on", "Update blade-1 to release 6.3 or later, the"),
    ],
)
def test_release(release: Fact[Release], other: str, later: str) -> None:
    """A clone is not updated to RHEL."""
    assert host_remedy.other_release(host(release), "6.1").startswith(other)
    assert host_remedy.later_release(host(release), "x").startswith(later)


@pytest.mark.parametrize(
    ("flags", "module", "option"),
    [
        (("vmx",), "Run `modprobe kvm_intel`; ", "intel_iommu=on"),
        (("svm",), "Run `modprobe kvm_amd`; ", "amd_iommu=on"),
        (("sse",), "`modprobe kvm_intel` (Intel) or `modprobe kvm_amd` (AMD)", "intel_iommu=on"),
        ((), "`modprobe kvm_intel` (Intel) or `modprobe kvm_amd` (AMD)", "intel_iommu=on"),
    ],
)
def test_processor(flags: tuple[str, ...], module: str, option: str) -> None:
    """The maker's own module and option, where the processor is known."""
    assert module in host_remedy.load_kvm(host(UNREAD, *flags))
    assert option in host_remedy.iommu(host(UNREAD, *flags))


@pytest.mark.parametrize(
    ("machine", "remedy"), [("x86_64", "Enable VT-x"), ("i686", "Install the x86_64 edition")]
)
def test_virtualization(machine: str, remedy: str) -> None:
    """A setting, or another system."""
    assert host_remedy.virtualization(machine).startswith(remedy)


@pytest.mark.parametrize(
    ("release", "start", "again", "unit"),
    [
        (rhel(6), "`service libvirtd start`", "`service libvirtd restart`", "libvirtd"),
        (rhel(7), "`systemctl start libvirtd`", "`systemctl restart libvirtd`", "libvirtd"),
        (rhel(8), "`systemctl start libvirtd`", "`systemctl restart libvirtd`", "libvirtd"),
        (rhel(9), "`systemctl start virtqemud.socket`", "restart virtqemud`", "virtqemud"),
        (rhel(10), "`systemctl start virtqemud.socket`", "restart virtqemud`", "virtqemud"),
        (CENTOS, "start libvirtd` (virtqemud where", "restart libvirtd` (virtqemud", "libvirtd"),
        (UNREAD, "start libvirtd` (virtqemud where", "restart libvirtd` (virtqemud", "libvirtd"),
    ],
)
def test_service(release: Fact[Release], start: str, again: str, unit: str) -> None:
    """By the name that the release gives it: systemd from RHEL 7 on, virtqemud from 9 on."""
    assert start in host_remedy.start_libvirt(host(release))
    assert again in host_remedy.start_libvirt(host(release), again=True)
    assert f"Is {unit} running there?" in host_remedy.ask_libvirt(host(release))


def test_domain_type() -> None:
    """The type that is to be replaced."""
    assert "<domain type='qemu'>." in host_remedy.domain_type(macvtap().domain, ("kvm", "qemu"))


EL6 = "2.6.32-431.el6.x86_64"


@pytest.mark.parametrize(
    ("release", "kernel", "newer"),
    [
        (rhel(6), EL6, True),
        (rhel(6), "3.10.0", False),
        (rhel(7), EL6, False),
        (Known(Release("CentOS", (6, 5), "")), EL6, False),
        (UNREAD, EL6, False),
        (rhel(6), None, False),
    ],
)
def test_newer_kernel(release: Fact[Release], kernel: str | None, newer: bool) -> None:
    """SRV-03: RHEL 6's own kernels alone got the change."""
    there = host(release, kernel=kernel)
    assert ("`yum update kernel`" in netlink_remedy.too_many(stub.pf(30), there, 24)) is newer
    assert ("`yum update kernel`" in netlink_remedy.too_long(stub.pf(30), there)) is newer


@pytest.mark.parametrize(
    ("limit", "most"), [(24, "24 at most"), (0, "0 at most"), (-3, "0 at most")]
)
def test_fewer_vfs(limit: int, most: str) -> None:
    """SRV-03: as many as the limit, where it is known."""
    assert f"fewer VFs than its 30, {most}," in netlink_remedy.too_many(stub.pf(30), host(), limit)
    assert "at most" not in netlink_remedy.too_long(stub.pf(30), host())


@pytest.mark.parametrize(("more", "vms"), [(1, "Start one VM "), (3, "Start 3 VMs ")])
def test_measure(more: int, vms: str) -> None:
    """SRV-03: on which PF, by its name and address, or its address alone."""
    assert netlink_remedy.measure(stub.pf(30), more).startswith(vms)
    assert "on VFs of eth0 (0000:06:00.0) and" in netlink_remedy.measure(stub.pf(30))
    nameless = replace(stub.pf(30), netdevs=())
    assert "on VFs of (0000:06:00.0) and" in netlink_remedy.measure(nameless)


def connected(
    *vms: str, state: Any = "persistent", name: str = "net", **of: Any
) -> ConnectedNetwork:
    network = Known(Network("net", "hostdev", **of)) if of else None
    return ConnectedNetwork(name, network, tuple(macvtap(vm=vm, state=state) for vm in vms))


@pytest.mark.parametrize("on", [True, False])
def test_network(on: bool) -> None:
    """TOP-06 and TOP-07, and what was seen."""
    active = is_active(connected("a", active=Known(on)))
    starts = starts_with_host(connected("a", autostart=Known(on)))
    assert active.verdict is starts.verdict is (Verdict.COMPLIANT if on else Verdict.VIOLATED)
    assert active.observed == f"{'active' if on else 'inactive'}; used by domain a"
    said = "starts" if on else "does not start"
    assert starts.observed == f"{said} with the host; used by domain a"


def test_network_that_is_not_defined_or_not_told() -> None:
    """The first is violated, the second undetermined."""
    for judged in (is_active, starts_with_host):
        missing = judged(connected("a"))
        assert missing.verdict is Verdict.VIOLATED
        assert missing.observed == "not defined on this host; used by domain a"
        assert "`virsh edit a`" in missing.remedy
        with pytest.raises(Missing):
            judged(connected("a", active=UNREAD, autostart=UNREAD))
        with pytest.raises(Missing):
            judged(ConnectedNetwork("net", UNREAD, (macvtap(),)))


@pytest.mark.parametrize(
    ("number", "state", "who"),
    [
        (1, "persistent", "used by domain vm0"),
        (1, "running", "used by domain vm0, of which one runs and keeps its device"),
        (2, "persistent", "used by domains vm0, vm1"),
        (5, "persistent", "used by domains vm0, vm1, vm2, vm3, vm4"),
        (6, "persistent", "used by domains vm0, vm1, vm2, vm3, vm4 and 1 more"),
    ],
)
def test_who_is_on_a_network(number: int, state: str, who: str) -> None:
    """Five at most, and how many more."""
    vms = [f"vm{n}" for n in range(number)]
    assert is_active(connected(*vms, state=state)).observed.endswith(f"; {who}")


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("net", "net-start net`"),
        ("my net", "net-start 'my net'`"),
        ("a\x1b", r"net-start 'a\x1b'`"),
    ],
)
def test_network_as_a_shell_takes_it(name: str, command: str) -> None:
    """Quoted where it needs to be, escaped where no terminal shows it."""
    assert command in is_active(connected("a", name=name, active=Known(False))).remedy
