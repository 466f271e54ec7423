"""The options of a pytest session: those of `vmfex certify`, where pytest leaves their names."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from vmfex.engine.guests import guests
from vmfex.engine.request import LIBVIRT_URI, Request, Sources, plan_at

if TYPE_CHECKING:
    from vmfex.evidence.sources.ucsm.manager import UcsManager


def add(parser: pytest.Parser) -> None:
    """Adds them, with their help."""
    group = parser.getgroup("vmfex", "certify a KVM host for Cisco VM-FEX")
    group.addoption("--host", help="local, an embedded host's name, a recording, ssh://HOST")
    group.addoption("--plan", type=Path, help="what the host is meant for (YAML)")
    group.addoption("--out", default="certification", help="where reports go")
    group.addoption("--waivers", type=Path, help="waivers, statements and objections (YAML)")
    group.addoption("--libvirt-uri", default=LIBVIRT_URI, help="for the host `local`")
    group.addoption("--guest", action="append", default=[], help="NAME=FILE, a capture in a VM")
    group.addoption("--ucsm", metavar="URL", help="UCS Manager to ask, https://HOST")
    group.addoption("--ucsm-ca", metavar="FILE", help="certificates to trust for UCS Manager")
    group.addoption("--ucsm-insecure", action="store_true", help="verify no certificate")
    group.addoption("--strict-derived", action="store_true", help="every derived rule decides")
    group.addoption("--guide-only", action="store_true", help="the guide's rules alone decide")
    group.addoption("--rule", action="append", default=[], help="judge this rule id only")
    group.addoption("--tag", action="append", default=[], help="judge rules with this tag only")


def request_of(option: Any) -> Request:
    """What the session's options ask for. Raises UsageError."""
    ucsm = None
    if option.ucsm is not None:
        from vmfex.evidence.sources.ucsm.manager import UcsmRequest

        ucsm = UcsmRequest(option.ucsm, option.ucsm_ca, option.ucsm_insecure)
    return Request(
        plan=plan_at(option.plan, option.waivers),
        rules=tuple(id_.upper() for id_ in option.rule),
        tags=tuple(option.tag),
        strict=option.strict_derived,
        guide_only=option.guide_only,
        sources=Sources(option.libvirt_uri, guests(option.guest), ucsm),
    )


def manager_of(request: Request) -> "UcsManager | None":
    if request.sources.ucsm is None:
        return None
    from vmfex.evidence.sources.ucsm.manager import open_manager

    return open_manager(request.sources.ucsm)
