"""The host as a scenario wants it, and the way back."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.lab.guest import adapters
from tests.lab.guest.commands import Answer, must, run
from tests.lab.guest.domains import domain_xml
from tests.lab.guest.libvirtd import Libvirtd
from tests.lab.scenario import Scenario

RELEASE_FILES = {
    "/etc/os-release": 'NAME="Red Hat Enterprise Linux"\nID="rhel"\nVERSION_ID="{version}"\n',
    "/etc/redhat-release": "{release}\n",
}


@contextmanager
def setting(scenario: Scenario) -> Iterator[dict[str, Answer]]:
    """What libvirt said to each domain that was to start. Raises RuntimeError and OSError."""
    with ExitStack() as way_back:
        _pose_as(scenario.release, way_back)
        way_back.callback(adapters.unpose)
        functions = adapters.physical_functions()
        for function, number, model in zip(functions, scenario.vfs, scenario.vics, strict=True):
            adapters.set_vfs(function, number)
            adapters.pose(function, model)
        for bridge in scenario.bridges:
            must("ip", "link", "add", bridge, "type", "bridge")
            way_back.callback(must, "ip", "link", "delete", bridge)
            must("ip", "link", "set", bridge, "up")
        daemon = Libvirtd()
        way_back.callback(daemon.stop)
        _define(scenario)
        for name in scenario.down:
            must("ip", "link", "set", adapters.netdev(_function(name)), "down")
        for name in scenario.run:
            way_back.callback(run, "virsh", "destroy", name)
        started = {name: run("virsh", "start", name) for name in scenario.run}
        if not scenario.libvirtd:
            daemon.stop()
        yield started


def _function(name: str) -> Path:
    return adapters.DEVICES / adapters.address(name)


def _pose_as(release: str, way_back: ExitStack) -> None:
    version = release.partition(" release ")[2].partition(" ")[0]
    for file, content in RELEASE_FILES.items():
        copy = Path("/run", Path(file).name)
        copy.write_text(content.format(release=release, version=version))
        Path(file).touch()
        must("mount", "--bind", str(copy), file)
        way_back.callback(must, "umount", file)


def _define(scenario: Scenario) -> None:
    for number, (name, interfaces) in enumerate(scenario.domains.items()):
        file = Path("/run", f"{name}.xml")
        file.write_text(domain_xml(name, interfaces, number))
        must("virsh", "define", str(file))
