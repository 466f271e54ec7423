"""Fabric interconnects (rules FAB-01 to FAB-03)."""

from tests.rules.changes import answered, edit, remove, unreadable
from tests.rules.table import (
    REFERENCE,
    UNDETERMINED,
    VIOLATED,
    Absence,
    Gap,
    Host,
    Violation,
)

BARE_6454 = Host("fabric-6454").but(answered("vnicProfile"), answered("vmSwitch"))
SWITCH = {"dn": "sys/extvm-mgmt/virtual-switches/switch-default", "name": "default"}
SIDE_A = '"A" model="UCS-FI-6332"'
UNTOLD = "its capabilities are those of another model"
OF_64108 = "the fabric has port profiles, and now a 64108"

VIOLATIONS = (
    Violation(
        "FAB-01",
        "one of the two interconnects is a 6454",
        REFERENCE.but(edit("ucsm/networkElement.xml", SIDE_A, '"A" model="UCS-FI-6454"')),
        consequences={
            "FAB-02": (VIOLATED, "the fabric has port profiles, and now a 6454"),
            "FAB-03": (UNDETERMINED, UNTOLD),
        },
    ),
    Violation(
        "FAB-01",
        "one of the two interconnects is a 64108",
        REFERENCE.but(edit("ucsm/networkElement.xml", SIDE_A, '"A" model="UCS-FI-64108"')),
        consequences={"FAB-02": (VIOLATED, OF_64108), "FAB-03": (UNDETERMINED, UNTOLD)},
    ),
    Violation(
        "FAB-02",
        "a distributed virtual switch on a 6454 fabric",
        BARE_6454.but(answered("vmSwitch", SWITCH)),
        base=BARE_6454,
    ),
    Violation(
        "FAB-02",
        "a port profile on a 6454 fabric that no VM uses",
        BARE_6454.but(
            answered("vnicProfile", {"dn": "fabric/lan/profiles/vnic-old", "name": "old"})
        ),
        base=BARE_6454,
    ),
    Violation(
        "FAB-03",
        "an interconnect that says no",
        REFERENCE.but(edit("ucsm/equipmentSwitchCap.xml", 'Supported="yes"', 'Supported="no"')),
    ),
)

ABSENCES = (
    Absence("FAB-01", "every fabric has interconnects; an answer that names none tells nothing"),
    Absence("FAB-02", "no interconnect is a 6454", REFERENCE),
    Absence("FAB-03", "every fabric has interconnects; an answer that names none tells nothing"),
)

GAPS = (
    Gap("FAB-01", "UCS Manager", REFERENCE.but(unreadable("ucsm"))),
    Gap("FAB-01", "an answer without interconnects", REFERENCE.but(answered("networkElement"))),
    Gap(
        "FAB-01",
        "a model that is in no table, and says nothing of itself",
        REFERENCE.but(edit("ucsm/networkElement.xml", SIDE_A, '"A" model="UCS-FI-6536"')),
    ),
    Gap("FAB-02", "the port profiles", BARE_6454.but(remove("ucsm/vnicProfile.xml"))),
    Gap("FAB-02", "the switches", BARE_6454.but(remove("ucsm/vmSwitch.xml"))),
    Gap("FAB-02", "UCS Manager", REFERENCE.but(unreadable("ucsm"))),
    Gap("FAB-03", "the capabilities", REFERENCE.but(remove("ucsm/equipmentSwitchCap.xml"))),
)
