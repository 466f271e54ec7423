"""Clusters (rules CLU)."""

from tests.rules.changes import WEB01, edit, remove, unreadable
from tests.rules.table import (
    IDLE,
    REFERENCE,
    Absence,
    Gap,
    Violation,
)
from vmfex.checks.model.plan import Plan

MOVING = REFERENCE.but(plan=Plan(must_migrate=("web01",), destinations=("blade-2",)))

OF_WEB01 = 'name="web01" clInstType="vm" dvsName="default"'
NONE = 'name="web01" clInstType="vm" dvsName=""'

VIOLATIONS = (
    Violation(
        "CLU-01",
        "a VM in the cluster lab",
        REFERENCE.but(
            edit(
                "ucsm/vmInstance.xml",
                'name="web01" clInstType="vm" dvsName="default"',
                'name="web01" clInstType="vm" dvsName="lab"',
            )
        ),
    ),
    Violation(
        "CLU-02",
        "a destination in another cluster",
        MOVING.but(
            edit(
                "ucsm/vmHv.xml",
                'name="blade-2" clInstType="hv" dvsName="default"',
                'name="blade-2" clInstType="hv" dvsName="lab"',
            )
        ),
        base=MOVING,
    ),
)

ABSENCES = (
    Absence("CLU-01", "no VM", IDLE),
    Absence("CLU-02", "no VM must live-migrate", REFERENCE),
)

GAPS = (
    Gap("CLU-01", "the VMs in UCS Manager", REFERENCE.but(remove("ucsm/vmInstance.xml"))),
    Gap("CLU-01", "the VM's cluster", REFERENCE.but(edit("ucsm/vmInstance.xml", OF_WEB01, NONE))),
    Gap("CLU-01", "a domain", REFERENCE.but(unreadable(WEB01))),
    Gap("CLU-02", "the hypervisors", MOVING.but(remove("ucsm/vmHv.xml"))),
    Gap(
        "CLU-02",
        "a destination",
        REFERENCE.but(plan=Plan(must_migrate=("web01",))),
    ),
)
