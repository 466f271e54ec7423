"""What is written of an interface that libvirt refuses where it comes to macvtap, or to a VF."""

from collections.abc import Iterator, Mapping

from vmfex.evidence.parsers.xml import Element, children

# the models whose driver has queues (virDomainNetIsVirtioModel)
VIRTIO = {"virtio", "virtio-transitional", "virtio-non-transitional"}


def options(interface: Element) -> frozenset[str]:
    """The words of the features' table: bandwidth, queues, isolated port, custom tap. A `shared
    port` is what no network isolates."""
    return frozenset(_written(interface))


def isolation(parent: Element) -> str | None:
    """Whether an interface's port is isolated, or those of a network: yes, no, or not said."""
    port = parent.find("port")
    return None if port is None else port.get("isolated")


def _written(interface: Element) -> Iterator[str]:
    parts = children(interface)
    if "bandwidth" in parts and any(
        interface.find(f"bandwidth/{way}") is not None for way in ("inbound", "outbound")
    ):
        yield "bandwidth"
    if interface.get("type") != "hostdev" and _has_queues(parts):
        yield "queues"
    if (isolated := isolation(interface)) is not None:
        yield "isolated port" if isolated == "yes" else "shared port"
    if "backend" in parts and parts["backend"].get("tap"):
        yield "custom tap"


def _has_queues(parts: Mapping[str, Element]) -> bool:
    """One queue is what there always is; libvirt reads no number on an assigned device."""
    if "driver" not in parts or "model" not in parts or parts["model"].get("type") not in VIRTIO:
        return False
    queues = parts["driver"].get("queues", "").strip()
    return queues.isdecimal() and queues.lstrip("0") not in ("", "1")
