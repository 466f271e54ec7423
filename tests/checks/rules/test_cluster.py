"""Clusters: which one a VM is in, and how far it may move (rules CLU)."""

import pytest

from tests.checks.stub import fabric, host
from tests.rules.table import REFERENCE
from vmfex.checks.model.domain import Definition, Domain
from vmfex.checks.model.fact import Known, Missing
from vmfex.checks.model.host import Host
from vmfex.checks.rules.cluster import Clusters, specifies_only, stays_in_cluster
from vmfex.checks.rules.port_profile import PortProfile, clients_by_profile, only_client_is

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


def client(profile: str, switch: str) -> dict[str, str]:
    return {"dn": f"fabric/lan/profiles/vnic-{profile}/cl-{switch}", "swName": switch}


@pytest.mark.parametrize(
    ("seen", "clients", "verdict"),
    [
        ("default", (), "compliant"),
        ("default", (client("web", "lab"),), "compliant"),  # the VM itself is seen in default
        ("lab", (client("web", "default"),), "violated"),
        ("", (client("web", "default"),), "violated"),
        (None, (client("web", "default"),), "compliant"),
        (None, (client("web", "default"), client("web", "lab")), "violated"),
        (None, (client("web", "lab"),), "violated"),
        (None, (client("webmail", "lab"), client("web", "default")), "compliant"),
    ],
)
def test_cluster_of_a_vm(
    seen: str | None, clients: tuple[dict[str, str], ...], verdict: str
) -> None:
    """Where the fabric sees the VM; where it does not, what its port profiles are for."""
    instances = () if seen is None else ({"uuid": DOMAIN.uuid.upper(), "dvsName": seen},)
    known = Clusters(fabric(vmInstance=instances, vmVnicProfCl=clients))
    [interface] = [i for i in REFERENCE.judged().scope.interfaces.items if i.domain.name == "web01"]
    assert specifies_only(DOMAIN, "default", [interface], known).verdict == verdict


def test_vm_that_nothing_tells_of_is_no_pass() -> None:
    """Neither the VM nor a client of its profiles: undetermined."""
    known = Clusters(fabric(vmInstance=(), vmVnicProfCl=()))
    with pytest.raises(Missing):
        specifies_only(DOMAIN, "default", [], known)


@pytest.mark.parametrize(
    ("clients", "verdict"),
    [
        ((client("web", "default"),), "compliant"),
        ((client("web", "default"), client("web", "lab")), "violated"),
        ((client("web", "lab"),), "violated"),
        ((client("webmail", "default"),), "violated"),
        (({"dn": "fabric/lan/profiles/vnic-web/cl-default"},), "violated"),
        ((), "violated"),
    ],
)
def test_clients_of_a_port_profile(clients: tuple[dict[str, str], ...], verdict: str) -> None:
    """The cluster "default" and no other; a profile whose name begins alike does not count."""
    known = clients_by_profile(fabric(vmVnicProfCl=clients))
    assert only_client_is(PortProfile("web"), "default", known).verdict == verdict
    mine = known.need().get("web", ())
    assert len(mine) == sum("/vnic-web/" in c["dn"] for c in clients)
