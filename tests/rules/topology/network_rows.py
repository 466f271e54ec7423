"""libvirt networks that VM-FEX interfaces are connected to (rules TOP-06 and TOP-07)."""

from tests.rules.changes import DB01, edit, remove, unreadable
from tests.rules.table import IDLE, REFERENCE, Absence, Gap, Violation

STATES = "libvirt/network-states.json"

VIOLATIONS = (
    Violation(
        "TOP-06",
        "a pool that somebody has stopped",
        REFERENCE.but(edit(STATES, '"active": true', '"active": false')),
    ),
    Violation(
        "TOP-07",
        "a pool that does not start with the host",
        REFERENCE.but(edit(STATES, '"autostart": true', '"autostart": false')),
    ),
)

ABSENCES = (
    Absence("TOP-06", "no VM", IDLE),
    Absence("TOP-07", "no VM", IDLE),
)

GAPS = (
    Gap("TOP-06", "the networks' states", REFERENCE.but(remove(STATES))),
    Gap("TOP-06", "this network's state", REFERENCE.but(edit(STATES, "vmfex-pool", "other"))),
    Gap("TOP-06", "a domain", REFERENCE.but(unreadable(DB01))),
    Gap("TOP-07", "the networks' states", REFERENCE.but(unreadable(STATES))),
    Gap("TOP-07", "the networks", REFERENCE.but(unreadable("libvirt/networks"))),
)
