"""What others say of the host: ip, lspci, and libvirt when it is asked to do something."""

from collections.abc import Mapping
from typing import Any

from tests.lab.guest.adapters import physical_functions
from tests.lab.guest.commands import Answer, run
from tests.lab.scenario import Scenario

QUESTIONS = {
    "kernel": ("uname", "-a"),
    "links": ("ip", "-d", "-j", "link"),
    "links_as_text": ("ip", "-d", "link"),
    "functions": ("lspci", "-Dnnk"),
    "domains": ("virsh", "-r", "list", "--all"),
    "validation": ("virt-host-validate", "qemu"),
}


def answers(scenario: Scenario, started: Mapping[str, Answer]) -> dict[str, Any]:
    """By question; `starts` and `saves` by domain, `pfs` by address. A save ends its domain."""
    said: dict[str, Any] = {name: run(*command).document() for name, command in QUESTIONS.items()}
    said["pfs"] = {pf.name: _nodedev(pf.name).document() for pf in physical_functions()}
    said["starts"] = {name: answer.document() for name, answer in started.items()}
    said["saves"] = {
        name: run("virsh", "save", name, f"/tmp/{name}").document()
        for name, answer in started.items()
        if answer.status == 0 and scenario.libvirtd
    }
    said["uuids"] = {
        name: run("virsh", "domuuid", name).stdout.strip() for name in scenario.domains
    }
    return said


def _nodedev(address: str) -> Answer:
    return run(
        "virsh", "-r", "nodedev-dumpxml", "pci_" + address.replace(":", "_").replace(".", "_")
    )
