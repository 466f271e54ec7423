"""What the rules say of XML alone: which of them, at which line, and never more than of a host."""

from pathlib import Path

import pytest

from tests.vmfex.lint.xml import direct, domain, hostdev, network, on_network, port
from vmfex.api import certify
from vmfex.checks.model.plan import Plan
from vmfex.checks.result.verdict import Verdict
from vmfex.evidence.embedded import embedded_hosts, unpack
from vmfex.lint.files import read
from vmfex.lint.judged import Linted, lint
from vmfex.lint.text import render

FILESYSTEM = (
    "<filesystem type='mount'><driver type='virtiofs'/><source dir='/a'/><target dir='a'/>"
    "</filesystem>"
)
BRIDGED = "<interface type='bridge'><source bridge='b'/></interface>"
VLAN = "<vlan><tag id='5'/></vlan>"
TWO = [domain(on_network()), domain(on_network(), name="b"), network(devs=1)]
OF_A_PF = "<network><name>{}</name><forward mode='hostdev'><pf dev='eth0'/></forward>{}</network>"
VEPA = "<interface type='direct'><source dev='eth2' mode='vepa'/></interface>"
SLOT_0 = "<address type='pci' domain='0' bus='0' slot='0' function='0'/>"


def linted(folder: Path, *documents: str, plan: Plan | None = None) -> Linted:
    """The documents as files a.xml, b.xml, ..., linted together."""
    paths = [folder / f"{'abcdef'[number]}.xml" for number in range(len(documents))]
    for path, document in zip(paths, documents, strict=True):
        path.write_text(document)
    return lint(read(paths), plan or Plan())


def found(result: Linted) -> set[str]:
    """RULE FILE:LINE of each problem."""
    return {f"{p.rule.id} {Path(p.place.path).name}:{p.place.line}" for p in result.problems}


@pytest.mark.parametrize(
    ("documents", "wanted"),
    [
        # modes
        ([domain(direct(), direct(dev="eth3", mode="vepa"))], {"EMU-01 a.xml:5"}),
        ([domain(direct(mode="bridge"))], {"EMU-01 a.xml:4", "TOP-01 a.xml:4"}),
        ([domain(direct(mode="private"))], {"MTD-01 a.xml:4"}),
        ([domain(direct("<model type='e1000'/>"))], {"EMU-03 a.xml:4"}),
        ([domain(hostdev("<model type='virtio'/>"))], {"HDV-03 a.xml:4"}),
        # topology
        ([domain(direct(), BRIDGED)], {"TOP-01 a.xml:5"}),
        ([domain(direct(), on_network("nat")), network("nat", "nat", 0, "")], {"TOP-01 a.xml:5"}),
        # port profiles, merged
        ([domain(direct("<virtualport type='802.1Qbh'/>"))], {"PRF-01 a.xml:4"}),
        ([domain(on_network(inside=port("db"))), network()], {"PRF-01 a.xml:4"}),
        # pools
        ([domain(on_network(), on_network()), network(devs=1)], {"SRV-08 b.xml:1"}),
        (TWO, {"SRV-08 c.xml:1"}),
        # one VF for two VMs, by whatever it is named
        ([domain(direct()), domain(direct(), name="b")], {"SRV-04 b.xml:4"}),
        ([domain(direct()), domain(VEPA, name="b")], {"SRV-04 b.xml:4"}),
        ([domain(hostdev()), domain(hostdev(), name="b")], {"SRV-04 b.xml:4"}),
        ([domain(direct()), domain(on_network(), name="b"), network()], {"SRV-04 c.xml:1"}),
        ([domain(direct(), on_network()), network()], {"SRV-04 b.xml:1"}),
        ([domain(on_network(), on_network("n")), network(), network("n")], {"SRV-04 c.xml:1"}),
        (
            [
                domain(on_network("x")),
                domain(on_network("y"), name="b"),
                *(OF_A_PF.format(name, port()) for name in "xy"),
            ],
            {"SRV-04 d.xml:1"},
        ),
        # or twice in one VM
        ([domain(hostdev(), hostdev())], {"SRV-04 a.xml:4"}),
        (
            [domain(direct(), direct(""" <model type='virtio'/>"""))],
            {"EMU-02 a.xml:4", "EMU-02 a.xml:5"},
        ),
        # what libvirt refuses whatever its release
        ([domain(direct(VLAN))], {"TOP-05 a.xml:4"}),
        ([domain(on_network()), network(inside=port() + VLAN)], {"TOP-05 a.xml:4"}),
        # PCI
        ([domain(direct(SLOT_0))], {"TOP-03 a.xml:1"}),
        # the machine
        ([domain(direct()).replace("'kvm'", "'qemu'")], {"HST-04 a.xml:1"}),
        # nothing
        ([domain(direct()), domain(direct(dev="eth3"), name="b")], set()),
        ([domain(hostdev()), domain(hostdev(function=2), name="b")], set()),
        ([domain(on_network()), network(), network("unused")], set()),
        ([domain(direct()), network()], set()),
        ([domain(VEPA), domain(VEPA, name="b")], set()),  # of no VM-FEX that is known
        ([domain(on_network()), domain(on_network(), name="b")], set()),  # without their network
        ([domain(direct())], set()),
        ([domain(on_network()), network()], set()),
        ([domain(hostdev())], set()),
    ],
)
def test_rules_at_their_lines(tmp_path: Path, documents: list[str], wanted: set[str]) -> None:
    """The guide's sentences and libvirt's refusals, as far as XML tells. TOP-04 is left to whoever
    has libvirt's schema."""
    assert {each for each in found(linted(tmp_path, *documents)) if "TOP-04" not in each} == wanted


@pytest.mark.parametrize(
    ("documents", "rule"),
    [
        ([domain(hostdev())], "HDV-04 a.xml:4"),
        ([domain(direct(), more=FILESYSTEM)], "EMU-05 a.xml:1"),
    ],
)
def test_migration_by_the_plan(tmp_path: Path, documents: list[str], rule: str) -> None:
    """Only where the plan has the VM among those that must live-migrate; one that it leaves out is
    not judged at all."""
    must = Plan(must_migrate=("web*",))
    assert rule in found(linted(tmp_path, *documents, plan=must))
    assert rule not in found(linted(tmp_path, *documents))
    left_out = Plan(must_migrate=("web*",), out_of_scope=("web01",))
    assert not found(linted(tmp_path, *documents, plan=left_out))


def test_what_is_not_seen_is_said(tmp_path: Path) -> None:
    """An interface without a virtual port may be on a VIC or not; one whose network no file has is
    anything. Both are named with their lines, and neither is well."""
    bare = "<interface type='direct'><source dev='eth3' mode='vepa'/></interface>"
    result = linted(tmp_path, domain(direct(), bare, on_network("elsewhere")))
    lines = render(result).splitlines()
    assert not result.problems
    assert "a.xml:5: not judged: domain web01 (persistent), interface eth3: " in lines[0]
    assert "a.xml:6: not judged: " in lines[1]
    assert "'elsewhere' is not among those that can be read: only the networks in the f" in lines[1]
    assert "; 2 interfaces not judged; " in lines[2]


def test_nothing_is_called_compliant(tmp_path: Path) -> None:
    """However good the XML is, almost every rule needs the host, and the last line says so."""
    result = linted(tmp_path, domain(on_network()), network())
    text = render(result, verbose=True)
    for word in ("compliant", "certified", "passed", "OK"):
        assert word not in text
    assert "no violation in what XML alone tells; " in text
    for id_ in ("HST-01", "VIC-02", "SRV-04", "PRF-01", "PRF-02", "TOP-02", "EMU-02"):
        assert f"\n{id_} needs the host" in f"\n{text}"


@pytest.mark.parametrize("host", embedded_hosts())
def test_no_rule_says_more_than_on_the_host(tmp_path: Path, host: str) -> None:
    """What is violated by the kept definitions of a recorded host is violated on the host; but for
    MacVTap direct, which only UCS Manager's release can allow (MTD-01)."""
    unpack(host, tmp_path / "host")
    libvirt = tmp_path / "host/libvirt"
    paths = [*libvirt.glob("domains/*/persistent.xml"), *libvirt.glob("networks/*.xml")]
    if not paths:
        assert host in ("unreadable", "rhel79-idle", "no-vic", "m81kr")
        return
    said = {problem.rule.id for problem in lint(read(paths), Plan()).problems}
    result = certify(host)
    assert said - {"MTD-01"} <= {
        id_ for id_, each in result.rules.items() if each.verdict is Verdict.VIOLATED
    }
