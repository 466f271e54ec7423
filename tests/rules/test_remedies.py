"""Each finding that is no pass says what to do on this very host."""

import re
import shlex
from collections.abc import Iterator

import pytest

from tests.rules.changes import (
    WEB01,
    added_device,
    answered,
    edit,
    function,
    link,
    put,
    unreadable,
    unreadable_for,
)
from tests.rules.rows import GAPS, VIOLATIONS
from tests.rules.table import PRIVATE, REFERENCE, UNDETERMINED, VIOLATED, Gap, Host, Violation
from tests.support.construct import RawTree
from tests.support.judging import judge_raw
from vmfex.checks.result.verdict import Finding

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
