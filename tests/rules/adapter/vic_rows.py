"""The adapter (rules VIC)."""

from dataclasses import replace

from tests.rules.changes import WEB01, edit, function, link, remove, unreadable, without_functions
from tests.rules.table import (
    IDLE,
    NO_VIC,
    NOT_APPLICABLE,
    PRIVATE,
    REFERENCE,
    VIOLATED,
    Absence,
    Gap,
    Host,
    Violation,
)
from tests.support.construct.hosts import BLADES
from tests.support.construct.spec import Vnic

NOTHING_LEFT = (NOT_APPLICABLE, "there is no VIC left that could have any")
IDLE_BLADE = next(blade for blade in BLADES if blade.name == "rhel79-idle")

NEW_CARD = REFERENCE.but(edit(f"{function('06:00.0')}/subsystem_device", "0x012c", "0x0fff"))
PID = 'model="UCSB-MLOM-40G-03"'


def with_vnics(total: int) -> Host:
    """A host with `total` vNICs on its VIC: six static ones, and at most 22 VFs on each."""
    left = total - 6
    counts = [min(22, max(0, left - 22 * n)) for n in range(6)]
    vnics = tuple(Vnic(f"eth{n}", vfs=count) for n, count in enumerate(counts))
    return Host(replace(IDLE_BLADE, vnics=vnics))


VIOLATIONS = (
    Violation(
        "VIC-01",
        "a server without a VIC",
        IDLE.but(without_functions()),
        base=IDLE,
        consequences=dict.fromkeys(
            ("VIC-02", "VIC-03", "VIC-04", "SRV-01", "SRV-03", "SRV-07", "FAB-04", "FAB-05"),
            NOTHING_LEFT,
        )
        | {"SRV-05": (VIOLATED, "it is judged as meant for two VM interfaces, and has no VF")},
    ),
    Violation(
        "VIC-02",
        "a VIC M81KR",
        REFERENCE.but(edit(f"{function('06:00.0')}/subsystem_device", "0x012c", "0x0048")),
        consequences={"FAB-04": (VIOLATED, "UCS Manager still has the PID of a VIC 1340")},
    ),
    Violation("VIC-03", "117 vNICs", with_vnics(117), base=with_vnics(116)),
    Violation(
        "VIC-04",
        "a static vNIC bound to vfio-pci",
        REFERENCE.but(link(f"{function('07:00.0')}/driver", "sys/bus/pci/drivers/vfio-pci")),
    ),
    Violation(
        "VIC-04",
        "a static vNIC without a network device",
        PRIVATE.but(remove(f"{function('06:00.0')}/net")),
        base=PRIVATE,
    ),
    Violation(
        "VIC-05",
        "a VM that will start on a static vNIC",
        REFERENCE.but(edit(f"{WEB01}/persistent.xml", "dev='eth2'", "dev='eth0'")),
        consequences={"EMU-02": (VIOLATED, "a static vNIC is no VF")},
    ),
    Violation(
        "VIC-05",
        "MacVTap direct on a static vNIC",
        PRIVATE.but(edit(f"{WEB01}/persistent.xml", "dev='eth2'", "dev='eth1'")),
        base=PRIVATE,
    ),
)

ABSENCES = (
    Absence("VIC-01", "whether a VIC is installed can be asked of every host"),
    Absence("VIC-02", "no VIC", NO_VIC),
    Absence("VIC-03", "no VIC", NO_VIC),
    Absence("VIC-04", "no VIC, so no static vNIC", NO_VIC),
    Absence("VIC-05", "no VM", IDLE),
)

GAPS = (
    Gap("VIC-01", "the PCI functions", REFERENCE.but(unreadable("sys/bus/pci"))),
    Gap(
        "VIC-02",
        "a subsystem id of no known model",
        NEW_CARD.but(unreadable("ucsm")),
    ),
    Gap(
        "VIC-02",
        "a subsystem id and a PID of no known model",
        NEW_CARD.but(edit("ucsm/adaptorUnit.xml", PID, 'model="UCSB-MLOM-40G-99"')),
    ),
    Gap(
        "VIC-02",
        "a listed id whose PID is that of another card",
        REFERENCE.but(edit("ucsm/adaptorUnit.xml", PID, 'model="N20-AC0002"')),
    ),
    Gap("VIC-02", "the PCI functions", REFERENCE.but(unreadable("sys/bus/pci"))),
    Gap("VIC-03", "the PCI functions", REFERENCE.but(unreadable("sys/bus/pci"))),
    Gap(
        "VIC-04", "a function's driver", REFERENCE.but(unreadable(f"{function('07:00.0')}/driver"))
    ),
    Gap("VIC-05", "the PCI functions", REFERENCE.but(unreadable("sys/bus/pci"))),
    Gap("VIC-05", "a domain", REFERENCE.but(unreadable(WEB01))),
)
