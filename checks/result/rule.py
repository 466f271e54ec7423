"""A rule of the guide, as its feature file states it."""

from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """What a violation does to the host."""

    BLOCKER = "blocker"
    CRITICAL = "critical"
    NORMAL = "normal"
    MINOR = "minor"


@dataclass(frozen=True, slots=True)
class Rule:
    """`area` is the feature's folder (host, adapter, sriov, fabric, topology). A derived rule does
    not stand in the guide: its source is libvirt, the kernel, QEMU or Cisco."""

    id: str
    title: str
    severity: Severity
    derived: bool
    area: str
    feature: str
    source: str
    remedy: str
    evidence: str
    violation: str
    file: str = field(default="", compare=False)  # the feature's; a record does not keep it
