"""The same host, whichever way it is read: the lab's, and every recorded one.

What differs is undetermined, and says where it is told. Nothing turns green.
"""

from collections.abc import Mapping, Sequence

import pytest

from tests.lab import scenario
from tests.lab.lab import Result
from tests.lab.recorded import plan_of
from tests.support.judging import Judgement, judge_tree
from tests.support.opened import opened
from tests.support.ways import captured, client, daemon, in_the_layout_of_sos, over_ssh
from vmfex.checks.model.plan import Plan
from vmfex.checks.result.verdict import Verdict
from vmfex.evidence.embedded import embedded_hosts, load_embedded
from vmfex.evidence.sources.sos.report import SosReport
from vmfex.evidence.tree import Tree

__all__ = ["client", "daemon"]  # fixtures

LAB = "the lab's host"
FILES = {  # what the guest leaves of each way
    "capture": "capture.tar",
    "ssh": "ssh.tar",
    "sosreport": "sosreport.tar.xz",
    "libvirt": "libvirt.tar",
}
RECORDING = "run `vmfex record local DIR` there"
ELSEWHERE = {
    "capture": (RECORDING,),
    "ssh": (RECORDING,),
    "sosreport": (RECORDING, "no plugin of sos", "sos report -o", "only sysfs shows"),
    "libvirt": (RECORDING, "ssh://HOST reads it", "libvirt does not report the subsystem id"),
}
OF_ALL = ("UCS Manager", "--guest", "migrated")  # which no way in to the host tells
WAYS = [
    *((host, way) for host in embedded_hosts() for way in ("capture", "ssh", "sosreport")),
    *((LAB, way) for way in FILES),
]


@pytest.mark.parametrize(("host", "way"), WAYS)
def test_another_way_in(host: str, way: str, request: pytest.FixtureRequest) -> None:
    """No rule is decided otherwise than by the host itself, but that MTD-01 is violated unless UCS
    Manager tells more."""
    here, there = _both(host, way, request)
    for rule, verdict in there.verdicts.items():
        if verdict is here.verdicts[rule] or (rule == "MTD-01" and verdict is Verdict.VIOLATED):
            continue
        assert verdict is Verdict.UNDETERMINED, f"{here.verdicts[rule]}; {there.of(rule)}"
        reasons = [f.observed for f in there.findings[rule] if f.verdict is verdict]
        words = (*ELSEWHERE[way], *OF_ALL)
        assert all(any(word in said for word in words) for said in reasons), there.of(rule)


def _both(host: str, way: str, request: pytest.FixtureRequest) -> tuple[Judgement, Judgement]:
    """The host as it was recorded, and by another way."""
    if host != LAB:
        return judge_tree(load_embedded(host)), judge_tree(_recorded(host, way, request))
    result = request.getfixturevalue("results")["compliant"]
    answer = result.answers["others"][way]
    assert answer["status"] == 0, answer["stderr"]
    return _judged(result, "recording.tar"), _judged(result, FILES[way])


def _recorded(host: str, way: str, request: pytest.FixtureRequest) -> Tree:
    if way == "ssh":
        request.getfixturevalue("client")
        return over_ssh(host, request.getfixturevalue("daemon"))
    return captured(host) if way == "capture" else SosReport(in_the_layout_of_sos(host))


def _judged(result: Result, file: str) -> Judgement:
    plan: Plan = plan_of(scenario.load(result.name))
    return judge_tree(opened(result.folder / file), plan)


TOLD = ("vendor", "device", "driver", "netdevs", "physfn", "virtfns", "iommu_group", "upstream")


@pytest.mark.parametrize(
    ("way", "told"), [("libvirt", TOLD), ("sosreport", (*TOLD, "subsystem", "num_vfs"))]
)
def test_programs_show_the_functions_of_the_kernel(
    way: str, told: Sequence[str], results: Mapping[str, Result]
) -> None:
    """Of a real SR-IOV host: PFs, VFs in their order, drivers, network devices and IOMMU groups,
    by libvirt alone, and by lspci and udevadm."""
    own, by_programs = (
        _judged(results["compliant"], file).scope.host.pci.need().functions
        for file in ("recording.tar", FILES[way])
    )
    assert by_programs.keys() == own.keys()
    for address, function in own.items():
        for name in told:
            assert getattr(by_programs[address], name) == getattr(function, name), (address, name)
