"""The host as a server of UCS Manager (rules FAB-04 to FAB-06)."""

from dataclasses import replace

from tests.rules.changes import answered, edit, remove, unreadable
from tests.rules.table import (
    IDLE,
    NO_VIC,
    PRIVATE,
    REFERENCE,
    UNDETERMINED,
    Absence,
    Gap,
    Host,
    Violation,
)
from tests.support.construct.hosts import REFERENCE as REFERENCE_BLADE
from tests.support.construct.spec import Vnic

PID = 'model="UCSB-MLOM-40G-03"'
COUNT = 'dynamicEth="{}"'
VTD = "ucsm/biosVfIntelVTForDirectedIO.xml"
FIRST = "blade-1/bios/bios-settings/Intel-VT-for-directed-IO"
ENABLED = '" vpIntelVTForDirectedIO="enabled" vpIntelVTDInterruptRemapping="enabled"'
NO_REMAPPING = '" vpIntelVTForDirectedIO="enabled" vpIntelVTDInterruptRemapping="disabled"'
UUID = "5ca1ab1e-0000-4000-8000-00000000000{}"
POLICY = "ucsm/vnicDynamicConPolicy.xml"
# Another server's UUID and serial number, and no vNIC with a MAC address of this host.
LOST = REFERENCE.but(
    edit("ucsm/computeBlade.xml", UUID.format(1), UUID.format(9)),
    edit("ucsm/computeBlade.xml", "FCH00000B01", "FCH00000B09"),
    edit("ucsm/vnicEther.xml", "00:25:B5:00:00:0", "00:25:B5:00:01:0"),
)
WITHOUT_VFS = Host(replace(REFERENCE_BLADE, vnics=(Vnic("eth0"), Vnic("eth1")), vms=(), pools=()))

VIOLATIONS = (
    Violation(
        "FAB-04",
        "a PID of another listed card",
        REFERENCE.but(edit("ucsm/adaptorUnit.xml", PID, 'model="UCSB-MLOM-40G-01"')),
    ),
    Violation(
        "FAB-04",
        "a PID of a card without VM-FEX",
        REFERENCE.but(edit("ucsm/adaptorUnit.xml", PID, 'model="N20-AC0002"')),
        consequences={"VIC-02": (UNDETERMINED, "the two ids tell different cards, one unlisted")},
    ),
    Violation(
        "FAB-05",
        "a dynamic vNIC policy that is switched off",
        REFERENCE.but(edit(POLICY, COUNT.format(4), COUNT.format("off"))),
    ),
    Violation(
        "FAB-05",
        "a policy that was raised without a reboot",
        REFERENCE.but(edit(POLICY, COUNT.format(4), COUNT.format(8))),
    ),
    Violation(
        "FAB-05",
        "VFs without a policy",
        REFERENCE.but(answered("vnicDynamicConPolicyRef")),
    ),
    Violation(
        "FAB-05",
        "fewer dynamic vNICs than the profile's policy gives",
        PRIVATE.but(edit(POLICY, COUNT.format(4), COUNT.format(6))),
        base=PRIVATE,
    ),
    Violation(
        "FAB-06",
        "VT-d disabled on this server",
        REFERENCE.but(
            edit(
                VTD,
                f'{FIRST}" vpIntelVTForDirectedIO="enabled"',
                f'{FIRST}" vpIntelVTForDirectedIO="disabled"',
            )
        ),
    ),
    Violation(
        "FAB-06",
        "interrupt remapping disabled on a release that needs it",
        REFERENCE.but(edit(VTD, f"{FIRST}{ENABLED}", f"{FIRST}{NO_REMAPPING}")),
    ),
)

ABSENCES = (
    Absence("FAB-04", "no VIC", NO_VIC),
    Absence("FAB-05", "no VIC, so no vNIC", NO_VIC),
    Absence(
        "FAB-05",
        "no VFs, no dynamic vNICs and no policy",
        WITHOUT_VFS.but(answered("vnicDynamicConPolicyRef")),
    ),
    Absence("FAB-06", "a host is a server of UCS Manager, or it is not known which"),
)

GAPS = (
    Gap("FAB-04", "UCS Manager", IDLE),
    Gap("FAB-04", "the adapters", REFERENCE.but(remove("ucsm/adaptorUnit.xml"))),
    Gap("FAB-04", "which server it is", LOST),
    Gap(
        "FAB-04",
        "a PID that nobody knows",
        REFERENCE.but(edit("ucsm/adaptorUnit.xml", PID, 'model="UCSB-MLOM-40G-99"')),
    ),
    Gap("FAB-05", "which server it is", LOST),
    Gap("FAB-05", "the vNICs", REFERENCE.but(remove("ucsm/vnicEther.xml"))),
    Gap("FAB-05", "the policies", REFERENCE.but(answered("vnicDynamicConPolicy"))),
    Gap("FAB-05", "the MAC addresses", REFERENCE.but(unreadable("netlink/links.bin"))),
    Gap("FAB-06", "which server it is", LOST),
    Gap("FAB-06", "the settings", REFERENCE.but(remove(VTD))),
    Gap(
        "FAB-06",
        "the platform's default",
        REFERENCE.but(edit(VTD, 'DirectedIO="enabled"', 'DirectedIO="platform-default"')),
    ),
    Gap(
        "FAB-06",
        "interrupt remapping",
        REFERENCE.but(edit(VTD, ' vpIntelVTDInterruptRemapping="enabled"', "")),
    ),
    Gap("FAB-06", "no such setting", REFERENCE.but(answered("biosVfIntelVTForDirectedIO"))),
)
