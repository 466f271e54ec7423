"""How many VFs of a PF this host's Netlink carries (rule SRV-03).

enic answers RTM_GETLINK with one nest per VF that has a port profile; old kernels and old libvirt
have too small a buffer for many of them. Sizes:
computed from the kernel's and libvirt's sources (docs/sources.md, 3).
"""

import re
from dataclasses import dataclass

from vmfex.checks.model.fact import Evidence, Fact, Known, Missing, Unknown
from vmfex.checks.model.host import Host, Kernel
from vmfex.checks.model.link import PfReply, TooLong
from vmfex.checks.model.pci import PciFunction
from vmfex.checks.result.verdict import Finding, Verdict, found
from vmfex.checks.rules import netlink_remedy

RHEL6_DUMP_BUFFER = 3712  # a page less the skb's shared info
OLD_LIBVIRT_BUFFER = 4096  # one page, before libvirt peeked at the size
NEST_LIMIT = 65535  # an attribute's length is 16 bits
LIST_HEADER = 4
ENIC_BYTES_PER_VF = 112  # profile name, instance and host UUID, as libvirt sets them
RHEL6_FIX = (431, 20, 1)  # "Only supply IFLA_VF_PORTS when RTEXT_FILTER_VF is set"
UPSTREAM_FIX = (3, 15)
FIX = re.compile(r"Only supply IFLA_VF_PORTS (information )?when RTEXT_FILTER_VF is set")
SEVERAL = 2  # VFs from which a size follows: one alone proves nothing of many
LAST_OLD_LIBVIRT = 10_999  # 0.10.x


@dataclass(frozen=True, slots=True)
class Measurement:
    """Bytes of the PF's reply and of each VF in it, and the limit that follows."""

    reply: PfReply
    per_vf: int
    buffer: int
    why: str
    limit: int
    evidence: tuple[Evidence, ...]

    def describe(self, vfs: int) -> str:
        reply = self.reply
        if reply.associated:
            measured = f"measured on {reply.associated}"
        elif reply.vf_entries:
            measured = f"computed, as none of the {reply.vf_entries} VFs in it has a port profile"
        else:
            measured = "computed, as no VF is associated"
        return (
            f"reply of {reply.reply_bytes} bytes, {self.per_vf} bytes per VF ({measured}), "
            f"buffer {self.buffer} bytes ({self.why}): limit {self.limit} VFs, "
            f"head-room {self.limit - vfs}"
        )

    def proves(self, vfs: int) -> bool:
        """Whether so many VFs follow from those that the reply shows."""
        return self.reply.associated >= min(vfs, SEVERAL)


def stays_within(pf: PciFunction, host: Host, always: int, sometimes: int) -> Finding:
    """SRV-03. Up to `always` VFs fit everywhere, unless the kernel itself refuses; up to
    `sometimes` the limit decides; above that a reply with several VFs has to show it. A limit that
    is known and lower is violated, one that is not known never is."""
    vfs = len(pf.virtfns)
    wanted = f"at most {always} VFs on a PF, or as many as the host is measured to carry"
    measured = measure(pf, host)
    if isinstance(measured, TooLong):
        observed = f"{vfs} VFs; {measured.reason}"
        fewer = netlink_remedy.too_long(pf, host)
        return found(pf, False, observed, wanted, *measured.evidence, remedy=fewer)
    detail = measured.describe(vfs) if isinstance(measured, Measurement) else measured.reason
    observed = f"{vfs} VFs; {detail}"
    if vfs <= always:
        return found(pf, True, observed, wanted, *measured.evidence)
    evidence = (*pf.evidence, *measured.evidence)
    if isinstance(measured, Unknown):
        remedy = measured.remedy or netlink_remedy.measure(pf)
        return Finding(pf.label, Verdict.UNDETERMINED, observed, wanted, evidence, remedy)
    if vfs > measured.limit:
        fewer = netlink_remedy.too_many(pf, host, measured.limit)
        return found(pf, False, observed, wanted, *measured.evidence, remedy=fewer)
    if vfs <= sometimes or measured.proves(vfs):
        return found(pf, True, observed, wanted, *measured.evidence)
    seen = measured.reply.associated
    observed += f"; {seen or 'no'} VF in the reply does not prove {vfs}: start one VM and measure"
    remedy = netlink_remedy.measure(pf, 1 if seen else SEVERAL)
    return Finding(pf.label, Verdict.UNDETERMINED, observed, wanted, evidence, remedy)


def measure(pf: PciFunction, host: Host) -> Measurement | Unknown:
    """What the host's own reply shows, or why it shows nothing; TooLong where the kernel refused
    to give it, or to list all links, in which old kernels put every VF."""
    if pf.virtfns and (refused := host.refused_dump) is not None:
        return refused
    if not pf.netdevs:
        bind = f"Bind {pf.address} to enic (VIC-04): `modprobe enic`; then it can be asked."
        reason = f"not measured: {pf.address} has no network device to ask about"
        return Unknown(reason, pf.evidence, bind)
    answer = host.pf_reply(pf.netdevs[0])
    if isinstance(answer, TooLong):
        return answer
    try:
        reply = answer.need()
        buffer, why = _buffer(host, reply)
    except Missing as missing:
        unknown = missing.unknown
        return Unknown(f"not measured: {unknown.reason}", unknown.evidence, unknown.remedy)
    if pf.driver == "enic" and not reply.of_ports:
        said = f"the reply for {pf.netdevs[0]} lists {reply.vf_entries} VFs without ports"
        return Unknown(f"not measured: {said}, as enic's does not", reply.evidence)
    if reply.associated:
        per_vf = reply.largest_vf or -(-reply.vf_bytes // reply.vf_entries)
    elif pf.driver == "enic":
        per_vf = ENIC_BYTES_PER_VF
    else:
        said = f"{reply.vf_entries} VFs without a profile" if reply.vf_entries else "no VF"
        reason = f"not measured: the reply for {pf.netdevs[0]} carries {said}"
        return Unknown(reason, reply.evidence)
    left = buffer - reply.reply_bytes - (0 if reply.vf_entries else LIST_HEADER)
    limit = reply.vf_entries + left // per_vf
    evidence = (*reply.evidence, *host.kernel.evidence, *host.libvirt.evidence)
    return Measurement(reply, per_vf, buffer, why, limit, evidence)


def _buffer(host: Host, reply: PfReply) -> tuple[int, str]:
    """The smallest buffer on the way, and what makes it count. Raises Missing."""
    connection = host.libvirt.need()
    if connection.version is None:
        raise Missing(Unknown(f"libvirt's version is unknown: {connection.message}"))
    kernel = host.kernel.need()
    attaches = _always_attaches(host, kernel, reply).need()
    sizes = [(NEST_LIMIT, "16-bit attribute length")]
    if attaches:
        sizes.append((RHEL6_DUMP_BUFFER, f"dump of kernel {kernel.release}, which holds every VF"))
    if connection.version <= LAST_OLD_LIBVIRT:
        sizes.append((OLD_LIBVIRT_BUFFER, "libvirt 0.10 or older reads one page"))
    return min(sizes)


def _always_attaches(host: Host, kernel: Kernel, reply: PfReply) -> Fact[bool]:
    """Whether the kernel puts VFs into every dump: what its dump shows, else its version."""
    if isinstance(host.links, Known):
        if any(link.carries_vf_ports for link in host.links.value.values()):
            return Known(True)
        if reply.associated and reply.of_ports:
            return Known(False)
    rhel6 = re.match(r"2\.6\.32-([\d.]+)\.el6", kernel.release)
    if rhel6:
        build = tuple(int(n) for n in rhel6[1].split(".") if n)
        return Known(build < RHEL6_FIX)
    if kernel.version >= UPSTREAM_FIX:
        return Known(False)
    changelog = host.kernel_changelog
    if isinstance(changelog, Known) and FIX.search(changelog.value.text):
        return Known(False, changelog.evidence)
    reason = f"whether kernel {kernel.release} puts every VF into a dump is not known"
    return Unknown(f"{reason}: start one VM and measure", host.kernel.evidence)
