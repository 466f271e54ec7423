"""CLU-01 and CLU-02: VMs and hypervisors as UCS Manager names them."""

from collections.abc import Mapping

import pytest

from tests.checks import stub
from vmfex.checks.model.domain import Definition, Domain
from vmfex.checks.model.fabric import Objects
from vmfex.checks.model.fact import Known, Missing
from vmfex.checks.result.verdict import Verdict
from vmfex.checks.rules.cluster import Clusters, specifies_only, stays_in_cluster

UUIDS = [f"5ca1ab1e-0000-4000-8000-00000000000{n}" for n in range(9)]
HERE = {"uuid": UUIDS[0], "name": "blade-1", "dvsName": "default"}
LONG = "a-hypervisor-of-24-chars"
RUNS, OFF = Definition("running", "kvm"), Definition("persistent", "kvm")


def vm(*definitions: Definition) -> Domain:
    return Domain("web01", UUIDS[8], definitions or (OFF,))


@pytest.mark.parametrize(
    ("clusters", "verdict", "observed"),
    [
        (("default",), Verdict.COMPLIANT, "cluster default"),
        (("other",), Verdict.VIOLATED, "cluster other"),
        (("default", "other"), Verdict.VIOLATED, "cluster default, other"),
        (("", "other"), Verdict.VIOLATED, "cluster other"),
        (("", "default"), None, "names no cluster for"),
        (("",), None, "names no cluster for"),
        ((), None, "does not know"),
    ],
)
def test_clu_01(clusters: tuple[str, ...], verdict: Verdict | None, observed: str) -> None:
    """The default cluster alone; None: UCS Manager tells none, or not of every vNIC."""
    instances = tuple({"uuid": UUIDS[8].upper(), "dvsName": name} for name in clusters)
    known = Clusters(stub.fabric(vmInstance=instances))
    if verdict is None:
        with pytest.raises(Missing) as missing:
            specifies_only(vm(), "default", known)
        assert observed in missing.value.unknown.reason
        assert "virsh start web01" in missing.value.unknown.remedy
        with pytest.raises(Missing) as missing:
            specifies_only(vm(RUNS), "default", known)
        assert "web01 runs: look for it" in missing.value.unknown.remedy
    else:
        finding = specifies_only(vm(), "default", known)
        assert (finding.verdict, finding.observed) == (verdict, observed)


def hypervisor(name: str, uuid: int, cluster: str = "default") -> dict[str, str]:
    return {"name": name, "uuid": UUIDS[uuid], "dvsName": cluster}


def clu_02(destination: str, *others: Mapping[str, str], here: Mapping[str, str] = HERE) -> str:
    hypervisors: Objects = (here, *others)
    host = stub.host(uuid=Known(UUIDS[0]), fabric=stub.fabric(vmHv=hypervisors))
    try:
        return stays_in_cluster(vm(), (destination,), host).verdict
    except Missing:
        return Verdict.UNDETERMINED


B2, CUT = hypervisor("blade-2", 2), hypervisor(LONG[:16], 2)


@pytest.mark.parametrize(
    ("destination", "others", "expected"),
    [
        ("blade-2", (B2,), Verdict.COMPLIANT),
        ("BLADE-2", (B2,), Verdict.COMPLIANT),
        (UUIDS[2].upper(), (B2,), Verdict.COMPLIANT),
        ("blade-2", (hypervisor("blade-2", 2, "other"),), Verdict.VIOLATED),
        ("blade-2", (hypervisor("blade-2", 2, ""),), Verdict.UNDETERMINED),
        ("blade-2", (B2, hypervisor("blade-2", 2, "other")), Verdict.UNDETERMINED),
        ("blade-2", (B2, hypervisor("blade-2", 3)), Verdict.UNDETERMINED),
        ("blade-2", (hypervisor("blade-20", 2),), Verdict.UNDETERMINED),
        ("blade-20", (B2,), Verdict.UNDETERMINED),
        ("blade-20", (B2, hypervisor("blade-20", 3)), Verdict.COMPLIANT),
        ("blade-1", (B2,), Verdict.UNDETERMINED),
        ("blade-1", (hypervisor("blade-1", 2),), Verdict.UNDETERMINED),
        (UUIDS[3], (B2,), Verdict.UNDETERMINED),
        (LONG, (CUT,), Verdict.UNDETERMINED),
        (UUIDS[2], (CUT,), Verdict.COMPLIANT),
        (LONG[:16], (CUT,), Verdict.COMPLIANT),
        (LONG, (hypervisor(LONG, 2),), Verdict.COMPLIANT),
        (LONG, (hypervisor(LONG[:15], 2),), Verdict.UNDETERMINED),
        (LONG, (hypervisor("x" * 16, 2),), Verdict.UNDETERMINED),
        (LONG, (CUT, hypervisor(LONG, 2)), Verdict.COMPLIANT),
    ],
)
def test_clu_02(destination: str, others: Objects, expected: Verdict) -> None:
    """By UUID, or by the whole name in any case; a name that two have, or that is cut to sixteen
    characters, may be another's."""
    assert clu_02(destination, *others) == expected


@pytest.mark.parametrize(
    ("cluster", "expected"),
    [
        ("c" * 15, Verdict.COMPLIANT),
        ("c" * 16, Verdict.UNDETERMINED),
        ("c" * 17, Verdict.COMPLIANT),
    ],
)
def test_clu_02_cluster_whose_name_is_cut(cluster: str, expected: Verdict) -> None:
    """Two may share sixteen characters; two that differ are two."""
    here = HERE | {"dvsName": cluster}
    assert clu_02("blade-2", hypervisor("blade-2", 2, cluster), here=here) == expected
    assert clu_02("blade-2", hypervisor("blade-2", 2, "other"), here=here) == Verdict.VIOLATED


def test_clu_02_this_host_by_its_uuid_alone() -> None:
    """A hypervisor that is called by this host's UUID is another."""
    elsewhere = {"uuid": UUIDS[4], "name": UUIDS[0], "dvsName": "default"}
    assert clu_02("blade-2", B2, here=elsewhere) == Verdict.UNDETERMINED
