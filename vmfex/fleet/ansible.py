"""An Ansible inventory, as `ansible-inventory --list` prints it: the hosts, and of their variables
those that say how to reach them, and vmfex's own. Group variables are in it for each host.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

from vmfex.checks.text import one_line, shown
from vmfex.engine.plan_file import PlanError
from vmfex.evidence.host_spec import LOCAL
from vmfex.evidence.sources.ssh_address import SshAddress
from vmfex.fleet.listed_host import listed_host, refused, ucsm_url
from vmfex.fleet.settings import Entry, Settings

META, VARS = "_meta", "hostvars"
OURS = ("vmfex_plan", "vmfex_waivers", "vmfex_ucsm", "vmfex_ucsm_ca", "vmfex_ucsm_insecure")
OVER_SSH = ("ssh", "smart", "paramiko", "paramiko_ssh")
TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[][{}]')
_DEPTH = 3  # of a host's variables in `_meta`, and of its name in a group


def entries(text: str, path: Path) -> Iterator[tuple[int, Entry]]:
    """Each host with its line. Raises UsageError."""
    name = one_line(str(path))
    try:
        document = json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise PlanError(f"{name}, line {error.lineno}: this is not JSON: {error.msg}") from error
    except RecursionError:
        raise PlanError(f"{name} is nested too deeply") from None
    except _TwiceError as error:
        raise PlanError(f"{name}: {shown(error.args[0])} stands twice in one mapping") from None
    meta = document.get(META) if isinstance(document, dict) else None
    variables = meta.get(VARS, {}) if isinstance(meta, dict) else None
    if not isinstance(variables, dict):
        raise PlanError(f"{name} is not what `ansible-inventory --list` prints: it has no {META}")
    lines = _lines(text)
    for host in _hosts(document, variables, name):
        line, own = lines[host], variables.get(host, {})
        if not isinstance(own, dict):
            raise refused(path, line, f"the variables of {shown(host)} are no mapping")
        yield line, _Host(host, own, path, line).entry()


class _TwiceError(Exception):
    """A key stands twice in one mapping."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        [(twice, _)] = Counter(key for key, _ in pairs).most_common(1)
        raise _TwiceError(twice)
    return made


def _hosts(document: Mapping[str, Any], variables: Mapping[str, Any], name: str) -> list[str]:
    """Every host once, in the order of the groups."""
    named: list[str] = []
    for group, of in document.items():
        if group == META:
            continue
        hosts = of.get("hosts", []) if isinstance(of, dict) else None
        if not isinstance(hosts, list) or not all(isinstance(host, str) for host in hosts):
            raise PlanError(f"{name}: the hosts of the group {shown(group)} are no list of names")
        if of.get("vars"):
            raise PlanError(
                f"{name}: the group {shown(group)} has variables of its own: print the inventory "
                "without --export, so that each host has them"
            )
        named += hosts
    return list(dict.fromkeys((*named, *variables)))


def _lines(text: str) -> dict[str, int]:
    """The line of each host: that of its variables, or of its name in the first group."""
    found: dict[str, tuple[bool, int]] = {}
    depth, line, at = 0, 1, 0
    for token in _TOKEN.finditer(text):
        line, at = line + text.count("\n", at, token.start()), token.start()
        if token[0] in "{[":
            depth += 1
        elif token[0] in "}]":
            depth -= 1
        elif depth == _DEPTH:
            name = json.loads(token[0])
            is_key = text[token.end() : token.end() + 80].lstrip().startswith(":")
            if name not in found or (is_key and not found[name][0]):
                found[name] = is_key, line
    return {name: line for name, (_, line) in found.items()}


class _Host:
    """A host with its variables; what is null or empty is not said."""

    def __init__(self, name: str, own: Mapping[str, Any], path: Path, line: int) -> None:
        self._name, self._own, self._path, self._line = name, own, path, line

    def entry(self) -> Entry:
        """Raises UsageError."""
        for key in self._own:
            if key.lower().startswith("vmfex_") and key not in OURS:
                known = ", ".join(OURS)
                self._refuse(
                    f"unknown variable {shown(key)} of {shown(self._name)}: known are {known}"
                )
        settings = self._settings()
        way = (self._said("ansible_connection") or "ssh").rpartition(".")[2]
        if way == "local":
            return Entry(listed_host(LOCAL, self._path, self._line), settings, self._name)
        if way not in OVER_SSH:
            self._refuse(
                f"{shown(self._name)} is reached by {shown(way)}: vmfex knows SSH and local"
            )
        user, host, port = map(self._reached, ("user", "host", "port"))
        address = SshAddress(user, host or self._name, port)
        return Entry(listed_host(address.text, self._path, self._line), settings, self._name)

    def _settings(self) -> Settings:
        plan, waivers, ucsm, ca, insecure = map(self._said, OURS)
        if not ucsm and (ca or insecure):
            self._refuse(
                f"vmfex_ucsm_ca and vmfex_ucsm_insecure of {shown(self._name)} need vmfex_ucsm"
            )
        if insecure and insecure.lower() not in TRUTHS:
            self._refuse(f"vmfex_ucsm_insecure of {shown(self._name)} must be true or false")
        folder = self._path.parent
        return Settings(
            folder / plan if plan else None,
            folder / waivers if waivers else None,
            ucsm_url(ucsm, self._path, self._line) if ucsm else "",
            str(folder / ca) if ca else None,
            TRUTHS[insecure.lower()] if insecure else False,
        )

    def _reached(self, what: str) -> str | None:
        """Ansible's older name of it comes before the newer, as in its own connection by SSH."""
        return self._said(f"ansible_ssh_{what}") or self._said(f"ansible_{what}")

    def _said(self, key: str) -> str | None:
        value = self._own.get(key)
        if value is not None and not isinstance(value, (str, int)):
            self._refuse(f"{key} of {shown(self._name)} is no text")
        return None if value in (None, "") else str(value)

    def _refuse(self, sentence: str) -> NoReturn:
        raise refused(self._path, self._line, sentence)
