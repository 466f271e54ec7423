"""An inventory: hosts, groups, and what holds for them; Ansible's as it prints it."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.sessions import certify_several, command
from vmfex.errors import UsageError
from vmfex.evidence.embedded import unpack
from vmfex.evidence.host_spec import HostKind
from vmfex.fleet.inventory import read_inventory, with_defaults
from vmfex.fleet.many import Many
from vmfex.fleet.settings import Entry, Settings
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


def entries(folder: Path, text: str) -> tuple[Entry, ...]:
    file = folder / "site"
    file.write_text(text, encoding="utf-8")
    return read_inventory(file)


def refused(folder: Path, text: str) -> str:
    with pytest.raises(UsageError) as raised:
        entries(folder, text)
    [line] = str(raised.value).splitlines()
    return line.replace(f"{folder}/", "")


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
        ("plan: a\n", "site, line 1: the inventory must be a mapping of hosts, groups or both"),
        ("", "site, line 1: the inventory must be"),
        ("hosts: {reference: {ssh: {port: 0}}}", "site, line 1: hosts.reference.ssh.port must be"),
        ("hosts: &a {reference: }", "site, line 1: aliases (*) and anchors (&) are not allowed"),
    ],
)
def test_what_is_refused(tmp_path: Path, text: str, fault: str) -> None:
    """In one sentence, with the line."""
    assert refused(tmp_path, text).startswith(fault)


ANSIBLE = {
    "_meta": {
        "hostvars": {
            "blade-1": {
                "ansible_host": "10.0.0.1",
                "ansible_user": "root",
                "ansible_port": 2222,
                "vmfex_plan": "p.yaml",
                "vmfex_ucsm": "https://ucs",
                "other": {"deep": [1]},
            },
            "here": {"ansible_connection": "local"},
            "v6": {"ansible_host": "2001:db8::1", "ansible_connection": "ansible.builtin.ssh"},
        }
    },
    "all": {"children": ["ungrouped", "kvm"]},
    "kvm": {"hosts": ["here", "blade-1", "bare"]},
    "again": {"hosts": ["blade-1", "v6"]},
}


def test_ansible_inventory_as_it_is(tmp_path: Path) -> None:
    """`ansible-inventory --list`: groups name hosts more than once, and variables of others are
    passed over. Hosts are called what Ansible calls them."""
    found = entries(tmp_path, json.dumps(ANSIBLE, indent=4))
    assert [target.label for target in targets_of(found)] == ["here", "blade-1", "bare", "v6"]
    assert [entry.host.text for entry in found] == [
        "local",
        "ssh://root@10.0.0.1:2222",
        "ssh://bare",
        "ssh://[2001:db8::1]",
    ]
    assert found[1].settings == Settings(tmp_path / "p.yaml", ucsm="https://ucs")


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"vmfex_plans": "x"}, "site, line 4: unknown variable 'vmfex_plans' of 'b': known are"),
        (
            {"ansible_connection": "winrm"},
            "site, line 4: 'b' is reached by 'winrm': vmfex knows SSH",
        ),
        ({"ansible_host": "-oProxyCommand=x"}, "site, line 4: "),
        ({"ansible_host": "a"}, "site, line 7: the host 'ssh://a' stands here a second time"),
    ],
)
def test_what_is_refused_of_ansible(tmp_path: Path, change: object, fault: str) -> None:
    """With the line of the host."""
    told = {"_meta": {"hostvars": {"b": change, "a": {}}}}
    assert refused(tmp_path, json.dumps(told, indent=1)).startswith(fault)


@pytest.mark.parametrize("text", ["{}", '{"_meta": 1}', "{", '{"_meta": {"hostvars": {"a": 1}}}'])
def test_other_json_is_refused(tmp_path: Path, text: str) -> None:
    assert refused(tmp_path, text)


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
