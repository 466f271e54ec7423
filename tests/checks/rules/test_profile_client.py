"""Clients of a port profile, as the patterns that UCS Manager reads (rule PRF-03)."""

import pytest

from tests.checks.stub import fabric
from vmfex.checks.model.fact import Missing
from vmfex.checks.rules.port_profile import PortProfile
from vmfex.checks.rules.profile_client import clients_by_profile, clusters_there, only_client_is

PLACE = "sys/extvm-mgmt/virtual-switches/switch-"


def client(switch: str, profile: str = "web", **around: str) -> dict[str, str]:
    place = {"dcName": ".*", "orgPath": ".*"} | around
    dn = f"fabric/lan/profiles/vnic-{profile}/cl-a"
    return {"dn": dn, "swName": switch} | place


def verdict(clients: tuple[dict[str, str], ...], *clusters: str) -> str:
    """With these clusters beside the default one."""
    switches = tuple({"dn": PLACE + name, "name": name} for name in ("default", *clusters))
    known = fabric(vmVnicProfCl=clients, vmSwitch=switches, vmHv=(), vmInstance=())
    there = clusters_there(known, "default")
    try:
        found = only_client_is(PortProfile("web"), "default", clients_by_profile(known), there)
    except Missing:
        return "undetermined"
    return found.verdict


@pytest.mark.parametrize(
    ("pattern", "clusters", "expected"),
    [
        ("default", (), "compliant"),
        ("default$", ("lab",), "compliant"),
        (".*", (), "compliant"),
        (".*", ("lab",), "violated"),
        ("default|lab", ("lab",), "violated"),
        ("lab", ("lab",), "violated"),
        ("lab$", (), "violated"),
        ("default", ("default-2",), "undetermined"),  # it is a part of the other's name
        ("^default$", ("default-2", "my-default"), "compliant"),
        ("default$", ("my-default",), "undetermined"),
        ("def", (), "undetermined"),  # it depends on where UCS Manager anchors it
        ("(?i)DEFAULT", (), "undetermined"),
        ("", (), "undetermined"),
    ],
)
def test_pattern(pattern: str, clusters: tuple[str, ...], expected: str) -> None:
    """It has to match the default cluster, and no other one that there is."""
    assert verdict((client(pattern),), *clusters) == expected


@pytest.mark.parametrize(
    ("clients", "expected"),
    [
        ((client("default"), client("lab")), "violated"),
        ((client("default", "webmail"),), "violated"),
        ((), "violated"),
        ((client("default", dcName="lab"),), "undetermined"),
        ((client("default", dcName="default", orgPath="default"),), "compliant"),
    ],
)
def test_all_clients_of_the_profile_count(
    clients: tuple[dict[str, str], ...], expected: str
) -> None:
    """And none of another profile whose name begins alike."""
    assert verdict(clients) == expected


@pytest.mark.parametrize("left_out", ["vmSwitch", "vmHv", "vmInstance"])
def test_unknown_clusters_are_no_pass(left_out: str) -> None:
    """Another cluster may be among what is not known."""
    answers = {"vmSwitch": ({"name": "default", "dn": PLACE},), "vmHv": (), "vmInstance": ()}
    del answers[left_out]
    known = fabric(vmVnicProfCl=(client("default"),), **answers)
    with pytest.raises(Missing):
        only_client_is(
            PortProfile("web"),
            "default",
            clients_by_profile(known),
            clusters_there(known, "default"),
        )


def test_cluster_that_only_a_hypervisor_is_in() -> None:
    """A pattern takes it in too."""
    known = fabric(
        vmVnicProfCl=(client(".*"),),
        vmSwitch=({"name": "default", "dn": PLACE},),
        vmHv=({"dvsName": "lab"},),
        vmInstance=(),
    )
    clusters = clusters_there(known, "default")
    found = only_client_is(PortProfile("web"), "default", clients_by_profile(known), clusters)
    assert found.verdict == "violated"
