"""All rows of the violation matrix."""

from tests.matrix import (
    adapter_rows,
    fabric_rows,
    host_rows,
    hostdev_rows,
    passthrough_rows,
    private_rows,
    profile_rows,
    server_rows,
    sriov_rows,
    topology_rows,
)

FAMILIES = (
    host_rows,
    adapter_rows,
    sriov_rows,
    fabric_rows,
    server_rows,
    profile_rows,
    topology_rows,
    private_rows,
    passthrough_rows,
    hostdev_rows,
)
VIOLATIONS = tuple(row for family in FAMILIES for row in family.VIOLATIONS)
ABSENCES = tuple(row for family in FAMILIES for row in family.ABSENCES)
GAPS = tuple(row for family in FAMILIES for row in family.GAPS)
