"""An inventory: a YAML file of hosts and groups, by `inventory.schema.json`, or what
`ansible-inventory --list` prints.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from vmfex.checks.text import one_line, shown, shown_path
from vmfex.engine.plan_file import PlanError, file_text, valid_document
from vmfex.engine.yaml_lines import Document
from vmfex.evidence.embedded import embedded_hosts
from vmfex.evidence.host_spec import LOCAL
from vmfex.evidence.sources.ssh_address import SCHEME, SshAddress
from vmfex.fleet import ansible
from vmfex.fleet.listed_host import listed_host, refused, ucsm_url
from vmfex.fleet.machine import machine
from vmfex.fleet.ranges import expanded
from vmfex.fleet.settings import Entry, Settings

SCHEMA_FILE = Path(__file__).with_name("inventory.schema.json")
SIZE_LIMIT = 16 * 2**20  # bytes; ansible-inventory repeats every variable for each host
# a section in INI, or a group of YAML that has hosts or other groups
_OF_ANSIBLE = re.compile(
    r"^\[[\w.-]+(:\w+)?\]\s*$|^(?!(?:groups|hosts):)[\w.-]+:\s+(hosts|children):", re.MULTILINE
)
OWN = ("plan", "waivers", "ssh", "ucsm")


def read_inventory(path: Path) -> tuple[Entry, ...]:
    """The hosts in the file, in its order. Raises UsageError, in one sentence with the line, on
    whatever is wrong."""
    text = file_text(path, "inventory", SIZE_LIMIT)
    if text.lstrip().startswith("{") and '"_meta"' in text:
        found = [*ansible.entries(text, path)]
    else:
        _refuse_sources_of_ansible(text, path)
        schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
        found = [*_entries(valid_document(text, path, schema, "inventory"), path)]
    _refuse_twice(found, path)
    if not found:
        raise PlanError(f"{one_line(str(path))} names no host")
    return tuple(entry for _, entry in found)


def with_defaults(
    found: Iterable[Entry], plan: Path | None, waivers: Path | None
) -> tuple[Entry, ...]:
    """The hosts, with these files where they name none of their own."""
    return tuple(
        replace(
            entry,
            settings=replace(
                entry.settings,
                plan=entry.settings.plan or plan,
                waivers=entry.settings.waivers or waivers,
            ),
        )
        for entry in found
    )


def _refuse_twice(found: list[tuple[int, Entry]], path: Path) -> None:
    lines: dict[object, int] = {}
    for line, entry in found:
        for host in entry.host.members or (entry.host,):
            key = machine(host)
            if key in lines:
                raise PlanError(
                    f"{one_line(str(path))}, line {line}: the host {shown_path(host.text)} "
                    f"stands here a second time, after line {lines[key]}"
                )
            lines[key] = line


def _refuse_sources_of_ansible(text: str, path: Path) -> None:
    """What Ansible reads is for Ansible to read: it knows its variables' precedence."""
    if _OF_ANSIBLE.search(text):
        raise PlanError(
            f"{one_line(str(path))} is an inventory as Ansible reads it: give what "
            "`ansible-inventory -i FILE --list` prints of it"
        )


def _entries(document: Document, path: Path) -> Iterator[tuple[int, Entry]]:
    """Each with its line."""
    value: Mapping[str, Any] = document.value
    groups: list[tuple[tuple[str, ...], Mapping[str, Any]]] = [((), {"hosts": {}, **value})]
    groups += [(("groups", n), {**value, **g}) for n, g in value.get("groups", {}).items()]
    for place, group in groups:
        for name, own in group["hosts"].items():
            line = document.keys[(*place, "hosts", name)]
            told = {key: group[key] for key in OWN if key in group} | (own or {})
            try:
                names = [*expanded(name)] if name.startswith(SCHEME) else [name]
            except ValueError as error:
                raise refused(path, line, error) from None
            for each in names:
                entry = _entry(each, told, path, line)
                if "ssh" in (own or {}) and not isinstance(entry.host.place, SshAddress):
                    raise refused(path, line, f"ssh is for hosts over {SCHEME}, not {shown(name)}")
                yield line, entry


def _entry(name: str, told: Mapping[str, Any], path: Path, line: int) -> Entry:
    folder = path.parent
    files = {key: folder / told[key] for key in ("plan", "waivers") if key in told}
    ucsm = told.get("ucsm", {})
    ca = str(folder / ucsm["ca"]) if "ca" in ucsm else None
    url = ucsm_url(ucsm["url"], path, line) if ucsm else ""
    settings = Settings(**files, ucsm=url, ca=ca, insecure=ucsm.get("insecure", False))
    if not name:
        raise refused(path, line, "a host has no name")
    in_folder = "://" not in name and name != LOCAL and name not in embedded_hosts()
    host = listed_host(str(folder / name) if in_folder else name, path, line)
    if isinstance(host.place, SshAddress):
        ssh, address = told.get("ssh", {}), host.place
        port = address.port or (str(ssh["port"]) if "port" in ssh else None)
        address = replace(address, user=address.user or ssh.get("user"), port=port)
        host = listed_host(address.text, path, line)
    return Entry(host, settings)
