"""Small changes to a constructed host's raw evidence."""

import json
import struct

from tests.rules.table import Change
from tests.support.construct import RawTree
from tests.support.construct.netlink import IFNAME, MASTER, Message, encode, string, u32
from tests.support.construct.ucsm import answer

UUID = "5ca1ab1e-0000-4000-8000-00000000{:04x}"
DEVICES = "sys/bus/pci/devices"
WEB01, WEB02, DB01 = (f"libvirt/domains/{UUID.format(0x100 + n)}" for n in (1, 2, 3))
APP01, APP02 = WEB01, WEB02  # of the hosts on MacVTap direct
_SWITCH = "sys/devices/pci0000:00/0000:00:03.0/0000:03:00.0"


def function(address: str) -> str:
    """The directory of a function on bus 6 (below eth0) or 7 (below eth1) of the blades."""
    slot = {"06": "01", "07": "02"}[address.split(":")[0]]
    return f"{_SWITCH}/0000:04:{slot}.0/0000:{address}"


def edit(path: str, old: str, new: str) -> Change:
    return lambda tree: tree.edit(path, old, new)


def put(path: str, content: str) -> Change:
    return lambda tree: tree.put(path, content)


def link(path: str, to: str) -> Change:
    return lambda tree: tree.link(path, to)


def remove(*paths: str) -> Change:
    def change(tree: RawTree) -> None:
        for path in paths:
            tree.remove(path)

    return change


def unreadable(*paths: str) -> Change:
    """Evidence that nobody could read, as the manifest says it."""
    return unreadable_for("permission denied", *paths)


def unreadable_for(reason: str, *paths: str) -> Change:
    """The same, for a reason of its own."""

    def change(tree: RawTree) -> None:
        manifest = json.loads(tree.files["manifest.json"])
        manifest["unreadable"] |= dict.fromkeys(paths, reason)
        tree.put("manifest.json", json.dumps(manifest))

    return change


def answered(class_id: str, *objects: dict[str, str]) -> Change:
    """UCS Manager's answer about a class, in place of the one that is there."""
    return put(f"ucsm/{class_id}.xml", answer(class_id, objects))


def added_device(path: str, xml: str) -> Change:
    """A device more in a domain's definition."""
    return edit(path, "  </devices>", f"    {xml}\n  </devices>")


def without_addresses(path: str) -> Change:
    """A domain's definition as a person writes it: libvirt has given no device its address yet."""

    def change(tree: RawTree) -> None:
        lines = tree.files[path].decode().splitlines(keepends=True)
        tree.put(path, "".join(line for line in lines if "<address type='pci'" not in line))

    return change


def without_functions(*addresses: str) -> Change:
    """PCI functions that the host does not have; all of Cisco's if none is named."""

    def change(tree: RawTree) -> None:
        for path, target in list(tree.links.items()):
            home, _, address = path.rpartition("/")
            if home != DEVICES:
                continue
            vendor = tree.files[f"{target.replace('../../../', 'sys/')}/vendor"]
            if address in addresses or (not addresses and vendor == b"0x1137\n"):
                tree.remove(path)

    return change


def netlink(path: str, name: str, old: bytes, new: bytes) -> Change:
    """Bytes of one link's message; `new` has the length of `old`, which is there once."""

    def change(tree: RawTree) -> None:
        messages = _split(tree.files[path])
        [mine] = [n for n, raw in enumerate(messages) if string(IFNAME, name) in raw]
        if messages[mine].count(old) != 1 or len(old) != len(new):
            raise ValueError(f"{path}: link {name} has not {old!r} once")
        messages[mine] = messages[mine].replace(old, new)
        tree.files[path] = b"".join(messages)

    return change


def without_link(name: str) -> Change:
    """A link that the dump does not list."""
    path = "netlink/links.bin"

    def change(tree: RawTree) -> None:
        kept = [raw for raw in _split(tree.files[path]) if string(IFNAME, name) not in raw]
        tree.files[path] = b"".join(kept)

    return change


def added_link(message: Message) -> Change:
    """A link more in the dump."""

    def change(tree: RawTree) -> None:
        tree.files["netlink/links.bin"] += encode(message)

    return change


def with_master(name: str, index: int) -> Change:
    """A link as a port of the bond or bridge with that index."""
    path = "netlink/links.bin"

    def change(tree: RawTree) -> None:
        messages = _split(tree.files[path])
        [mine] = [n for n, raw in enumerate(messages) if string(IFNAME, name) in raw]
        raw = messages[mine] + u32(MASTER, index)
        messages[mine] = struct.pack("=I", len(raw)) + raw[4:]
        tree.files[path] = b"".join(messages)

    return change


def link_down(name: str) -> Change:
    """A link without the flags UP, RUNNING and LOWER_UP."""
    path = "netlink/links.bin"

    def change(tree: RawTree) -> None:
        messages = _split(tree.files[path])
        [mine] = [n for n, raw in enumerate(messages) if string(IFNAME, name) in raw]
        raw = bytearray(messages[mine])
        flags = struct.unpack_from("=I", raw, 24)[0]
        struct.pack_into("=I", raw, 24, flags & ~0x10041)
        messages[mine] = bytes(raw)
        tree.files[path] = b"".join(messages)

    return change


def _split(raw: bytes) -> list[bytes]:
    found = []
    while raw:
        size = struct.unpack_from("=I", raw)[0]
        found.append(raw[:size])
        raw = raw[size:]
    return found
