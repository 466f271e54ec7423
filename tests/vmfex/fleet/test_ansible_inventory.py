"""Inventories of Ansible: what `ansible-inventory --list` prints, and none of its other forms."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.inventories import entries, refused
from vmfex.fleet.settings import Settings
from vmfex.fleet.targets import targets_of

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


@pytest.mark.parametrize(
    "text",
    [
        "[kvm]\nblade-1 ansible_host=10.0.0.1\n",
        "blade-0\n\n[kvm:children]\nrack\n",
        "all:\n  children:\n    kvm:\n      hosts:\n        kvm[01:40]:\n",
        "# ours\nkvm:\n  hosts:\n    blade-1: {ansible_user: root}\n",
    ],
)
def test_what_ansible_itself_reads(tmp_path: Path, text: str) -> None:
    """It is not guessed at: the sentence says what to give."""
    assert refused(tmp_path, text) == (
        "site is an inventory as Ansible reads it: give what `ansible-inventory -i FILE --list` "
        "prints of it"
    )


@pytest.mark.parametrize("text", ["{hosts: {ssh://a: }}", '{"hosts": {"ssh://a": null}}'])
def test_ours_in_braces(tmp_path: Path, text: str) -> None:
    """YAML in another form, or JSON, is no inventory of Ansible's."""
    assert [entry.host.text for entry in entries(tmp_path, text)] == ["ssh://a"]


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
        ({"ansible_host": "{{ ip }}"}, "site, line 4: '{{ ip }}' is not the name of a host"),
        ({"ansible_host": "10.0.0.1:22"}, "site, line 4: '10.0.0.1:22' is not the name of a host"),
        ({"VMFEX_plan": "x"}, "site, line 4: unknown variable 'VMFEX_plan' of 'b': known are"),
        ({"vmfex_plan": ["x"]}, "site, line 4: vmfex_plan of 'b' is no text"),
        ({"vmfex_ucsm_ca": "x"}, "site, line 4: vmfex_ucsm_ca and vmfex_ucsm_insecure of 'b' need"),
        (
            {"vmfex_ucsm": "https://u", "vmfex_ucsm_insecure": "maybe"},
            "site, line 4: vmfex_ucsm_insecure of 'b' must be true or false",
        ),
        ({"ansible_host": "a"}, "site, line 7: the host 'ssh://a' stands here a second time"),
    ],
)
def test_what_is_refused_of_ansible(tmp_path: Path, change: object, fault: str) -> None:
    """With the line of the host."""
    told = {"_meta": {"hostvars": {"b": change, "a": {}}}}
    assert refused(tmp_path, json.dumps(told, indent=1)).startswith(fault)


NO_HOSTS = "site: the hosts of the group 'g' are no list of names"
TWICE = "site: 'b' stands twice in one mapping"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{}", "site, line 1: the inventory must be a mapping of hosts, groups or both"),
        ("{", "site, line 1: this is not YAML"),
        ('{"_meta": 1}', "site is not what `ansible-inventory --list` prints: it has no _meta"),
        ('{"_meta": {"hostvars": null}}', "site is not what `ansible-inventory --list` prints"),
        ('{"_meta": {"hostvars": {"a": 1}}}', "site, line 1: the variables of 'a' are no mapping"),
        ('{"_meta":\n{"hostvars": {"b": {}, "b": {}}}}', TWICE),
        ('{"_meta":\n{"hostvars": {"a": {"b": 1, "b": 2}}}}', TWICE),
        ('{"_meta": {}, "all": {"children": ["g"]}}', "site names no host"),
        *(
            (f'{{"_meta": {{}}, "g": {group}}}', NO_HOSTS)
            for group in ('["a"]', *(f'{{"hosts": {x}}}' for x in ('"abc"', "null", "[1]", "{}")))
        ),
        (
            '{"_meta": {}, "g": {"hosts": ["a"], "vars": {"vmfex_plan": "p"}}}',
            "site: the group 'g' has variables of its own: print the inventory without --export",
        ),
    ],
)
def test_other_json_is_refused(tmp_path: Path, text: str, fault: str) -> None:
    """Above all what would leave hosts or their plans out, or certify this machine in the place of
    none."""
    assert refused(tmp_path, text).startswith(fault)


def test_variables_of_ansible_as_it_takes_them(tmp_path: Path) -> None:
    """The older names come before the newer, and null says nothing (its plugin `ssh`)."""
    told = {
        "a": {"ansible_host": "x", "ansible_ssh_host": "y", "ansible_ssh_user": "u"},
        "b": {"ansible_host": None, "ansible_ssh_port": 23, "vmfex_plan": None, "ansible_user": ""},
        "c": {"vmfex_plan": "", "vmfex_ucsm": "https://u", "vmfex_ucsm_insecure": False},
    }
    found = entries(tmp_path, json.dumps({"_meta": {"hostvars": told}}))
    assert [entry.host.text for entry in found] == ["ssh://u@y", "ssh://b:23", "ssh://c"]
    assert [entry.settings for entry in found] == [
        Settings(),
        Settings(),
        Settings(ucsm="https://u"),
    ]


def test_lines_of_ansibles_hosts(tmp_path: Path) -> None:
    """That of a host's own variables, whatever else has its name; and of its name in a group."""
    told = {"_meta": {"hostvars": {"a": {"bläde": {}, "x": "bläde"}, "bläde": {"vmfex_x": 1}}}}
    text = json.dumps(told, indent=1, ensure_ascii=False)
    line = 1 + text[: text.rindex('"bläde"')].count("\n")
    assert refused(tmp_path, text).startswith(f"site, line {line}: unknown variable 'vmfex_x'")
    text = json.dumps({"_meta": {}, "g": {"hosts": ["a", "b c"]}}, indent=1)
    assert refused(tmp_path, text).startswith("site, line 6: 'b c' is not the name of a host")


def test_what_ansible_prints(tmp_path: Path) -> None:
    """Ansible itself, where it is installed: ranges, groups, variables and their precedence."""
    program = shutil.which("ansible-inventory", path=str(Path(sys.executable).parent))
    if program is None:
        pytest.skip("ansible-core is not installed")
    (tmp_path / "hosts").write_text(
        "[rack]\nkvm[08:10].example\n[odd]\nkvm08.example ansible_host=10.0.0.8\n"
        "[rack:vars]\nansible_user=root\nvmfex_plan=p.yaml\nvmfex_ucsm_insecure=no\n"
        "vmfex_ucsm=https://u\n[site:children]\nrack\nodd\n"
    )
    line = [program, "-i", str(tmp_path / "hosts"), "--list"]
    printed = subprocess.run(line, capture_output=True, text=True, check=True).stdout
    found = entries(tmp_path, printed)
    assert sorted(entry.host.text for entry in found) == [
        "ssh://root@10.0.0.8",
        "ssh://root@kvm09.example",
        "ssh://root@kvm10.example",
    ]
    assert {entry.settings for entry in found} == {Settings(tmp_path / "p.yaml", ucsm="https://u")}
    line.append("--export")
    printed = subprocess.run(line, capture_output=True, text=True, check=True).stdout
    assert "print the inventory without --export" in refused(tmp_path, printed)
