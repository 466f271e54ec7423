"""The lab's host by other ways in: what differs is undetermined, and says where it is told."""

from collections.abc import Mapping

import pytest

from checks.verdict import Verdict
from fixtures.recorded import load
from tests.lab import scenario
from tests.lab.lab import Result
from tests.lab.recorded import plan_of
from tests.support.judging import Judgement, judge_tree

ELSEWHERE = {
    "ssh": ("`vmfex record local DIR` does",),
    "libvirt": (
        *("ssh://HOST reads it", "libvirt does not tell the subsystem id"),
        "`vmfex record local DIR` does",
    ),
}
OF_ALL = ("UCS Manager", "--guest", "migrated")  # which no way in to the host tells


@pytest.fixture(scope="module")
def compliant(results: Mapping[str, Result]) -> Result:
    """The scenario that is read by all ways."""
    return results["compliant"]


def judged(result: Result, name: str) -> Judgement:
    return judge_tree(load(result.folder / f"{name}.tar"), plan_of(scenario.load(result.name)))


@pytest.mark.parametrize("way", ELSEWHERE)
def test_other_ways_in(compliant: Result, way: str) -> None:
    """No rule is decided otherwise than on the host itself; nothing turns green."""
    answer = compliant.answers["others"][way]
    assert answer["status"] == 0, answer["stderr"]
    there = judged(compliant, way)
    for rule, verdict in there.verdicts.items():
        if str(verdict) != compliant.verdicts[rule]:
            assert verdict is Verdict.UNDETERMINED, f"{compliant.verdicts[rule]}; {there.of(rule)}"
            reasons = [f.observed for f in there.findings[rule] if f.verdict is verdict]
            words = (*ELSEWHERE[way], *OF_ALL)
            assert all(any(word in said for word in words) for said in reasons), there.of(rule)


def test_libvirt_alone_shows_the_functions_of_the_kernel(compliant: Result) -> None:
    """Of a real SR-IOV host: PFs, VFs in their order, drivers, network devices and IOMMU groups."""
    own, by_libvirt = (
        judge_tree(load(compliant.folder / f"{name}.tar")).scope.host.pci.need().functions
        for name in ("recording", "libvirt")
    )
    told = ("vendor", "device", "driver", "netdevs", "physfn", "virtfns", "iommu_group", "upstream")
    assert by_libvirt.keys() == own.keys()
    for address, function in own.items():
        for name in told:
            assert getattr(by_libvirt[address], name) == getattr(function, name), (address, name)
