"""The recorded hosts that come from the lab: captured, small, and judged as the lab was."""

import pytest
from pyroute2.netlink.rtnl.ifinfmsg import ifinfmsg

from tests.lab import scenario
from tests.lab.recorded import KEPT, plan_of
from tests.lab.test_verdicts import expected
from tests.support.judging import judge_tree
from vmfex.evidence.embedded import embedded_hosts, load_embedded
from vmfex.evidence.host import ReadHost
from vmfex.evidence.sources.recorded import RecordedTree

LIMIT = 300_000  # bytes
each = pytest.mark.parametrize("name", sorted(KEPT))


def host(name: str) -> RecordedTree:
    return load_embedded(KEPT[name])


def test_those_that_come_with_the_program_are_all_kept() -> None:
    """There is no other host of that name, and none is missing."""
    assert {name for name in embedded_hosts() if name.startswith("lab-")} == set(KEPT.values())


@each
def test_it_says_that_it_was_captured(name: str) -> None:
    """By the manifest, which also says what poses as what."""
    tree = host(name)
    assert tree.name == KEPT[name]
    assert not tree.constructed
    assert "Captured in the lab" in str(tree.manifest["note"])
    assert "pose" in str(tree.manifest["note"])


@each
def test_it_is_small(name: str) -> None:
    """All its files together."""
    assert sum(host(name).entries.sizes.values()) < LIMIT


@each
def test_it_has_the_verdicts_of_the_lab(name: str) -> None:
    """With what libvirt said to `virsh save` HDV-06 is decided too, where all such VMs ran."""
    verdicts = {rule: str(v) for rule, v in judged(name).items()}
    changed = {rule for rule, verdict in expected(name).items() if verdicts[rule] != verdict}
    assert changed == ({"HDV-06"} if name == "compliant" else set())
    assert name != "compliant" or verdicts["HDV-06"] == "compliant"


@each
def test_its_netlink_bytes_are_read_as_pyroute2_reads_them(name: str) -> None:
    """Names, addresses and macvtap modes of a real kernel's dump."""
    raw = host(name).read("netlink/links.bin").need()
    assert raw is not None
    read, position = {}, 0
    while position < len(raw):
        message = ifinfmsg(raw[position:])
        message.decode()
        position += -(-message["header"]["length"] // 4) * 4
        info = message.get_attr("IFLA_LINKINFO")
        data = info.get_attr("IFLA_INFO_DATA") if info else None
        mode = data.get_attr("IFLA_MACVTAP_MODE") if data else None
        read[message.get_attr("IFLA_IFNAME")] = (message.get_attr("IFLA_ADDRESS"), mode)
    ours = ReadHost(host(name)).links.need()
    assert {n: (link.mac, link.mode) for n, link in ours.items()} == read


def judged(name: str) -> dict[str, object]:
    return dict(judge_tree(host(name), plan_of(scenario.load(name))).verdicts)
