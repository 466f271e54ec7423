"""What to do about evidence that was not read: by where it is from, why it is not there, and the
way in. Nothing that was done already is suggested again."""

import shlex

from vmfex.checks.text import one_line, shorten
from vmfex.evidence.tree import where
from vmfex.evidence.way_in import Kind, WayIn
from vmfex.extras import INSTALL

# By the beginning of a path in a recording: what shows the same on the host
SHOWS = {
    "sys/bus/pci": "lspci -nn -d 1137:",
    "sys/class/iommu": "ls /sys/class/iommu",
    "sys/class/dmi": "dmidecode -t system",
    "proc/cpuinfo": "grep -m1 flags /proc/cpuinfo",
    "dev/kvm": "ls -l /dev/kvm",
    "etc/": "cat /etc/redhat-release",
    "netlink": "ip -d link show",
    "libvirt/domains": "virsh list --all",
    "libvirt/networks": "virsh net-list --all",
    "libvirt/network-states": "virsh net-list --all",
    "libvirt/capabilities": "virsh capabilities",
    "libvirt/nodedev": "virsh nodedev-list --cap pci",
    "libvirt": "virsh -c qemu:///system version",
    "lib/modules": "ls /lib/modules/$(uname -r)",
    "uname": "uname -a",
}
CALLED = {
    "netlink/links.bin": "the network links",
    "netlink/pf": "a PF's VFs, by Netlink",
    "libvirt/domains": "libvirt's domains",
    "libvirt/networks": "libvirt's networks",
    "libvirt/network-states": "the states of libvirt's networks",
    "libvirt/capabilities": "libvirt's capabilities",
    "libvirt": "what libvirt tells",
    "uname": "the kernel's release",
}
NOT_FOR_ALL = ("permission denied", "not permitted", "access denied", "authentication")
DAMAGED = (
    *("is not what was recorded", "the recording has nothing, or not all", "cut off"),
    *("contradicts itself", "cannot be read: "),
)
TOO_LONG = "EMSGSIZE"
DUMP = "netlink/links.bin"


def remedy_for(path: str, reason: str, way: WayIn, host: str) -> str:
    """For what is at `path` (docs/recordings.md), unknown for this reason."""
    name, place = shorten(one_line(host), 80), _in_words(path)
    if way.kind is Kind.LOST:
        return _reach(way, name)
    if INSTALL in reason:
        return "Install vmfex with its extra `local` where it reads the host, and read it anew."
    if TOO_LONG in reason:
        link = one_line(path.rpartition("/")[2].removesuffix(".bin"))
        if path == DUMP:  # of all links, which has every PF's VFs in it
            link = f"the PFs of {name}"
        return f"Give {link} fewer VFs in the dynamic vNIC connection policy (SRV-03)."
    if "not mounted" in reason:
        how = f"Run `vmfex certify local` as root on {name}" if way.kind is Kind.LOCAL else ""
        return f"{how or _make(way, name)} itself, not in a container, which may not show {place}."
    if any(word in reason.lower() for word in NOT_FOR_ALL):
        return _as_root(path, way, name)
    if any(word in reason for word in DAMAGED) and way.kind in (Kind.RECORDING, Kind.CAPTURE):
        return f"Copy {way.kind} of {name} anew, as one file, or make it anew: {_make(way, name)}."
    match way.kind:
        case Kind.LOCAL | Kind.SSH:
            return f"See on {name} what is wrong there: {_shows(path)}. Then certify it anew."
        case Kind.LIBVIRT if not path.startswith("libvirt"):
            return f"`vmfex certify ssh://{_word(host)}` reads {place}; libvirt does not tell it."
        case Kind.LIBVIRT:
            return f"See on {name} what libvirt says: {_shows(path)}. Then certify it anew."
    return f"{_make(way, name)}: it reads {place}. There {_shows(path)} shows the same."


def with_name(remedy: str, host: str) -> str:
    """A remedy of a source that does not know what the host is called."""
    return remedy.replace("ssh://HOST", f"ssh://{_word(host)}")


def _reach(way: WayIn, name: str) -> str:
    """For a host of which nothing arrived."""
    if way.again.startswith("ssh://"):
        tried = f"`ssh {way.again} true` from here shows what is wrong"
        return f"{tried}; when that works, `vmfex certify {way.again}`."
    return f"See why {name} cannot be read, and certify it anew."


def _as_root(path: str, way: WayIn, name: str) -> str:
    place = _in_words(path)
    if way.root:
        return (
            f"Root itself was refused {place} on {name}: see {_shows(path)} and `ausearch -m avc "
            "-ts recent` (SELinux) there, and whether this is a container."
        )
    match way.kind:
        case Kind.LOCAL:
            return f"Run it as root: `sudo vmfex certify local` on {name} may read {place}."
        case Kind.SSH:
            return f"Log in as root: `vmfex certify ssh://root@{_word(name)}` may read {place}."
        case Kind.LIBVIRT:
            return (
                f"Ask as a user who may: a member of the group libvirt on {name}, or root "
                f"(`virsh -c {shlex.quote(way.again)} version` tries it)."
            )
    return f"{_make(way, name)}: root may read {place}."


def _make(way: WayIn, name: str) -> str:
    """How a file like the one that was read is made; only root may read all."""
    if way.kind is Kind.CAPTURE:
        return f"Run the script of `vmfex capture-script` as root on {name}"
    if way.kind is Kind.SOSREPORT:
        return (
            f"Run the script of `vmfex capture-script` as root on {name}, in place of a sosreport"
        )
    return f"Run `vmfex record local {_word(name)}.tar.gz` as root on {name}"


def _in_words(path: str) -> str:
    """What is at a path, as an engineer calls it; a host's own file by its name."""
    said = next((words for start, words in CALLED.items() if path.startswith(start)), "")
    return said or where(path)


def _shows(path: str) -> str:
    command = next((c for start, c in SHOWS.items() if path.startswith(start)), "")
    return f"`{command}`" if command else f"`ls -l {shlex.quote(where(path))}`"


def _word(name: str) -> str:
    return shlex.quote(shorten(one_line(name), 80))
