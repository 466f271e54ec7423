"""How many VFs of a PF this host's Netlink carries (rule SRV-03).

enic answers RTM_GETLINK with one nest per VF that has a port profile; old kernels and old libvirt
have too small a buffer for many of them. Sizes:
computed from the kernel's and libvirt's sources (docs/sources.md, 3).
"""

import re
from dataclasses import dataclass

from vmfex.checks.model.fact import Evidence, Fact, Known, Missing, Unknown
from vmfex.checks.model.host import Host, Kernel
from vmfex.checks.model.link import PfReply
from vmfex.checks.model.pci import PciFunction
from vmfex.checks.result.verdict import Finding, Verdict, found

RHEL6_DUMP_BUFFER = 3712  # a page less the skb's shared info
OLD_LIBVIRT_BUFFER = 4096  # one page, before libvirt peeked at the size
NEST_LIMIT = 65535  # an attribute's length is 16 bits
LIST_HEADER = 4
ENIC_BYTES_PER_VF = 112  # profile name, instance and host UUID, as libvirt sets them
RHEL6_FIX = (431, 20, 1)  # "Only supply IFLA_VF_PORTS when RTEXT_FILTER_VF is set"
UPSTREAM_FIX = (3, 15)
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
        measured = (
            f"measured on {self.reply.vf_entries}"
            if self.reply.vf_entries
            else "computed, as no VF is associated"
        )
        return (
            f"reply of {self.reply.reply_bytes} bytes, {self.per_vf} bytes per VF ({measured}), "
            f"buffer {self.buffer} bytes ({self.why}): limit {self.limit} VFs, "
            f"head-room {self.limit - vfs}"
        )


def stays_within(pf: PciFunction, host: Host, always: int, sometimes: int) -> Finding:
    """SRV-03. Up to `always` VFs fit everywhere; up to `sometimes` a measurement decides; above
    that only one that saw VFs in this very host's reply can show that they are carried."""
    vfs = len(pf.virtfns)
    measured = measure(pf, host)
    detail = measured.describe(vfs) if isinstance(measured, Measurement) else measured.reason
    observed = f"{vfs} VFs; {detail}"
    wanted = f"at most {always} VFs on a PF, or as many as the host is measured to carry"
    if vfs <= always:
        return found(pf, True, observed, wanted, *measured.evidence)
    if isinstance(measured, Measurement):
        proven = vfs <= sometimes or measured.reply.vf_entries > 0
        return found(pf, proven and vfs <= measured.limit, observed, wanted, *measured.evidence)
    if vfs <= sometimes:
        evidence = (*pf.evidence, *measured.evidence)
        return Finding(pf.label, Verdict.UNDETERMINED, observed, wanted, evidence)
    return found(pf, False, observed, wanted, *measured.evidence)


def measure(pf: PciFunction, host: Host) -> Measurement | Unknown:
    """What the host's own reply shows, or why it shows nothing."""
    if not pf.netdevs:
        return Unknown(f"not measured: {pf.address} has no network device to ask about")
    try:
        reply = host.pf_reply(pf.netdevs[0]).need()
        buffer, why = _buffer(host, reply)
    except Missing as missing:
        return Unknown(f"not measured: {missing.unknown.reason}", missing.unknown.evidence)
    if reply.vf_entries:
        per_vf = -(-reply.vf_bytes // reply.vf_entries)
    elif pf.driver == "enic":
        per_vf = ENIC_BYTES_PER_VF
    else:
        return Unknown(f"not measured: the reply for {pf.netdevs[0]} carries no VF")
    base = reply.reply_bytes - reply.vf_bytes
    limit = (buffer - base - LIST_HEADER) // per_vf
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
        if reply.ports:
            return Known(False)
    rhel6 = re.match(r"2\.6\.32-([\d.]+)\.el6", kernel.release)
    if rhel6:
        build = tuple(int(n) for n in rhel6[1].split(".") if n)
        return Known(build < RHEL6_FIX)
    if kernel.version >= UPSTREAM_FIX:
        return Known(False)
    reason = f"whether kernel {kernel.release} puts every VF into a dump is not known"
    return Unknown(reason, host.kernel.evidence)
