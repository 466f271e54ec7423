"""What is written of an interface that libvirt refuses where it comes to macvtap, or to a VF."""

from collections.abc import Iterator

from vmfex.evidence.parsers.xml import Element

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
    if any(interface.find(f"bandwidth/{way}") is not None for way in ("inbound", "outbound")):
        yield "bandwidth"
    if _has_queues(interface):
        yield "queues"
    if (isolated := isolation(interface)) is not None:
        yield "isolated port" if isolated == "yes" else "shared port"
    backend = interface.find("backend")
    if backend is not None and backend.get("tap"):
        yield "custom tap"


def _has_queues(interface: Element) -> bool:
    """One queue is what there always is; libvirt reads no number on an assigned device."""
    model, driver = interface.find("model"), interface.find("driver")
    if driver is None or model is None or interface.get("type") == "hostdev":
        return False
    queues = driver.get("queues", "").strip()
    return (
        model.get("type") in VIRTIO and queues.isdecimal() and queues.lstrip("0") not in ("", "1")
    )
