"""Each finding that is no pass says what to do on this very host."""

import re
import shlex
from collections.abc import Iterator

import pytest

from tests.rules.changes import (
    DB01,
    WEB01,
    added_device,
    answered,
    edit,
    function,
    link,
    netlink,
    put,
    unreadable,
    unreadable_for,
)
from tests.rules.rows import GAPS, VIOLATIONS
from tests.rules.table import PRIVATE, REFERENCE, UNDETERMINED, VIOLATED, Gap, Host, Violation
from tests.rules.topology.macvtap_direct_rows import PASSTHROUGH
from tests.support.construct import RawTree
from tests.support.construct.netlink import LINK, u32
from tests.support.judging import judge_raw
from vmfex.checks.result.verdict import Finding

ETH5 = 7  # the index of its link
COMMAND = re.compile(r"`[^`]+`")


def names_of(host: Host) -> set[str]:
    """What only this host is called by: its own name and those of VMs, libvirt networks, functions,
    network devices, and what UCS Manager has of it."""
    raw = host.raw()
    texts = [content.decode(errors="replace") for content in raw.files.values()]
    named = {n for text in texts for n in re.findall(r"<name>([^<]+)</name>", text)}
    fabric = {n for text in texts for n in re.findall(r'\b(?:dn|name|model)="([^"]+)"', text)}
    named |= fabric | {name.rpartition("/")[2] for name in fabric}
    named |= {part for path in raw.links for part in path.split("/") if re.match(r"\d{4}:", part)}
    named |= set(re.findall(r'(?:uuid|serial)="([^"]+)"', "".join(texts)))
    named |= {path.split("/net/")[1].split("/")[0] for path in raw.files if "/net/" in path}
    named |= {n for text in texts for n in re.findall(r"(?:dev|network)='([^']+)'", text)}
    named |= set(re.findall(r'"(?:host|name)": "([^"]+)"', texts[0] if texts else ""))
    return {name for name in named if len(name) > 1}


def open_findings(host: Host) -> Iterator[tuple[str, Finding]]:
    for rule, found in host.judged().findings.items():
        for finding in found:
            if finding.verdict in (VIOLATED, UNDETERMINED):
                yield rule, finding


@pytest.mark.parametrize("row", [*VIOLATIONS, *GAPS], ids=lambda row: f"{row.rule}: {row.what}")
def test_what_is_no_pass_says_what_to_do_here(row: Violation | Gap) -> None:
    """Every violated and every undetermined finding has a remedy of its own, which names something
    of the host or a command that can be typed there."""
    names = names_of(row.host)
    for rule, finding in open_findings(row.host):
        said = finding.remedy
        assert said, f"{rule}: {finding.observed}"
        assert COMMAND.search(said) or any(name in said for name in names), f"{rule}: {said}"


@pytest.mark.parametrize("row", [*VIOLATIONS, *GAPS], ids=lambda row: f"{row.rule}: {row.what}")
def test_remedy_is_one_readable_sentence_or_two(row: Violation | Gap) -> None:
    """A remedy ends like a sentence, is not long, and leaves no host or VM to be filled in that
    the evidence names."""
    for rule, finding in open_findings(row.host):
        said = finding.remedy
        assert said.endswith((".", ").")), f"{rule}: {said}"
        assert len(said) <= 500, f"{rule}: {said}"
        assert not re.search(r"\b(virsh|vmfex)[^`]*\b(HOST|VM)\b", said), f"{rule}: {said}"
        assert "None" not in said, f"{rule}: {said}"


@pytest.mark.parametrize("row", VIOLATIONS, ids=lambda row: f"{row.rule}: {row.what}")
def test_names_with_blanks_and_quotes_are_typed_as_a_shell_takes_them(row: Violation) -> None:
    """libvirt's names may have both, and a command with half a name is of another VM, or none."""
    awkward = row.host.but(_awkward)
    for finding in judge_raw(awkward.raw(), awkward.plan, row.rule).findings[row.rule]:
        for command in COMMAND.findall(finding.remedy):
            assert "an" not in shlex.split(command.strip("`")), finding.remedy


def _awkward(tree: RawTree) -> None:
    """Each VM and each network has a name that begins with `an` and a blank."""
    for path, raw in tree.files.items():
        if path.startswith(("libvirt/domains/", "libvirt/networks/")):
            text = re.sub("<name>(.*?)</name>", r"<name>an odd \1's</name>", raw.decode())
            text = re.sub("network='(.*?)'", 'network="an odd \\1\'s"', text)
            tree.files[path] = text.encode()


def remedies(host: Host, rule: str) -> str:
    return "\n".join(finding.remedy for id_, finding in open_findings(host) if id_ == rule)


BRIDGED = "<interface type='bridge'><source bridge='br0'/><model type='virtio'/></interface>"


def test_a_free_vf_is_named() -> None:
    """eth7 is the first VF that neither a VM nor a network has: the VMs have eth2 and the pool eth3
    to eth5, 0000:07:00.1 (eth6) is the VF that db01 is given."""
    bridged = REFERENCE.but(added_device(f"{WEB01}/persistent.xml", BRIDGED))
    assert "<source dev='eth7' mode='passthrough'/> (a free VF)" in remedies(bridged, "TOP-01")


def test_no_vf_is_named_where_none_is_known() -> None:
    """Without the PCI functions nobody knows which are free."""
    bridged = REFERENCE.but(
        added_device(f"{WEB01}/persistent.xml", BRIDGED), unreadable("sys/bus/pci")
    )
    said = remedies(bridged, "TOP-01")
    assert "a free VF, 1137:0071" in said
    assert "eth7" not in said


def test_a_profile_is_mended_where_it_is_named() -> None:
    """web02 has its profile from the network's port group, web01 names its own."""
    named = REFERENCE.but(answered("vnicProfile", {"name": "other"}))
    said = remedies(named, "PRF-02")
    assert "`virsh edit web01`" in said
    assert "`virsh net-edit vmfex-pool`" in said
    assert "`virsh edit web02`" not in said


@pytest.mark.parametrize(
    ("driver", "wanted", "unwanted"),
    [("vfio-pci", "nodedev-reattach", "unbind"), ("igb", "drivers/igb/unbind", "reattach")],
)
def test_a_vnic_comes_back_from_whoever_has_it(driver: str, wanted: str, unwanted: str) -> None:
    """What a VM was given libvirt gives back; a driver of the host is told to let go."""
    bound = link(f"{function('07:00.0')}/driver", f"sys/bus/pci/drivers/{driver}")
    said = remedies(REFERENCE.but(bound), "VIC-04")
    assert wanted in said
    assert unwanted not in said


def test_a_link_that_is_not_as_written_is_made_anew() -> None:
    """The definition is right already: the VM takes it up when libvirt starts it."""
    live = {
        "TOP-01": netlink("netlink/links.bin", "macvtap0", PASSTHROUGH, u32(1, 4)),
        "SRV-04": netlink("netlink/links.bin", "macvtap0", u32(LINK, 4), u32(LINK, ETH5)),
    }
    for rule, change in live.items():
        said = remedies(REFERENCE.but(change), rule)
        assert "`virsh destroy web01`" in said, rule
        assert "virsh edit web01" not in said, rule


def test_a_pf_is_not_taken_from_its_vfs() -> None:
    """Its VFs go when the host gives it away; what else is in the group may go."""
    group = f"{function('07:00.1')}/iommu_group"

    def shared(tree: RawTree) -> None:
        tree.links[f"{function('07:00.0')}/iommu_group"] = tree.links[group]

    said = remedies(REFERENCE.but(shared), "HDV-07")
    assert "nodedev-detach" not in said
    assert "ACS" in said


def test_a_beta_is_not_to_be_read_again() -> None:
    """It was read, and is what it says."""
    beta = put("etc/redhat-release", "Red Hat Enterprise Linux Server release 7.9 Beta (Maipo)\n")
    assert "vmfex" not in remedies(REFERENCE.but(beta), "HST-01")


def test_the_list_of_links_is_no_link() -> None:
    """An old kernel's list of all links has every PF's VFs in it."""
    refused = unreadable_for("the kernel answers EMSGSIZE (Message too long)", "netlink/links.bin")
    said = remedies(REFERENCE.but(refused), "EMU-04")
    assert "the PFs of reference" in said
    assert "links" not in said


def test_an_assigned_device_is_called_as_its_definition_has_it() -> None:
    """By its address; eth1 is not in the definition."""
    on_pf = [
        edit(f"{DB01}/{state}.xml", "slot='0x00' function='0x1'", "slot='0x00' function='0x0'")
        for state in ("running", "persistent")
    ]
    said = remedies(REFERENCE.but(*on_pf), "VIC-05")
    assert "in place of 0000:07:00.0" in said
    assert "eth1" not in said


def test_a_tap_device_becomes_an_interface_that_libvirt_makes() -> None:
    """A <source> alone would not do in an interface of type ethernet."""
    ethernet = "<interface type='ethernet'><target dev='macvtap0' managed='no'/></interface>"

    def on_a_pf(tree: RawTree) -> None:
        for state in ("running", "persistent"):
            path = f"{WEB01}/{state}.xml"
            xml = tree.files[path].decode()
            tree.put(path, re.sub("<interface.*?</interface>", ethernet, xml, flags=re.DOTALL))
        netlink("netlink/links.bin", "macvtap0", u32(LINK, 4), u32(LINK, 2))(tree)

    said = remedies(REFERENCE.but(on_a_pf), "EMU-02")
    assert "write <interface type='direct'> with <source dev=" in said


@pytest.mark.parametrize("base", [REFERENCE, PRIVATE], ids=lambda host: host.base)
def test_ucs_manager_that_was_asked_is_not_to_be_asked(base: Host) -> None:
    """Where it failed, every finding that needs it says how to see why."""
    reason = "UCS Manager at ucs.example gave no answer within 10 s"
    for rule, finding in open_findings(base.but(unreadable_for(reason, "ucsm"))):
        if reason in finding.observed:
            assert "curl -k https://ucs.example/nuova" in finding.remedy, rule
            assert "--ucsm https" not in finding.remedy, rule


@pytest.mark.parametrize(
    ("release", "start"),
    [
        ("6.5 (Santiago)", "`service libvirtd start`"),
        ("7.9 (Maipo)", "`systemctl start libvirtd`"),
        ("9.4 (Plow)", "`systemctl start virtqemud.socket`"),
    ],
)
def test_libvirt_is_started_as_its_release_does(release: str, start: str) -> None:
    """The cause of all that libvirt did not tell is mended by one command, which fits the host."""
    down = REFERENCE.but(
        put(
            "etc/os-release",
            f'ID="rhel"\nVERSION_ID="{release.split()[0]}"\n'
            f'NAME="Red Hat Enterprise Linux"\n'
            f'PRETTY_NAME="Red Hat Enterprise Linux {release}"\n',
        ),
        put("etc/redhat-release", f"Red Hat Enterprise Linux release {release}\n"),
        edit("libvirt/connection.json", '"connected"', '"refused"'),
    )
    unread = [f for _, f in open_findings(down) if f.observed.startswith("libvirt did not answer")]
    assert len(unread) > 30
    assert all(start in finding.remedy for finding in unread)
