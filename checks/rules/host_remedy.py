"""What to do on this host about its release, processor, KVM, libvirt and IOMMU (rules HST)."""

from vmfex.checks.model.domain import Domain
from vmfex.checks.model.fact import Known
from vmfex.checks.model.host import Host
from vmfex.checks.rules.by_name import virsh
from vmfex.checks.text import one_line

FIRST_WITH_SYSTEMD = 7
FIRST_WITH_VIRTQEMUD = 9  # the modular daemons are RHEL's default from then on
FIRST_WITH_VFS = "6.3"  # docs/sources.md, 2


def other_release(host: Host, minimum: str) -> str:
    """For a host that is not RHEL, or an older one."""
    release = host.release
    if isinstance(release, Known) and release.value.is_rhel:
        return f"Update {_name(host)} to release {minimum} or later (`yum update`) and restart it."
    return f"Install Red Hat Enterprise Linux {minimum} or later on {_name(host)}."


def later_release(host: Host, topology: str) -> str:
    """For a release on which the topology does not work."""
    release = host.release
    if isinstance(release, Known) and not release.value.is_rhel:
        return other_release(host, FIRST_WITH_VFS)
    return (
        f"Update {_name(host)} to release {FIRST_WITH_VFS} or later, the first whose enic makes "
        f"VFs, or use no {topology} there."
    )


def virtualization(machine: str) -> str:
    """For a processor without it, or another machine."""
    if machine != "x86_64":
        said = one_line(machine)
        return f"Install the x86_64 edition on an x86-64 server; the kernel says {said}."
    return (
        "Enable VT-x (or AMD-V) in the BIOS policy of this server, and restart it: `lscpu` shows "
        "it then."
    )


def load_kvm(host: Host) -> str:
    """By what its processor has."""
    flags = host.cpu_flags.value if isinstance(host.cpu_flags, Known) else frozenset()
    module = "kvm_intel" if "vmx" in flags else "kvm_amd" if "svm" in flags else ""
    if not module:
        return "Run `modprobe kvm_intel` (Intel) or `modprobe kvm_amd` (AMD), and read `dmesg`."
    return f"Run `modprobe {module}`; if it fails, `dmesg | grep kvm` says why."


def start_libvirt(host: Host, *, again: bool = False) -> str:
    """By the name that its release gives the service."""
    verb, unit = "restart" if again else "start", service(host)
    if not unit:
        run = f"Run `systemctl {verb} libvirtd` (virtqemud where that answers, as from RHEL 9 on)"
        return f"{run}; `journalctl -u libvirtd` says why it fails."
    if _major(host) < FIRST_WITH_SYSTEMD:
        log = "/var/log/libvirt/libvirtd.log"
        return f"Run `service {unit} {verb}`; if it does not answer, read {log}."
    socket = ".socket" if unit == "virtqemud" and not again else ""
    return f"Run `systemctl {verb} {unit}{socket}`; `journalctl -u {unit}` says why it fails."


def ask_libvirt(host: Host) -> str:
    """For a libvirt of which nothing is known."""
    unit = service(host) or "libvirtd"
    where = "`vmfex certify local` as root on the host, or a capture taken as root, asks it"
    return f"{where}. Is {unit} running there? `virsh -c qemu:///system version` shows it."


def service(host: Host) -> str:
    """The name of the daemon that answers; empty where the release is not known."""
    if not _major(host):
        return ""
    return "virtqemud" if _major(host) >= FIRST_WITH_VIRTQEMUD else "libvirtd"


def domain_type(domain: Domain, types: tuple[str, ...]) -> str:
    """For a VM that is not of type kvm."""
    name = one_line(domain.name)
    wrong = one_line(next((kind for kind in types if kind != "kvm"), ""))
    edit = (
        f"Run {virsh('edit', domain.name)}: <domain type='kvm'> in place of <domain type='{wrong}'>"
    )
    return f"{edit}. Then shut {name} down and start it again."


def iommu(host: Host) -> str:
    """For an IOMMU that is not in effect."""
    flags = host.cpu_flags.value if isinstance(host.cpu_flags, Known) else frozenset()
    option = "amd_iommu=on" if "svm" in flags else "intel_iommu=on"
    return (
        "Enable VT-d in the BIOS policy of this server, run `grubby --update-kernel=ALL "
        f'--args="{option}"`, and restart it.'
    )


def _major(host: Host) -> int:
    release = host.release
    known = isinstance(release, Known) and release.value.is_rhel
    return release.value.version[0] if isinstance(release, Known) and known else 0


def _name(host: Host) -> str:
    return one_line(host.name)
