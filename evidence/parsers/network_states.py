"""Which of libvirt's networks are active and start with the host: from libvirt itself, or from the
table that `virsh net-list` prints."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from vmfex.checks.model.fact import Evidence, Fact, Known, Unknown
from vmfex.checks.text import encodable, shown
from vmfex.evidence.parsers import excerpt, fact, give_up
from vmfex.evidence.parsers.bounded_json import bounded_json
from vmfex.evidence.parsers.virsh_table import rows
from vmfex.evidence.tree import Tree, text

PATH = "libvirt/network-states.json"
ALL, ACTIVE = (
    "libvirt/net-list-all.txt",
    "libvirt/net-list.txt",
)  # the table, with --all and without
NETWORK = re.compile(r"(?P<name>\S.*?) +(?P<active>active|inactive) +(?P<auto>yes|no)( +(yes|no))?")
NOT_ASKED = Unknown("nobody asked libvirt for the network's state")


@dataclass(frozen=True, slots=True)
class State:
    """Whether a network is active, and starts with the host."""

    active: Fact[bool]
    autostart: Fact[bool]


@dataclass(frozen=True, slots=True)
class States:
    """The states that were read; of any other network they are what `rest` says."""

    known: Mapping[str, State]
    rest: State

    def of(self, name: str) -> State:
        return self.known.get(name, self.rest)


def network_states(tree: Tree) -> States:
    """Every network's state, by its name."""
    told = _told(tree)
    return told.value if isinstance(told, Known) else States({}, State(told, told))


@fact
def _told(tree: Tree) -> Fact[States]:
    from_libvirt = text(tree, PATH, "application/json")
    if isinstance(from_libvirt, Known) and from_libvirt.value is not None:
        return Known(_from_json(from_libvirt.value))
    for path in (ALL, ACTIVE):
        table = text(tree, path)
        if isinstance(table, Known) and table.value is not None:
            return Known(_from_table(table.value, path))
    if isinstance(from_libvirt, Unknown):
        return from_libvirt
    return NOT_ASKED


def _from_json(content: str) -> States:
    whole = excerpt(PATH, content, "application/json", 100_000)
    try:
        values = bounded_json(content)
    except ValueError as error:
        give_up(f"{PATH} is not JSON: {shown(str(error))}", whole)
    if not isinstance(values, dict):
        give_up(f"{PATH} is not a JSON object", whole)
    known = {
        name: State(_flag(name, v, "active"), _flag(name, v, "autostart"))
        for name, v in values.items()
    }
    return States(known, _unlisted(PATH, whole))


def _flag(name: str, value: object, key: str) -> Fact[bool]:
    flag = value.get(key) if isinstance(value, dict) else None
    row = Evidence(PATH, encodable(json.dumps({name: value})), "application/json")
    if isinstance(flag, bool):
        return Known(flag, (row,))
    return Unknown(f"{PATH} does not say whether network {shown(name)} is {_IN_WORDS[key]}", (row,))


_IN_WORDS = {"active": "active", "autostart": "started with the host"}


def _from_table(printed: str, path: str) -> States:
    known: dict[str, State] = {}
    for row in rows(printed, path, NETWORK).need():
        read = (Evidence(path, row[0]),)
        if row["name"] in known:
            give_up(f"{path} shows two networks of the name {shown(row['name'])}", *read)
        known[row["name"]] = State(
            Known(row["active"] == "active", read), Known(row["auto"] == "yes", read)
        )
    whole = excerpt(path, printed)
    rest = _unlisted(path, whole)
    if path == ACTIVE:  # which lists the active ones, and is whole
        rest = State(Known(False, (whole,)), rest.autostart)
    return States(known, rest)


def _unlisted(path: str, whole: Evidence) -> State:
    lost = Unknown(f"{path} does not have the network", (whole,))
    return State(lost, lost)
