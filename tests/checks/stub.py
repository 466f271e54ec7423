"""Facts without evidence to read them from, for tests of the pure functions."""

from types import SimpleNamespace
from typing import cast

from vmfex.checks.model.fabric import Fabric, Objects
from vmfex.checks.model.fact import Fact, Known, Unknown
from vmfex.checks.model.host import Host, Kernel, KernelChangelog, LibvirtAnswer
from vmfex.checks.model.link import Link, PfReply
from vmfex.checks.model.pci import PciFunction

UNREAD = Unknown("nobody read it")


class StubFabric:
    """UCS Manager with the objects of some classes; the others are unknown."""

    def __init__(self, **classes: Objects) -> None:
        self._classes = classes

    def objects(self, class_id: str) -> Fact[Objects]:
        found = self._classes.get(class_id)
        return UNREAD if found is None else Known(found)

    def asked(self) -> bool:
        return bool(self._classes)

    def notes(self) -> tuple[str, ...]:
        return ()


def host(**facts: object) -> Host:
    """A host with these facts alone: a rule that asks for another one fails."""
    return cast(Host, SimpleNamespace(**facts))


def fabric(**classes: Objects) -> Fabric:
    return StubFabric(**classes)


def measured_host(
    kernel: str,
    libvirt: int | None,
    reply: PfReply | Unknown,
    *,
    dump_carries: bool | None = None,
    changelog: KernelChangelog | None = None,
) -> Host:
    """A host as SRV-03 sees it. `dump_carries`: whether a link of the plain dump has VF ports,
    None where the dump could not be read."""
    link = Link("eth0", 2, carries_vf_ports=bool(dump_carries))
    connection = LibvirtAnswer("qemu:///system", "connected", "QEMU", libvirt)
    return host(
        kernel=Known(Kernel(kernel, "x86_64", None)),
        libvirt=Known(connection),
        links=UNREAD if dump_carries is None else Known({"eth0": link}),
        refused_dump=None,
        kernel_changelog=UNREAD if changelog is None else Known(changelog),
        release=UNREAD,
        pf_reply=lambda _: reply if isinstance(reply, Unknown) else Known(reply),
    )


def pf(vfs: int, driver: str = "enic") -> PciFunction:
    """A PF of a VIC with so many VFs."""
    names = tuple(f"0000:06:{n // 8:02x}.{n % 8}" for n in range(1, vfs + 1))
    return PciFunction(
        "0000:06:00.0", 0x1137, 0x0043, driver=driver, netdevs=("eth0",), virtfns=names
    )
