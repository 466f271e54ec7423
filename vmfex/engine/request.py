"""What a user wants certified, in one object that travels whole: from the command line or the
Python API to whatever judges, here or elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from vmfex.allure_extent import Allure
from vmfex.checks.model.plan import Plan
from vmfex.errors import UsageError
from vmfex.fail_on import FailOn

if TYPE_CHECKING:
    from vmfex.evidence.sources.ucsm.manager import UcsmRequest

LIBVIRT_URI = "qemu:///system"


@dataclass(frozen=True, slots=True)
class Sources:
    """Where evidence comes from beside the host itself: its libvirt, captures taken inside its VMs
    (by the VM's name or UUID), and UCS Manager. Raises UsageError for a URI of no driver that can
    be asked: that is no finding about the host."""

    libvirt_uri: str = LIBVIRT_URI
    guests: Mapping[str, Path] = field(default_factory=dict)
    ucsm: "UcsmRequest | None" = None

    def __post_init__(self) -> None:
        if self.libvirt_uri == LIBVIRT_URI:
            return
        from vmfex.evidence.archive.entries import RecordingError
        from vmfex.evidence.sources.libvirt_uri import LibvirtUri

        try:
            LibvirtUri.parse(self.libvirt_uri)
        except RecordingError as error:
            raise UsageError(f"--libvirt-uri: {error}") from None


@dataclass(frozen=True, slots=True)
class Request:
    """`rules` (ids) and `tags` select; without any, every rule is judged. `strict` lets
    every derived rule decide, `guide_only` none. Raises UsageError for both."""

    plan: Plan = field(default_factory=Plan)
    rules: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    strict: bool = False
    guide_only: bool = False
    sources: Sources = field(default_factory=Sources)

    def __post_init__(self) -> None:
        if self.strict and self.guide_only:
            raise UsageError("strict and guide-only cannot be used together: choose one of them")


def plan_at(path: Path | None, waivers: Path | None = None) -> Plan:
    """The plan in the file, with the waivers, statements and objections of another; without a file,
    one that says nothing. Raises PlanError or AcceptanceError."""
    if path is None and waivers is None:
        return Plan()
    from vmfex.engine.plan_file import load_acceptances, load_plan  # they load a YAML parser

    plan = load_plan(path) if path else Plan()
    if waivers is None:
        return plan
    return replace(plan, accepted=(*plan.accepted, *load_acceptances(waivers)))


@dataclass(frozen=True, slots=True)
class Display:
    """What the command shows, whether it renders Allure's page, what fails a CI job, and which of
    Allure's results are written: None for all of few hosts, and less of many."""

    quiet: bool = False
    verbose: bool = False
    html: bool = False
    fail_on: FailOn = FailOn.INCOMPLETE
    allure: Allure | None = None
