"""The facts of a changed host: those that stay, those of the change, those that nobody knows."""

from dataclasses import replace

import pytest

from tests.checks.stub import UNREAD, host
from vmfex.checks.model.fact import Known, Unknown
from vmfex.checks.model.host import Host, Release
from vmfex.checks.model.link import Link, TooLong
from vmfex.checks.model.pci import CISCO, STATIC_VNIC, VMFEX_VF, PciFunction, PciTree
from vmfex.checks.model.plan import Plan, Topology
from vmfex.checks.what_if.change import EACH_PF, LABEL, Change
from vmfex.checks.what_if.host import ChangedHost
from vmfex.evidence.embedded import load_embedded
from vmfex.evidence.host import ReadHost

PF = PciFunction("06:00.0", CISCO, STATIC_VNIC, driver="enic", netdevs=("eth0",))
VFS = tuple(
    PciFunction(f"06:00.{n}", CISCO, VMFEX_VF, netdevs=(f"eth{n}",), physfn=PF.address)
    for n in (1, 2, 3)
)
FUNCTIONS = (replace(PF, virtfns=tuple(vf.address for vf in VFS)), *VFS)
LINKS = {name: Link(name, n) for n, name in enumerate(("eth0", "eth1", "eth2", "eth3", "lo"))}
REFUSED = TooLong("the answer was too long")
OF_ANOTHER_KERNEL = (
    *("kernel", "kernel_changelog", "kvm_device", "iommu", "macvtap_driver", "vfio_driver"),
    *("libvirt", "offers_kvm"),
)
STAYS = ("machine", "cpu_flags", "uuid", "serial", "pci", "domains", "networks", "links")


def small(release: str | None = "Red Hat Enterprise Linux", **facts: object) -> Host:
    """A host with a PF of three VFs, whose kernel refuses to tell of them."""
    told: dict[str, object] = {
        "release": Known(Release(release, (7, 9), "")) if release else UNREAD,
        "pci": Known(PciTree({f.address: f for f in FUNCTIONS})),
        "links": Known(LINKS),
        "refused_dump": REFUSED,
        "pf_reply": lambda _: REFUSED,
    }
    return host(**{**told, **facts})


def vfs(number: int) -> Change:
    return Change(vfs={EACH_PF: number})


@pytest.fixture
def reference() -> ReadHost:
    """Of release 7.9, with everything read."""
    return ReadHost(load_embedded("reference"))


@pytest.mark.parametrize("fact", OF_ANOTHER_KERNEL)
def test_another_release_brings_what_nobody_knows(reference: ReadHost, fact: str) -> None:
    """Its kernel, its libvirt, and what they do."""
    unknown = getattr(ChangedHost(reference, Change(release=(8, 4))), fact)
    assert isinstance(unknown, Unknown)
    assert "Red Hat Enterprise Linux 8.4 is not there yet" in unknown.reason


@pytest.mark.parametrize("fact", [*STAYS, *OF_ANOTHER_KERNEL])
@pytest.mark.parametrize(
    "change", [Change(), Change(release=(7, 9)), Change(topologies={Topology.HOSTDEV: 1})]
)
def test_no_change_changes_no_fact(reference: ReadHost, fact: str, change: Change) -> None:
    """Nor does the release that the host runs anyway."""
    changed = ChangedHost(reference, change)
    assert getattr(changed, fact) == getattr(reference, fact)
    assert changed.release == reference.release
    assert changed.pf_reply("eth0") == reference.pf_reply("eth0")
    assert changed.refused_dump == reference.refused_dump


@pytest.mark.parametrize("fact", STAYS)
def test_what_a_release_does_not_touch(reference: ReadHost, fact: str) -> None:
    """Hardware, VMs, networks and links are taken to stay."""
    changed = ChangedHost(reference, Change(release=(8, 4)))
    assert getattr(changed, fact) == getattr(reference, fact)


def test_what_is_asked_of_one_thing(reference: ReadHost) -> None:
    """The kernel's reply and QEMU's answer are another's; the guest and the XML stay."""
    changed = ChangedHost(reference, Change(release=(8, 4)))
    [*_, domain] = reference.domains.need()
    uuid, xml = domain.need().uuid, domain.need().definitions[0].evidence[0]
    assert isinstance(reference.migration_answer(uuid), Known)
    assert isinstance(changed.migration_answer(uuid), Unknown)
    assert isinstance(changed.pf_reply("eth0"), Unknown)
    assert changed.guest_drivers(uuid) == reference.guest_drivers(uuid)
    assert changed.schema_errors(xml) == reference.schema_errors(xml)
    assert changed.fabric is reference.fabric


def test_release_is_the_one_asked_for(reference: ReadHost) -> None:
    """And says in every finding what it is; a note says it of the host."""
    changed = ChangedHost(reference, Change(release=(8, 4)))
    release = changed.release.need()
    assert (release.is_rhel, release.version) == (True, (8, 4))
    assert LABEL in release.text
    assert LABEL in changed.notes()
    assert changed.name == reference.name


@pytest.mark.parametrize("release", ["CentOS Linux", None])
def test_a_clone_that_has_the_number_does_not_run_that_release(release: str | None) -> None:
    """Nor does a host of which nobody knows the release."""
    changed = ChangedHost(small(release, kernel=Known("k")), Change(release=(7, 9)))
    assert changed.release.need().is_rhel
    assert isinstance(changed.kernel, Unknown)


@pytest.mark.parametrize(("release", "known"), [((6, 2), False), ((6, 3), True), ((6, 10), True)])
def test_releases_whose_driver_makes_no_vfs(release: tuple[int, int], known: bool) -> None:
    """enic makes VFs from 6.3 on: whether there are any before is not known."""
    changed = ChangedHost(small(), Change(release=release))
    assert isinstance(changed.pci, Known) is known


def test_links_of_vfs_that_are_gone() -> None:
    """They go too: what stood on one stands on what the host lacks."""
    changed = ChangedHost(small(), vfs(1))
    assert set(changed.links.need()) == {"eth0", "eth1", "lo"}
    assert ChangedHost(small(links=UNREAD), vfs(1)).links == UNREAD


def test_what_no_pf_can_tell_is_unknown() -> None:
    """A host without the PF that is named, or whose functions were not read."""
    assert isinstance(ChangedHost(small(), Change(vfs={"eth9": 4})).pci, Unknown)
    assert ChangedHost(small(pci=UNREAD), vfs(4)).pci == UNREAD


def test_a_refusal_tells_nothing_of_fewer_vfs() -> None:
    """Of as many or more it stays one."""
    fewer, more = ChangedHost(small(), vfs(2)), ChangedHost(small(), vfs(4))
    assert fewer.refused_dump is None
    assert not isinstance(fewer.pf_reply("eth0"), TooLong)
    assert isinstance(fewer.pf_reply("eth0"), Unknown)
    assert (more.refused_dump, more.pf_reply("eth0")) == (REFUSED, REFUSED)


def test_a_plan_with_the_topologies_of_a_change() -> None:
    """In the place of those that it has of the same name; the others stay."""
    plan = Plan({"SR-IOV VF passthrough": 2, "MacVTap direct": 1}, out_of_scope=("infra",))
    planned = Change(topologies={Topology.HOSTDEV: 7}).planned(plan)
    assert planned.meant == {Topology.HOSTDEV: 7, Topology.PRIVATE: 1}
    assert planned.out_of_scope == ("infra",)


def test_a_change_in_words() -> None:
    """Each part of it; nothing at all is no change."""
    change = Change({EACH_PF: 24, "eth1": 0}, (7, 9), {Topology.HOSTDEV: 1, Topology.EMULATION: 2})
    assert change.sentences == (
        "24 VFs on each PF that has VFs",
        "0 VFs on eth1",
        "Red Hat Enterprise Linux 7.9",
        "planned: 1 VM interface on SR-IOV VF passthrough",
        "planned: 2 VM interfaces on SR-IOV with MacVTap passthrough",
    )
    assert change
    assert not Change()
