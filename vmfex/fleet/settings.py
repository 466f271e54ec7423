"""What an inventory says of a host."""

from dataclasses import dataclass
from pathlib import Path

from vmfex.evidence.host_spec import HostSpec


@dataclass(frozen=True, slots=True)
class Settings:
    """What an inventory says of a host beside its name: files of its plan and waivers, and where
    its UCS Manager is (`ca` is a file). Empty where it says nothing."""

    plan: Path | None = None
    waivers: Path | None = None
    ucsm: str = ""
    ca: str | None = None
    insecure: bool = False


PLAIN = Settings()


@dataclass(frozen=True, slots=True)
class Entry:
    """`name` is what the host is called where that is not what its address says."""

    host: HostSpec
    settings: Settings
    name: str = ""
