"""What we read and say, against what ip, lspci and libvirt say of the same host when asked."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from lxml import etree

from tests.lab import scenario
from tests.lab.lab import Result
from tests.lab.recorded import plan_of, recorded_host
from tests.support.judging import judge_tree
from vmfex.checks.model.link import Link
from vmfex.checks.model.pci import PciTree
from vmfex.checks.result.verdict import Verdict
from vmfex.evidence.host import ReadHost
from vmfex.evidence.parsers.ip_links import parse_json, parse_text
from vmfex.evidence.sources.recorded import load

# Where libvirt refuses to start a domain, the rule that is violated, and libvirt's words. That igb
# knows no port profiles violates no rule of the host's.
REFUSED = {
    ("hostdev-of-a-pf", "direct"): ("HDV-02", "Virtual Functions"),
    ("iommu-off", "direct"): ("HST-06", "passthrough of host PCI devices"),
    ("one-vf-two-vms", "second"): ("SRV-04", "in use"),
    ("pf-down", "web"): ("SRV-06", "not online"),
    ("sriov-off", "web"): (None, "PortProfileRequest"),
}
BUS = re.compile(r"(?P<address>\S+) .*?\[(?P<ids>[0-9a-f]{4}:[0-9a-f]{4})\](?: \(rev ..\))?$")


@pytest.fixture
def host(result: Result) -> ReadHost:
    return ReadHost(load(result.recording))


def test_ip_shows_the_same_links(result: Result, host: ReadHost) -> None:
    """Name, address, state, kind, macvtap mode and the link below: from our bytes and from ip."""
    shown = {row["ifname"]: row for row in json.loads(result.answers["links"]["stdout"])}
    links = host.links.need()
    assert links.keys() == shown.keys()
    for name, row in shown.items():
        link, info = links[name], row.get("linkinfo", {})
        assert link.mac == row["address"]
        assert link.up == ("UP" in row["flags"])
        assert link.master == row.get("master")
        if info.get("info_kind") == "macvtap":
            assert (link.kind, link.mode) == ("macvtap", info["info_data"]["mode"])
            assert link.lower == row["link"]


def test_what_ip_prints_is_read_as_the_kernel_s_bytes_are(result: Result, host: ReadHost) -> None:
    """From its JSON and from its text the same links are read as from Netlink."""
    ours = {name: told(link) for name, link in host.links.need().items()}
    json_, text = (result.answers[name]["stdout"] for name in ("links", "links_as_text"))
    assert {n: told(link) for n, link in parse_json(json_.encode()).need().items()} == ours
    assert {n: told(link) for n, link in parse_text(text.encode()).need().items()} == ours


def test_ip_counts_the_same_vfs(result: Result, host: ReadHost) -> None:
    """The VFs in the kernel's reply about a PF, which SRV-03 measures, are those that ip lists."""
    shown = {row["ifname"]: row for row in json.loads(result.answers["links"]["stdout"])}
    for function in pfs(host.pci.need()):
        [netdev] = function.netdevs
        listed = shown[netdev].get("vfinfo_list", [])
        assert len(listed) == len(function.virtfns)
        if function.virtfns:
            assert host.pf_reply(netdev).need().vf_entries == len(listed)


def test_lspci_shows_the_same_functions(result: Result, host: ReadHost) -> None:
    """Address, ids, subsystem and driver of every function."""
    functions = host.pci.need().functions
    shown = lspci(result.answers["functions"]["stdout"])
    assert {a: (f.ids, f.subsystem, f.driver) for a, f in functions.items()} == shown


def test_libvirt_knows_the_same_vfs(result: Result, host: ReadHost) -> None:
    """libvirt's node device of each PF has our VFs, total and IOMMU group."""
    functions = host.pci.need().functions
    assert len(result.answers["pfs"]) == 2
    for address, answer in result.answers["pfs"].items():
        if not scenario.load(result.name).libvirtd:
            assert answer["status"] != 0
            continue
        device = etree.fromstring(answer["stdout"])
        vfs = device.find(".//capability[@type='virt_functions']")
        assert vfs is not None
        assert tuple(map(pci_address, vfs)) == functions[address].virtfns
        assert int(vfs.get("maxCount", "0")) == functions[address].total_vfs
        group = device.find(".//iommuGroup")
        assert (None if group is None else group.get("number")) == functions[address].iommu_group


def test_libvirt_starts_what_we_do_not_fault(result: Result) -> None:
    """libvirt refuses to start just the domains of REFUSED, in its own words, and there the rule
    that says so is violated."""
    for domain, answer in result.answers["starts"].items():
        refused = REFUSED.get((result.name, domain))
        assert (answer["status"] != 0) == bool(refused), answer["stderr"]
        if refused:
            rule, words = refused
            assert words in answer["stderr"]
            assert rule is None or result.verdicts[rule] == "violated"


def test_libvirt_answers_hdv_06(result: Result) -> None:
    """With libvirt's answer to `virsh save` in the recording, HDV-06 is decided: it refuses each
    VM in hostdev mode, as HDV-04 has it, and no other."""
    saves: Mapping[str, Any] = result.answers["saves"]
    domains = scenario.load(result.name).domains
    hostdev = {n for n in saves if any(i.mode == "hostdev" for i in domains[n])}
    assert {name for name, answer in saves.items() if answer["status"] != 0} == hostdev
    tree, _ = recorded_host(result)
    judged = judge_tree(tree, plan_of(scenario.load(result.name)))
    asked = hostdev == {n for n in domains if any(i.mode == "hostdev" for i in domains[n])}
    if hostdev and asked:
        assert judged.verdicts["HDV-06"] is Verdict.COMPLIANT
    elif not hostdev:
        assert judged.verdicts["HDV-06"] is not Verdict.COMPLIANT


def test_libvirt_saves_what_emu_05_lets_migrate(result: Result) -> None:
    """A VM on macvtap passthrough that must migrate: EMU-05 is compliant, and libvirt saves it."""
    wanted = scenario.load(result.name)
    must = [n for n in wanted.must_migrate if wanted.domains[n][0].mode == "passthrough"]
    assert [result.answers["saves"][name]["status"] for name in must] == [0 for _ in must]
    assert (result.verdicts["EMU-05"] == "compliant") == bool(must)


def test_ip_sees_the_software_switch_of_top_01(result: Result) -> None:
    """TOP-01 is violated just where ip shows a VM's tap as a port of a bridge."""
    rows = json.loads(result.answers["links"]["stdout"])
    taps = [r for r in rows if r.get("linkinfo", {}).get("info_kind") == "tun" and "master" in r]
    assert (result.verdicts["TOP-01"] == "violated") == bool(taps)


def test_virsh_finds_the_daemon_as_hst_05_does(result: Result) -> None:
    """HST-05 is violated just where virsh gets no answer."""
    silent = result.answers["domains"]["status"] != 0
    assert (result.verdicts["HST-05"] == "violated") == silent


def test_libvirt_validates_the_virtualization(result: Result) -> None:
    """virt-host-validate finds hardware virtualization and /dev/kvm, as HST-03 and HST-04 do."""
    said = result.answers["validation"]["stdout"]
    assert len(re.findall(r"(?:hardware virtualization|/dev/kvm exists)\s+: PASS", said)) == 2
    assert result.verdicts["HST-03"] == "compliant"
    assert result.verdicts["HST-04"] != "violated"


def told(link: Link) -> Link:
    """Without its evidence, and without what `ip` shows nothing of."""
    return replace(link, evidence=(), port_self=None, carries_vf_ports=False)


def pfs(tree: PciTree) -> list[Any]:
    return [f for f in tree.functions.values() if f.total_vfs is not None]


def pci_address(element: Any) -> str:
    """Of libvirt's <address> element, as sysfs writes it."""
    domain, bus, slot, function = (int(element.get(n), 16) for n in DIGITS)
    return f"{domain:04x}:{bus:02x}:{slot:02x}.{function:x}"


DIGITS = ("domain", "bus", "slot", "function")


def lspci(text: str) -> dict[str, tuple[str, tuple[int, int], str | None]]:
    """Ids, subsystem and driver by address, from `lspci -Dnnk`."""
    found: dict[str, tuple[str, tuple[int, int], str | None]] = {}
    for block in re.split(r"^(?=\S)", text, flags=re.MULTILINE)[1:]:
        first, *more = block.splitlines()
        told = dict(line.strip().split(": ", 1) for line in more)
        match, subsystem = (
            BUS.match(first),
            re.search(r"\[(....):(....)\]$", told.get("Subsystem", "")),
        )
        assert match
        numbers = (int(subsystem[1], 16), int(subsystem[2], 16)) if subsystem else (0, 0)
        found[match["address"]] = (match["ids"], numbers, told.get("Kernel driver in use"))
    return found
