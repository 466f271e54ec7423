"""Where macvtap and vfio-pci are: the same by each way in, or not known (EMU-04, HDV-07)."""

import pytest

from tests.rules.changes import edit, put
from tests.rules.table import IDLE, Change
from tests.support.capturing import run_script
from tests.support.judging import recorded
from tests.support.ways import in_the_layout_of_sos
from tests.support.world import NOBODY, world_of
from vmfex.checks.model.fact import Known, Unknown
from vmfex.evidence.host import ReadHost
from vmfex.evidence.sources.captured import read_capture
from vmfex.evidence.sources.local import LocalTree
from vmfex.evidence.sources.sos.report import SosReport

MODULES = "proc/modules"
RELEASE = "3.10.0-1160.el7.x86_64"
LIB = f"lib/modules/{RELEASE}"
NOWHERE = (
    edit(MODULES, "vfio_pci ", "other "),
    edit(MODULES, "macvtap ", "another "),
    put(f"{LIB}/modules.builtin", "kernel/drivers/net/veth.ko\n"),
    put(f"{LIB}/modules.dep", "kernel/drivers/net/macvlan.ko.xz:\n"),
)
PLACES: dict[str, tuple[str, Change]] = {
    "proc/modules": ("loaded", edit(MODULES, "other ", "vfio_pci ")),
    "sys/module": ("loaded", put("sys/module/vfio_pci/parameters/ids", "\n")),
    "built in": (
        "built into the kernel",
        put(f"{LIB}/modules.builtin", "kernel/drivers/vfio/pci/vfio-pci.ko\n"),
    ),
    "a driver": ("built into the kernel", put("sys/bus/pci/drivers/vfio-pci/uevent", "")),
    "within reach": (
        "available as a module",
        put(f"{LIB}/modules.dep", "kernel/drivers/vfio/pci/vfio-pci.ko.xz:\n"),
    ),
}


@pytest.mark.parametrize("place", PLACES)
def test_capture_and_local(place: str) -> None:
    """Each place that a recording has is read on the host itself and in a capture."""
    where, change = PLACES[place]
    tree = recorded(IDLE.but(*NOWHERE, change).raw())
    assert ReadHost(tree).kernel.need().release == RELEASE
    assert ReadHost(tree).vfio_driver.need() == where
    with world_of(tree) as world:
        raw = run_script(root=world.root, tools=world.tools, user=NOBODY)
        here = LocalTree(root=world.root)
        for path in ("sys/module/vfio_pci", "sys/bus/pci/drivers/vfio-pci"):
            assert here.exists(path) == tree.exists(path)
    assert ReadHost(read_capture(raw)).vfio_driver.need() == where


def test_capture_of_a_host_without_it() -> None:
    """That it is nowhere is known too."""
    tree = recorded(IDLE.but(*NOWHERE).raw())
    with world_of(tree) as world:
        raw = run_script(root=world.root, tools=world.tools, user=NOBODY)
    for host in (ReadHost(tree), ReadHost(read_capture(raw))):
        assert host.vfio_driver.need() is None
        assert host.macvtap_driver.need() is None


@pytest.mark.parametrize(
    ("place", "told", "where"),
    [
        ("sos_commands/kernel/lsmod", b"Module   Size  Used by\nvfio_pci  16384  0\n", "loaded"),
        ("proc/modules", b"vfio_pci 16384 0 - Live 0x0\n", "loaded"),
        ("sys/module/vfio_pci/parameters/ids", b"\n", "loaded"),
        (f"{LIB}/modules.dep", b"kernel/vfio-pci.ko.xz:\n", "available as a module"),
    ],
)
def test_sosreport(place: str, told: bytes, where: str) -> None:
    """What the plugin `kernel` collects of it; what is built in is in no report."""
    files = in_the_layout_of_sos("reference")
    del files[MODULES]
    files = {path: raw for path, raw in files.items() if not path.startswith("lib/")}
    assert isinstance(ReadHost(SosReport(files)).vfio_driver, Unknown)
    assert ReadHost(SosReport(files | {place: told})).vfio_driver.need() == where


def test_function_that_vfio_has_in_a_sosreport() -> None:
    """lspci tells the driver that a function has, and with it that the driver is there."""
    files = in_the_layout_of_sos("reference")
    pci = ReadHost(SosReport(files)).pci
    assert isinstance(pci, Known)
    assert "vfio-pci" in {function.driver for function in pci.value.functions.values()}
