"""An Ansible inventory, as `ansible-inventory --list` prints it: the hosts, and of their variables
those that say how to reach them, and vmfex's own. Group variables are in it for each host.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from vmfex.checks.text import one_line, shown
from vmfex.engine.plan_file import PlanError
from vmfex.evidence.host_spec import LOCAL
from vmfex.evidence.sources.ssh_address import SshAddress
from vmfex.fleet.inventory import parsed
from vmfex.fleet.settings import Entry, Settings

META, VARS = "_meta", "hostvars"
OURS = ("vmfex_plan", "vmfex_waivers", "vmfex_ucsm", "vmfex_ucsm_ca", "vmfex_ucsm_insecure")
OVER_SSH = ("ssh", "smart", "paramiko", "paramiko_ssh")


def entries(text: str, path: Path) -> Iterator[tuple[int, Entry]]:
    """Each host with its line. Raises UsageError."""
    name = one_line(str(path))
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise PlanError(f"{name}, line {error.lineno}: this is not JSON: {error.msg}") from error
    except RecursionError:
        raise PlanError(f"{name} is nested too deeply") from None
    if not isinstance(document, dict) or not isinstance(document.get(META), dict):
        raise PlanError(f"{name} is not what `ansible-inventory --list` prints: it has no {META}")
    variables = document[META].get(VARS, {})
    for host in _hosts(document):
        key = re.search(re.escape(json.dumps(host)) + r"\s*:", text)
        line = text.count("\n", 0, key.start() if key else 0) + 1
        own = variables.get(host, {})
        if not isinstance(own, dict):
            raise PlanError(f"{name}, line {line}: the variables of {shown(host)} are no mapping")
        yield line, _entry(host, own, path, line)


def _hosts(document: Mapping[str, Any]) -> list[str]:
    """Every host once, in the order of the groups."""
    groups = [group for name, group in document.items() if name != META and isinstance(group, dict)]
    named = [host for group in groups for host in group.get("hosts", ())]
    return list(dict.fromkeys(str(host) for host in (*named, *document[META].get(VARS, {}))))


def _entry(name: str, own: Mapping[str, Any], path: Path, line: int) -> Entry:
    at = f"{one_line(str(path))}, line {line}"
    for key in own:
        if key.startswith("vmfex_") and key not in OURS:
            known = ", ".join(OURS)
            raise PlanError(
                f"{at}: unknown variable {shown(key)} of {shown(name)}: known are {known}"
            )
    told = {key: str(own[key]) for key in OURS if key in own}
    plan, waivers = (path.parent / told[k] if k in told else None for k in OURS[:2])
    insecure = told.get("vmfex_ucsm_insecure", "").lower() in ("true", "yes", "1")
    ca = str(path.parent / told["vmfex_ucsm_ca"]) if "vmfex_ucsm_ca" in told else None
    settings = Settings(plan, waivers, told.get("vmfex_ucsm", ""), ca, insecure)
    way = str(own.get("ansible_connection", "ssh")).rpartition(".")[2]
    if way == "local":
        return Entry(parsed(LOCAL, path, line), settings, name)
    if way not in OVER_SSH:
        raise PlanError(
            f"{at}: {shown(name)} is reached by {shown(way)}: vmfex knows SSH and local"
        )
    user, port = own.get("ansible_user"), own.get("ansible_port")
    address = SshAddress(
        None if user is None else str(user),
        str(own.get("ansible_host", name)),
        None if port is None else str(port),
    )
    return Entry(parsed(address.text, path, line), settings, name)
