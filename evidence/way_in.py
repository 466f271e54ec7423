"""How a host was reached, and as whom."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    LOCAL = "this machine"
    SSH = "over SSH"
    LIBVIRT = "by its libvirt"
    CAPTURE = "a capture"
    SOSREPORT = "a sosreport"
    RECORDING = "a recording"
    LOST = "nothing arrived"


@dataclass(frozen=True, slots=True)
class WayIn:
    """`kind` is how the host was reached, `again` the host as `vmfex certify` takes it, empty for a
    file. `root` says whether root asked; None where nobody told."""

    kind: Kind = Kind.RECORDING
    again: str = ""
    root: bool | None = None


NOTHING_ARRIVED = WayIn(Kind.LOST)
