"""What if: the same rules on a host with a few facts changed, and never greener than it may be."""

import pytest

from tests.rules.test_damaged import chosen
from tests.support.damaged_ways import WAYS, held
from tests.support.greener import greener
from tests.support.judging import Judgement, scenarios
from vmfex.checks.inventory.capacity import capacity_of
from vmfex.checks.model.plan import Plan, Topology
from vmfex.checks.model.scope import Scope
from vmfex.checks.result.verdict import Finding, Verdict
from vmfex.checks.what_if.change import EACH_PF, Change
from vmfex.checks.what_if.host import ChangedHost
from vmfex.engine.catalogue import FEATURES
from vmfex.engine.judge import judge
from vmfex.evidence.archive.entries import RecordingError
from vmfex.evidence.embedded import embedded_hosts, load_embedded
from vmfex.evidence.host import ReadHost
from vmfex.evidence.tree import Tree

VFS, RELEASE = Change(vfs={EACH_PF: 24}), Change(release=(8, 4))
BOTH = Change({EACH_PF: 24}, (8, 4), {Topology.HOSTDEV: 30})
OF_A_KERNEL = ("HST-04", "HST-05", "HST-06", "PRF-05", "HDV-06", "HDV-07", "EMU-04", "TOP-05")


def judged(tree: Tree, change: Change) -> Judgement:
    """Every rule on a host, changed where the change says anything."""
    read = ReadHost(tree)
    scope = Scope(ChangedHost(read, change) if change else read, change.planned(Plan()))
    findings: dict[str, tuple[Finding, ...]] = {}
    for scenario in scenarios(FEATURES):
        result = judge(scenario, scope)
        assert result.error is None
        findings[scenario.rule_id] = (*findings.get(scenario.rule_id, ()), *result.findings)
    return Judgement(findings, scope)


def verdicts(host: str, change: Change) -> dict[str, Verdict]:
    return judged(load_embedded(host), change).verdicts


@pytest.mark.parametrize("host", embedded_hosts())
def test_nothing_changed_is_judged_as_ever(host: str) -> None:
    """The wrapped host is the host."""
    tree = load_embedded(host)
    scope = Scope(ChangedHost(ReadHost(tree), Change()), Plan())
    for scenario in scenarios(FEATURES):
        found = judge(scenario, scope).findings
        assert list(found) == list(judge(scenario, Scope(ReadHost(tree), Plan())).findings)


@pytest.mark.parametrize("host", embedded_hosts())
def test_another_kernel_is_never_compliant(host: str) -> None:
    """What the kernel and libvirt of another release do is not known, whatever it is now: but for
    what is violated in the XML alone, and where there is nothing to be judged."""
    then = verdicts(host, RELEASE)
    assert {then[rule] for rule in OF_A_KERNEL} <= {
        Verdict.UNDETERMINED,
        Verdict.NOT_APPLICABLE,
        Verdict.VIOLATED,
    }
    assert then["HST-04"] is not Verdict.NOT_APPLICABLE


def test_more_vfs_than_are_carried() -> None:
    """RHEL 6.5 carries 24 VFs of a PF (docs/sources.md, 3): as many satisfy the rule, one more does
    not; of another kernel nobody knows, where there are more than 22."""
    name = "rhel65-libvirt010"
    of = {n: verdicts(name, Change({EACH_PF: n}))["SRV-03"] for n in (22, 24, 25, 30)}
    good, bad = Verdict.COMPLIANT, Verdict.VIOLATED
    assert of == {22: good, 24: good, 25: bad, 30: bad}
    both = Change({EACH_PF: 24}, (6, 9))
    assert verdicts(name, both)["SRV-03"] is Verdict.UNDETERMINED


def test_a_vm_whose_vf_would_be_gone() -> None:
    """web01 of the reference host is on a VF that --vfs 0 takes away, and db01 on another."""
    then = verdicts("reference", Change({EACH_PF: 0}))
    assert then["EMU-02"] is then["HDV-02"] is then["SRV-05"] is Verdict.VIOLATED
    assert then["SRV-02"] is not Verdict.COMPLIANT


def test_what_a_release_and_a_plan_require() -> None:
    """HST-01, HST-02 and SRV-05, by the guide: SR-IOV needs a release later than 6.1, and VFs
    enough."""
    old = verdicts("reference", Change(release=(6, 1)))
    assert (old["HST-01"], old["HST-02"]) == (Verdict.COMPLIANT, Verdict.VIOLATED)
    assert verdicts("reference", Change(release=(6, 0)))["HST-01"] is Verdict.VIOLATED
    assert verdicts("centos7", Change(release=(7, 9)))["HST-01"] is Verdict.COMPLIANT
    planned = Change(topologies={Topology.HOSTDEV: 9})
    assert verdicts("reference", planned)["SRV-05"] is Verdict.VIOLATED  # it has 8 VFs
    assert verdicts("reference", Change({EACH_PF: 8}, None, planned.topologies))["SRV-05"] is (
        Verdict.COMPLIANT
    )


def test_what_nobody_has_seen_is_not_known() -> None:
    """The IOMMU groups of VFs that are to come."""
    then = judged(load_embedded("reference"), Change({EACH_PF: 5}))
    assert then.verdicts["HST-06"] is then.verdicts["HDV-07"] is Verdict.UNDETERMINED
    assert "is not there yet: its IOMMU group is not known" in then.of("HDV-07")


@pytest.mark.parametrize(
    ("host", "change", "room", "binds", "sure"),
    [
        ("reference", Change({EACH_PF: 12}), 21, "VFs", True),  # 2 x 12 less 3
        (
            "reference",
            Change({"eth0": 0}),
            3,
            "VFs",
            False,
        ),  # 4 of eth1 less db01's; web01 lacks one
        ("reference", Change({EACH_PF: 20}, (8, 4)), 37, "VFs", True),  # 22 are always carried
        ("reference", Change({EACH_PF: 24}, (8, 4)), 45, "VFs", False),
        ("rhel65-libvirt010", Change({EACH_PF: 40}), 16, "Netlink", True),  # 24 carried less 8
        ("reference", Change({EACH_PF: 58}), 111, "vNICs of the adapters", None),
        ("reference", Change({"eth9": 4}), None, "functions", False),
        ("reference", Change(release=(6, 2)), None, "functions", False),
    ],
)
def test_capacity_with_a_change(
    host: str, change: Change, room: int | None, binds: str, sure: bool | None
) -> None:
    """By hand: VFs there, less those taken; 116 vNICs of a VIC, less two static ones and three."""
    scope = Scope(ChangedHost(ReadHost(load_embedded(host)), change), Plan())
    capacity = {each.topology: each for each in capacity_of(scope)}[Topology.HOSTDEV]
    assert (capacity.room, capacity.binds) == (room, binds)
    assert sure is None or capacity.sure is sure


@pytest.mark.parametrize("change", [VFS, RELEASE, BOTH], ids=["vfs", "release", "both"])
@pytest.mark.parametrize("name", ["reference", "rhel65-libvirt010", "rhel61-private-ucs20"])
def test_telling_less_makes_nothing_greener(name: str, change: Change) -> None:
    """Evidence that is taken away, cut or garbled, as of hosts that are judged as they are."""
    way = next(iter(WAYS))
    open_ = WAYS[way][1]
    before = judged(open_(held(name, way)), change)
    for damage in chosen(name, way):
        try:
            tree = open_(damage.held)
        except RecordingError:
            continue
        assert [*greener(before, judged(tree, change))] == [], damage
