"""Physical and virtual functions: there and sound (rules SRV-01, 02 and 06)."""

import shlex
from collections.abc import Sequence

from vmfex.checks.model.fact import Missing, Unknown
from vmfex.checks.model.host import Host
from vmfex.checks.model.pci import PciFunction
from vmfex.checks.model.vm_interface import VmInterface
from vmfex.checks.result.verdict import Finding, found
from vmfex.checks.rules.by_name import device, no_link, on_vmfex_vf
from vmfex.checks.text import one_line

SYSFS_SRIOV = (3, 8)  # the first kernel with sriov_totalvfs and sriov_numvfs


def vfs_exist(pf: PciFunction, host: Host) -> Finding:
    """SRV-01. enic makes every VF at probe, so a sound PF has all that it is capable of
    (docs/sources.md, 2)."""
    count = len(pf.virtfns)
    wanted = "the SR-IOV capability, and all of its VFs"
    if pf.total_vfs is None and not count:
        if host.kernel.need().version < SYSFS_SRIOV:
            reason = "a kernel before 3.8 shows no SR-IOV capability, and there are no VFs"
            see = f"`lspci -vs {pf.address}` as root shows whether it has it. If not: {_policy(pf)}"
            raise Missing(Unknown(reason, host.kernel.evidence, see))
        return found(pf, False, "no SR-IOV capability", wanted, remedy=_policy(pf))
    total = "unknown" if pf.total_vfs is None else pf.total_vfs
    observed = f"{count} VFs of {total}"
    observed += "" if pf.num_vfs is None else f" (sriov_numvfs {pf.num_vfs})"
    if pf.of_capability and 0 < count < (pf.total_vfs or 0):
        reason = f"{observed} in the SR-IOV capability: only sysfs shows how many its driver allows"
        see = (
            f"`cat /sys/bus/pci/devices/{pf.address}/sriov_totalvfs` on the host shows it; `vmfex "
            "certify local` there, ssh:// and a capture read it."
        )
        raise Missing(Unknown(reason, pf.evidence, see))
    ok = count > 0 and pf.total_vfs in (None, count) and pf.num_vfs in (None, count)
    return found(pf, ok, observed, wanted, remedy=_make_vfs(pf))


def _policy(pf: PciFunction) -> str:
    return (
        f"In UCS Manager, bind a dynamic vNIC connection policy to the vNIC that is {device(pf)} "
        "here, in the server's service profile, and restart the server."
    )


def _make_vfs(pf: PciFunction) -> str:
    """For a PF that has the capability: the policy is there."""
    if pf.driver != "enic":
        bind = f"`echo {pf.address} > /sys/bus/pci/drivers/enic/bind`"
        return f"Bind {device(pf)} to enic, which makes the VFs: `modprobe enic`, then {bind}."
    return (
        f"{device(pf)} has the SR-IOV capability, and enic makes all VFs when it binds: restart "
        f"the host. If they are missing then, `dmesg | grep {pf.address}` says why (no bus numbers "
        "or memory space left: the BIOS settings of SR-IOV and of memory mapped above 4 GB)."
    )


def derives_from_pf(
    interface: VmInterface, host: Host, free: Sequence[PciFunction] = ()
) -> Finding:
    """SRV-02."""
    tree = host.pci.need()
    wanted = "a VF whose PF is a VIC's on this host"
    remedy = on_vmfex_vf(interface, free)
    if interface.absent:
        return found(interface, False, interface.stands_on(), wanted, remedy=remedy)
    vfs = [f for f in interface.functions.need() if f.is_vf]
    astray = [f for f in vfs if not _is_vic_pf(tree.functions.get(f.physfn or ""))]
    if astray:
        observed = ", ".join(f"{f.address}: physfn {f.physfn or 'not found'}" for f in astray)
        return found(interface, False, observed, wanted, remedy=remedy)
    observed = ", ".join(f"{f.address} of PF {f.physfn}" for f in vfs)
    return found(interface, True, observed, wanted)


def _is_vic_pf(function: PciFunction | None) -> bool:
    return function is not None and function.is_static_vnic


def is_up(pf: PciFunction, host: Host) -> Finding:
    """SRV-06 (libvirt refuses macvtap on a VF whose PF is not online)."""
    links = host.links.need()
    missing = [name for name in pf.netdevs if name not in links]
    if missing or not pf.netdevs:
        reason = f"no link of {pf.address} among those that Netlink lists"
        raise Missing(Unknown(reason, pf.evidence, no_link(pf)))
    link = links[pf.netdevs[0]]
    observed = f"{link.name} is {'up' if link.up else 'down'}"
    name = one_line(link.name)
    remedy = f"`ip link set {shlex.quote(name)} up`; ONBOOT=yes in ifcfg-{name} keeps it so."
    return found(pf, link.up, observed, "the PF is up", *link.evidence, remedy=remedy)
