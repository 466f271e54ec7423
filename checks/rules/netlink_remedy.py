"""What to do on this host about too many VFs on a PF (rule SRV-03)."""

from vmfex.checks.model.fact import Known
from vmfex.checks.model.host import Host
from vmfex.checks.model.pci import PciFunction
from vmfex.checks.text import one_line

RHEL6_KERNEL = "2.6.32-431.20.1.el6"  # docs/sources.md, 3


def too_many(pf: PciFunction, host: Host, limit: int) -> str:
    """For a limit that is known and lower than the number of VFs."""
    return f"{_fewer(pf, max(limit, 0))}{_newer(host)}"


def too_long(pf: PciFunction, host: Host) -> str:
    """For a reply that the kernel refused to give."""
    return f"{_fewer(pf, None)}{_newer(host)}"


def measure(pf: PciFunction, more: int = 1) -> str:
    """For a limit that nobody knows; `more` is how many VFs have to be in the reply beside those
    that are."""
    vms = "one VM" if more == 1 else f"{more} VMs"
    return (
        f"Start {vms} with a port profile on VFs of {_name(pf)} and measure: `vmfex certify "
        "local` as root on the host, or a new capture of it."
    )


def _fewer(pf: PciFunction, limit: int | None) -> str:
    most = "" if limit is None else f", {limit} at most,"
    return (
        f"Give {_name(pf)} fewer VFs than its {len(pf.virtfns)}{most} in its dynamic vNIC "
        "connection policy, or spread them over more vNICs, and restart the server."
    )


def _newer(host: Host) -> str:
    """The RHEL 6 kernel whose dumps leave VFs out, where that is what would help."""
    release, kernel = host.release, host.kernel
    if not isinstance(release, Known) or not isinstance(kernel, Known):
        return ""
    is_6 = release.value.is_rhel and release.value.version[0] == 6
    if not is_6 or ".el6" not in kernel.value.release:
        return ""
    return (
        f" If kernel {one_line(kernel.value.release)} is older than {RHEL6_KERNEL}, `yum update "
        "kernel` lifts the limit of the dump; a libvirt above 0.10 that of its buffer."
    )


def _name(pf: PciFunction) -> str:
    names = f"{one_line(pf.netdevs[0])} " if pf.netdevs else ""
    return f"{names}({pf.address})"
