"""A scenario: how the lab's host is to be set up before it is certified."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

SCENARIOS = Path(__file__).with_name("scenarios")
RHEL = "Red Hat Enterprise Linux Server release 7.9 (Maipo)"


@dataclass(frozen=True, slots=True)
class Interface:
    """`mode` is macvtap's, or `hostdev`, or `bridge`; `device` a function (`pf0`, or `vf0.2` for
    the third VF of the first PF), or the name of a bridge."""

    mode: str
    device: str
    profile: str | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """`vics` says as a VIC of which subsystem device id each PF poses, `vfs` how many VFs it has;
    `down` names the PFs that are down, `run` the domains that are started, in this order."""

    name: str
    title: str
    domains: Mapping[str, tuple[Interface, ...]]
    run: tuple[str, ...] = ()
    must_migrate: tuple[str, ...] = ()
    vfs: tuple[int, ...] = (7, 7)
    vics: tuple[str, ...] = ("0x012c", "0x012c")  # VIC 1340
    release: str = RHEL
    down: tuple[str, ...] = ()
    bridges: tuple[str, ...] = ()
    libvirtd: bool = True
    iommu: bool = True


def load(name: str) -> Scenario:
    """The scenario of a file in `scenarios/`. Raises OSError, and TypeError for a wrong word."""
    content: dict[str, Any] = yaml.safe_load((SCENARIOS / f"{name}.yaml").read_text())
    domains = {
        domain: tuple(Interface(**interface) for interface in interfaces)
        for domain, interfaces in content.pop("domains", {}).items()
    }
    lists = {key: tuple(value) for key, value in content.items() if isinstance(value, list)}
    return Scenario(name=name, domains=domains, **content | lists)


def names() -> tuple[str, ...]:
    """Every scenario, sorted."""
    return tuple(sorted(path.stem for path in SCENARIOS.glob("*.yaml")))
