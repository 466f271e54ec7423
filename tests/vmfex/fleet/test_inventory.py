"""An inventory: hosts, groups, and what holds for them; Ansible's as it prints it."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.inventories import entries, refused
from tests.support.sessions import certify_several, command
from vmfex.engine.request import Request
from vmfex.errors import UsageError
from vmfex.evidence.embedded import unpack
from vmfex.evidence.host_spec import HostKind
from vmfex.fleet.inventory import read_inventory, with_defaults
from vmfex.fleet.jobs import jobs_of
from vmfex.fleet.many import Many
from vmfex.fleet.settings import Settings
from vmfex.fleet.targets import targets_of

SITE = """\
plan: plans/all.yaml
ssh: {user: root}
hosts:
  reference:
  ssh://blade-1:
groups:
  rack-1:
    plan: plans/rack.yaml
    ssh: {user: admin, port: 2222}
    ucsm: {url: https://ucs-1, ca: ca.pem}
    hosts:
      ssh://blade-2:
      ssh://me@blade-3:22: {waivers: w.yaml}
      captures/one.d:
        plan: plans/own.yaml
        ucsm: {url: https://ucs-2, insecure: true}
"""


def test_what_holds_for_each_host(tmp_path: Path) -> None:
    """A host's own comes before its group's, and that before what is said for all; paths begin at
    the inventory, and an address that names its user or port keeps it."""
    unpack("no-vic", tmp_path / "captures/one.d")
    found = entries(tmp_path, SITE)
    assert [entry.host.text for entry in found] == [
        "reference",
        "ssh://root@blade-1",
        "ssh://admin@blade-2:2222",
        "ssh://me@blade-3:22",
        str(tmp_path / "captures/one.d"),
    ]
    plans, first, ca = tmp_path / "plans", "https://ucs-1", str(tmp_path / "ca.pem")
    rack = Settings(plans / "rack.yaml", None, first, ca)
    assert [entry.settings for entry in found] == [
        Settings(plans / "all.yaml"),
        Settings(plans / "all.yaml"),
        rack,
        Settings(plans / "rack.yaml", tmp_path / "w.yaml", first, ca),
        Settings(plans / "own.yaml", None, "https://ucs-2", None, True),
    ]
    other = with_defaults(found, Path("p"), Path("w"))
    assert other[0].settings == Settings(plans / "all.yaml", Path("w"))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            "hosts: {reference: , reference: }",
            "site, line 1: the key 'reference' stands here a second",
        ),
        (
            "hosts:\n  reference:\ngroups:\n  a:\n    hosts:\n      no-vic:\n      reference:\n",
            "site, line 7: the host 'reference' stands here a second time, after line 2",
        ),
        (
            "hosts:\n  ssh://a:\n  ssh://b:\n    ssh: {usr: me}\n",
            "site, line 4: unknown key 'usr' in hosts.ssh://b.ssh: allowed are user, port; did you",
        ),
        (
            "hosts:\n  reference:\nplans: a\n",
            "site, line 3: unknown key 'plans': allowed are plan, ",
        ),
        ("hosts:\n  nowhere/x.tar:\n", "site, line 2: There is no recording 'nowhere/x.tar'"),
        ("hosts:\n  ssh://a b:\n", "site, line 2: 'a b' is not the name of a host"),
        ("hosts:\n", "site, line 1: hosts must be a mapping of at least one host"),
        (
            "plan: a\n",
            "site, line 1: the inventory must be a mapping of hosts, groups or both, with what "
            "holds for all of them: plan, waivers, ssh, ucsm, and is without hosts, groups",
        ),
        ("hostz: {reference: }\n", "site, line 1: unknown key 'hostz': allowed are plan, "),
        ("", "site, line 1: the inventory must be"),
        ("hosts: {reference: {ssh: {port: 0}}}", "site, line 1: hosts.reference.ssh.port must be"),
        ("hosts: &a {reference: }", "site, line 1: aliases (*) and anchors (&) are not allowed"),
        ("hosts:\n  ssh://a:\n    <<: {plan: p}\n", "site, line 3: unknown key '<<' in hosts"),
        ("hosts:\n\tssh://a:\n", "site, line 2: this is not YAML: found character"),
        ("hosts:\r\n  ssh://a:\r\n  ssh://a:\r\n", "site, line 3: the key 'ssh://a' stands here a"),
        ("hosts:\n  '':\n", "site, line 2: a host has no name"),
        (
            "hosts:\n  reference: {ucsm: {url: ftp://x}}\n",
            "site, line 2: UCS Manager's address has to be https://HOST",
        ),
        (f"hosts:\n  ssh://{'x' * 254}:\n", "site, line 2: 'xxx"),
        (
            "hosts:\n  blade-1.example:\n",
            "site, line 2: There is no recording 'blade-1.example': No such file or directory. A "
            "host over SSH is written ssh://blade-1.example.",
        ),
        (
            "hosts:\n  qemu+ssh://a/system: {ssh: {user: root}}\n",
            "site, line 2: ssh is for hosts over ssh://, not 'qemu+ssh://a/system'",
        ),
        (
            "hosts:\n  ssh://[10.0.0.1:22]:\n",
            "site, line 2: '10.0.0.1:22' is not the name of a host",
        ),
        (
            "groups:\n  a:\n    children: {b: }\n    hosts: {ssh://x: }\n",
            "site, line 3: unknown key",
        ),
        (
            "groups:\n  a:\n    groups:\n      b: {hosts: {ssh://x: }}\n",
            "site, line 3: unknown key 'groups' in groups.a: allowed are plan, waivers, ssh, ucsm, "
            "hosts; groups are not nested: write each beside the others under groups",
        ),
        (
            "groups:\n  a:\n    children:\n      b: {hosts: {ssh://x: }}\n",
            "site, line 3: unknown key 'children' in groups.a: ",
        ),
        (
            "groups:\n  a:\n    host: {ssh://x: }\n",
            "site, line 3: unknown key 'host' in groups.a: ",
        ),
    ],
)
def test_what_is_refused(tmp_path: Path, text: str, fault: str) -> None:
    """In one sentence, with the line."""
    assert refused(tmp_path, text).startswith(fault)


@pytest.mark.parametrize(
    "again",
    [
        *("ssh://a/", "ssh://root@a", "ssh://A", "ssh://me@a", "ssh://a:22"),
        *("one.d", "./one.d", "x/../one.d", "{folder}/one.d", "all/", "link.d"),
    ],
)
def test_one_host_by_two_names(tmp_path: Path, again: str) -> None:
    """By another user, in other letters, by another path or a link: it would be certified twice."""
    unpack("no-vic", tmp_path / "one.d")
    for folder in ("x", "all"):
        (tmp_path / folder).mkdir()
    (tmp_path / "all/one.d").symlink_to(tmp_path / "one.d")
    (tmp_path / "link.d").symlink_to("one.d")
    again = again.format(folder=tmp_path)
    text = "ssh: {user: root}\nhosts:\n  ssh://a:\n  one.d:\ngroups:\n"
    text += f"  b: {{hosts: {{'{again}': }}}}"
    assert re.match(r"site, line 6: the host '.*' stands here a second", refused(tmp_path, text))


def test_what_may_be_two_hosts(tmp_path: Path) -> None:
    """The ports of one address may lead to two machines."""
    found = entries(tmp_path, "hosts:\n  ssh://a:\n  ssh://a:23:\n")
    assert [target.label for target in targets_of(found)] == ["a", "a-2"]


def test_hosts_in_a_row(tmp_path: Path) -> None:
    """As Ansible writes them, with what holds for each; more than one range, too."""
    found = entries(tmp_path, "hosts: {'ssh://me@r[1:2]-kvm[08:11]:2222': {plan: p.yaml}}")
    assert [entry.host.text for entry in found] == [
        f"ssh://me@r{rack}-kvm{number}:2222" for rack in "12" for number in ("08", "09", "10", "11")
    ]
    assert {entry.settings.plan for entry in found} == {tmp_path / "p.yaml"}
    [one] = entries(tmp_path, "hosts: {'ssh://[fe80::1]': }")
    assert one.host.text == "ssh://[fe80::1]"


@pytest.mark.parametrize("row", ["[2:1]", "[1:99999]", "[001:2]", "[1:9999999999]"])
def test_rows_that_are_none(tmp_path: Path, row: str) -> None:
    text = f"hosts:\n  ssh://b:\n  ssh://a{row}:\n"
    assert refused(tmp_path, text).startswith(f"site, line 3: {row} is no range of at most 10000")
    both = refused(tmp_path, "hosts:\n  ssh://a[1:9999]-[1:9999]:\n")
    assert both == "site, line 2: the ranges of this name together stand for more than 10000 hosts"
    overlap = "hosts:\n  ssh://a2:\n  ssh://a[1:3]:\n"
    assert "line 3: the host 'ssh://a2' stands here a second" in refused(tmp_path, overlap)


@given(st.text() | st.binary().map(lambda raw: raw.decode("latin-1")))
@settings(max_examples=50)
def test_whatever_stands_in_it_is_refused_in_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    refused(tmp_path_factory.mktemp("inventory"), text)


def test_each_host_is_judged_by_its_own_plan(tmp_path: Path) -> None:
    """As the command has it."""
    plan = "topologies:\n  SR-IOV with MacVTap passthrough: {}\n"
    (tmp_path / "few.yaml").write_text(plan.format(2))
    (tmp_path / "many.yaml").write_text(plan.format(999))
    site = tmp_path / "site.yaml"
    site.write_text(
        "plan: few.yaml\nhosts:\n  reference:\n  nested: {plan: many.yaml}\n".replace(
            "nested", "rhel65-libvirt010"
        )
    )
    run = certify_several(
        tmp_path / "out",
        rules=["VIC-01", "SRV-04"],
        many=Many(entries=read_inventory(site)),
    )
    records = {
        host: json.loads((run.out / "hosts" / host / "certification.json").read_text())
        for host in ("reference", "rhel65-libvirt010")
    }
    assert [
        record["topologies"]["SR-IOV with MacVTap passthrough"] for record in records.values()
    ] == [
        2,
        999,
    ]


def test_the_command_takes_hosts_from_one_place(tmp_path: Path) -> None:
    done = command("certify", "reference", "--inventory", "site.yaml", cwd=tmp_path)
    assert done.returncode == 4
    assert "--inventory names the hosts: name no HOST beside it." in done.stderr
    done = command("certify", "--inventory", "site.yaml", cwd=tmp_path)
    assert done.returncode == 4
    assert done.stderr == (
        "vmfex: the inventory site.yaml cannot be read: No such file or directory\n"
    )


def test_a_directory_in_it_is_all_of_its_hosts(tmp_path: Path) -> None:
    unpack("no-vic", tmp_path / "captures/a")
    unpack("no-vic", tmp_path / "captures/b")
    [entry] = entries(tmp_path, "hosts: {captures: {plan: p.yaml}}")
    assert entry.host.kind is HostKind.DIRECTORY
    found = targets_of([entry])
    assert [target.label for target in found] == ["a", "b"]
    assert {target.settings.plan for target in found} == {tmp_path / "p.yaml"}


def test_a_waiver_that_cannot_be_used_is_told_with_its_file(tmp_path: Path) -> None:
    """Each host may have files of its own."""
    waiver = {"rule": "HST-01", "host": "*", "justification": "a", "owner": "b", "approved_by": "c"}
    waivers = {"waivers": [{**waiver, "expires": "2099-01-01T00:00:00Z"}]}
    (tmp_path / "w.yaml").write_text(json.dumps(waivers))
    (tmp_path / "site.yaml").write_text("hosts: {reference: {waivers: w.yaml}}")
    entries_ = read_inventory(tmp_path / "site.yaml")
    with (
        pytest.raises(UsageError, match=r"w\.yaml: the waiver of c .* HST-01 is a blocker"),
        jobs_of(Request(), targets_of(entries_), {}),
    ):
        pytest.fail("it was used")
