"""Clusters: which one a VM is in, and how far it may move (rules CLU)."""

import pytest

from tests.checks.stub import fabric, host
from vmfex.checks.model.domain import Definition, Domain
from vmfex.checks.model.fact import Known, Missing
from vmfex.checks.model.host import Host
from vmfex.checks.rules.cluster import Clusters, specifies_only, stays_in_cluster

HERE, THERE = "5CA1AB1E-0000-4000-8000-000000000001", "5ca1ab1e-0000-4000-8000-000000000002"
DOMAIN = Domain("web01", "5ca1ab1e-0000-4000-8000-000000000101", (Definition("running", "kvm"),))


def with_hypervisors(*hypervisors: dict[str, str]) -> Host:
    return host(uuid=Known(HERE.lower()), fabric=fabric(vmHv=hypervisors))


def hypervisor(uuid: str, name: str, cluster: str) -> dict[str, str]:
    return {"uuid": uuid, "name": name, "dvsName": cluster}


@pytest.mark.parametrize(
    ("there", "verdict"), [("default", "compliant"), ("lab", "violated"), ("Default", "violated")]
)
@pytest.mark.parametrize("destination", ["blade-2", "BLADE-2", THERE, THERE.upper()])
def test_destination_by_name_or_uuid(there: str, verdict: str, destination: str) -> None:
    """A destination is found by either, in any case of letters; clusters differ by theirs."""
    known = with_hypervisors(
        hypervisor(HERE, "blade-1", "default"), hypervisor(THERE, "blade-2", there)
    )
    assert stays_in_cluster(DOMAIN, [destination], known).verdict == verdict


def test_one_wrong_destination_of_several_is_enough() -> None:
    """Every destination has to be in this host's cluster."""
    known = with_hypervisors(
        hypervisor(HERE, "blade-1", "default"),
        hypervisor(THERE, "blade-2", "default"),
        hypervisor(THERE.replace("2", "3"), "blade-3", "lab"),
    )
    assert stays_in_cluster(DOMAIN, ["blade-2", "blade-3"], known).verdict == "violated"


@pytest.mark.parametrize(
    "hypervisors",
    [
        (),
        (hypervisor(HERE, "blade-1", "default"),),
        (hypervisor(THERE, "blade-2", "default"),),
        (hypervisor(HERE, "blade-1", ""), hypervisor(THERE, "blade-2", "")),
    ],
    ids=["none", "no destination", "not this host", "no cluster"],
)
def test_unknown_hypervisor_is_no_pass(hypervisors: tuple[dict[str, str], ...]) -> None:
    """Both ends have to be known to UCS Manager, each with its cluster."""
    with pytest.raises(Missing):
        stays_in_cluster(DOMAIN, ["blade-2"], with_hypervisors(*hypervisors))


def test_no_destination_is_no_pass() -> None:
    """A VM that must move, and nobody says where to."""
    with pytest.raises(Missing):
        stays_in_cluster(DOMAIN, [], with_hypervisors(hypervisor(HERE, "blade-1", "default")))


@pytest.mark.parametrize("there", ["default", "lab"])
def test_two_hypervisors_of_one_name_are_neither(there: str) -> None:
    """A name that two have does not tell which is the destination, whatever their clusters."""
    known = with_hypervisors(
        hypervisor(HERE, "blade-1", "default"),
        hypervisor(THERE, "blade-2", "default"),
        hypervisor(THERE.replace("2", "3"), "blade-2", there),
    )
    with pytest.raises(Missing, match="2 hypervisors called blade-2"):
        stays_in_cluster(DOMAIN, ["blade-2"], known)
    assert stays_in_cluster(DOMAIN, [THERE], known).verdict == "compliant"


@pytest.mark.parametrize("name", ["hypervisor-of-xy", "blade-2-and-beyond"])
def test_destination_that_is_not_known(name: str) -> None:
    """UCS Manager's other hypervisors are none of it: one of 16 characters, one whose name is
    longer than that, and this host."""
    known = with_hypervisors(
        hypervisor(HERE, "blade-1", "default"),
        hypervisor(THERE, "hypervisor-of-ra", "default"),
        hypervisor(THERE.replace("2", "3"), "blade-2-and-beyon", "default"),
    )
    with pytest.raises(Missing, match=f"does not know the hypervisor {name}"):
        stays_in_cluster(DOMAIN, [name], known)


def test_name_that_this_host_shares() -> None:
    """What is called so may be this host."""
    known = with_hypervisors(
        hypervisor(HERE, "blade-1", "default"), hypervisor(THERE, "blade-1", "default")
    )
    with pytest.raises(Missing, match="this host itself"):
        stays_in_cluster(DOMAIN, ["blade-1"], known)


def test_name_that_was_cut_names_nobody_for_certain() -> None:
    """UCS Manager keeps 16 characters of a hypervisor's name: the rest may be another's."""
    known = with_hypervisors(
        hypervisor(HERE, "blade-1", "default"), hypervisor(THERE, "hypervisor-of-ra", "default")
    )
    with pytest.raises(Missing, match="keeps 16 characters"):
        stays_in_cluster(DOMAIN, ["hypervisor-of-rack-7"], known)


def test_this_host_is_no_destination() -> None:
    """A VM that must leave cannot stay where it is."""
    known = with_hypervisors(hypervisor(HERE, "blade-1", "default"))
    with pytest.raises(Missing, match="this host itself"):
        stays_in_cluster(DOMAIN, ["blade-1"], known)


def test_hypervisor_by_the_other_order_of_bytes() -> None:
    """Cisco's blades may show the first three groups of their UUID turned round."""
    turned = "1eaba15c-0000-0040-8000-000000000001"
    known = with_hypervisors(
        hypervisor(turned, "blade-1", "default"), hypervisor(THERE, "blade-2", "default")
    )
    assert stays_in_cluster(DOMAIN, ["blade-2"], known).verdict == "compliant"


@pytest.mark.parametrize(("seen", "verdict"), [("default", "compliant"), ("lab", "violated")])
def test_cluster_of_a_vm(seen: str, verdict: str) -> None:
    """The one in which the fabric sees the VM."""
    known = Clusters(fabric(vmInstance=({"uuid": DOMAIN.uuid.upper(), "dvsName": seen},)))
    assert specifies_only(DOMAIN, "default", known).verdict == verdict


@pytest.mark.parametrize("seen", [None, "", "default"])
def test_vm_without_a_cluster_is_no_pass(seen: str | None) -> None:
    """Neither one that UCS Manager does not know nor one of which it once tells no cluster."""
    names = () if seen is None else ("", seen)
    vms = tuple({"uuid": DOMAIN.uuid, "dvsName": name} for name in names)
    with pytest.raises(Missing):
        specifies_only(DOMAIN, "default", Clusters(fabric(vmInstance=vms)))
