"""Is this host a hypervisor that VM-FEX can run on? (rules HST)"""

from urllib.parse import urlsplit

from vmfex.checks.model.domain import Domain
from vmfex.checks.model.fact import Missing, Unknown
from vmfex.checks.model.host import Host, LibvirtAnswer, Thing
from vmfex.checks.model.pci import PciFunction
from vmfex.checks.model.plan import Topology
from vmfex.checks.result.verdict import Finding, Verdict, found, undetermined
from vmfex.checks.rules import host_remedy

Version = tuple[int, int]


def runs_rhel(host: Host, minimum: Version) -> Finding:
    """HST-01. A clone is not Red Hat Enterprise Linux, whatever its number."""
    wanted = f"Red Hat Enterprise Linux {_dotted(minimum)} or later"
    release = host.release.need()
    ok = release.is_rhel and release.version >= minimum
    what = release.text if release.is_rhel else f"{release.text}: not Red Hat Enterprise Linux"
    remedy = host_remedy.other_release(host, _dotted(minimum))
    return found(Thing("host"), ok, what, wanted, *host.release.evidence, remedy=remedy)


def runs_rhel_later_than(host: Host, topology: Topology, version: Version) -> Finding:
    """HST-02."""
    release = host.release.need()
    ok = release.is_rhel and release.version > version
    wanted = f"a release of Red Hat Enterprise Linux later than {_dotted(version)}"
    subject, remedy = Thing(f"topology {topology}"), host_remedy.later_release(host, topology)
    return found(subject, ok, release.text, wanted, *host.release.evidence, remedy=remedy)


def has_hardware_virtualization(host: Host) -> Finding:
    """HST-03."""
    machine, flags = host.machine.need(), host.cpu_flags.need()
    has = sorted(flags & {"vmx", "svm"})
    observed = f"{machine}, {'flag ' + has[0] if has else 'neither flag vmx nor svm'}"
    ok = machine == "x86_64" and bool(has)
    evidence = (*host.machine.evidence, *host.cpu_flags.evidence)
    wanted, remedy = "x86_64 with hardware virtualization", host_remedy.virtualization(machine)
    return found(Thing("processor"), ok, observed, wanted, *evidence, remedy=remedy)


def has_kvm_device(host: Host) -> Finding:
    """HST-04, the kernel's part."""
    there = host.kvm_device.need()
    observed = f"/dev/kvm {'is there' if there else 'is not there'}"
    wanted, remedy = "/dev/kvm is there", host_remedy.load_kvm(host)
    return found(Thing("kernel"), there, observed, wanted, *host.kvm_device.evidence, remedy=remedy)


def libvirt_offers_kvm(host: Host) -> Finding:
    """HST-04, libvirt's part."""
    connection = host.libvirt.need()
    if connection.outcome == "connected" and (stranger := _stranger(connection)):
        remedy = host_remedy.ask_libvirt(host)
        raise Missing(Unknown(stranger, host.libvirt.evidence, remedy))
    offers = host.offers_kvm.need()
    observed = f"libvirt {'offers' if offers else 'does not offer'} domain type kvm for x86_64"
    wanted = "libvirt offers domain type kvm"
    remedy = f"{host_remedy.load_kvm(host)} {host_remedy.start_libvirt(host, again=True)}"
    return found(
        Thing("libvirt"), offers, observed, wanted, *host.offers_kvm.evidence, remedy=remedy
    )


def runs_as_kvm(domain: Domain) -> Finding:
    """HST-04, each domain's part: every definition of it is of type kvm."""
    types = {d.state: d.type for d in domain.definitions}
    observed = ", ".join(f"{state} definition of type {type_}" for state, type_ in types.items())
    remedy = host_remedy.domain_type(domain, tuple(types.values()))
    return found(domain, set(types.values()) == {"kvm"}, observed, "domain type kvm", remedy=remedy)


def libvirtd_answers(host: Host) -> Finding:
    """HST-05. Only a libvirtd counts: libvirt's in-process test driver says nothing about one."""
    if isinstance(host.libvirt, Unknown):
        remedy = host.libvirt.remedy or host_remedy.ask_libvirt(host)
        raise Missing(Unknown(host.libvirt.reason, host.libvirt.evidence, remedy))
    connection = host.libvirt.need()
    evidence = host.libvirt.evidence
    wanted = "libvirtd runs and answers"
    if connection.outcome != "connected":
        observed = f"{connection.uri}: {connection.outcome} ({connection.message})"
        remedy = host_remedy.start_libvirt(host)
        return found(Thing("libvirtd"), False, observed, wanted, *evidence, remedy=remedy)
    if stranger := _stranger(connection):
        remedy = host_remedy.ask_libvirt(host)
        return undetermined("libvirtd", Unknown(stranger, evidence, remedy), wanted)
    observed = f"libvirt {_number(connection.version)} answers at {connection.uri}"
    return found(Thing("libvirtd"), True, observed, wanted, *evidence)


def _number(version: int | None) -> str:
    """As libvirt counts: 9001000 is 9.1.0."""
    if version is None:
        return "of unknown version"
    return f"{version // 1_000_000}.{version // 1_000 % 1_000}.{version % 1_000}"


def _stranger(connection: LibvirtAnswer) -> str:
    """Why what answered is not this host's libvirtd for KVM; empty if it is."""
    if connection.driver != "QEMU":
        return (
            f"{connection.uri} is answered by the {connection.driver} driver, not by libvirtd for "
            "QEMU and KVM"
        )
    if not _is_here(connection):
        return f"{connection.uri} leads to another daemon than this host's libvirtd"
    return ""


def _is_here(connection: LibvirtAnswer) -> bool:
    """Whether it is the system's daemon on this host, not a user's or another machine's."""
    try:
        parts = urlsplit(connection.uri)
        here = connection.is_host or parts.hostname in (None, "localhost")
        return parts.path == "/system" and here
    except ValueError:
        return False


def iommu_is_active(host: Host) -> Finding:
    """HST-06: the state in effect, not what the kernel command line asks for."""
    iommu = host.iommu.need()
    wanted = "an IOMMU is active"
    remedy = host_remedy.iommu(host)
    return found(
        Thing("chipset"), iommu.active, iommu.how, wanted, *host.iommu.evidence, remedy=remedy
    )


def stands_in_iommu_group(function: PciFunction, host: Host) -> Finding:
    """HST-06. A kernel before 3.6 has no groups to show: there the active IOMMU has to do."""
    if not host.iommu.need().groups:
        observed, wanted = "this kernel shows no IOMMU groups", "an active IOMMU"
        verdict = Verdict.COMPLIANT if host.iommu.need().active else Verdict.VIOLATED
        evidence = (*function.evidence, *host.iommu.evidence)
        remedy = "" if verdict is Verdict.COMPLIANT else host_remedy.iommu(host)
        return Finding(function.label, verdict, observed, wanted, evidence, remedy)
    if function.planned:
        reason = f"{function.address} is not there yet: its IOMMU group is not known"
        raise Missing(Unknown(reason, function.evidence, "Certify the host when it is there."))
    group = function.iommu_group
    observed = f"IOMMU group {group}" if group else "in no IOMMU group"
    remedy = host_remedy.iommu(host)
    return found(function, group is not None, observed, "an IOMMU group", remedy=remedy)


def _dotted(version: Version) -> str:
    return f"{version[0]}.{version[1]}"
