"""The definitions of domains and networks in a sosreport, by the lists that virsh printed.

sos asks for each by its name's first word. What a list has and no file defines makes all unknown.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from html import unescape
from typing import NamedTuple

from vmfex.checks.model.fact import Fact, Known, Unknown
from vmfex.checks.text import shown
from vmfex.evidence.parsers.network_states import NETWORK
from vmfex.evidence.parsers.virsh_table import rows as table
from vmfex.evidence.sources.sos.layout import COMMANDS, NETWORKS, QEMU, VIRSH, uncollected

# The states in the last column of `virsh list`; they have blanks, as names may.
STATES = "running|idle|paused|in shutdown|shut off|crashed|pmsuspended|dying|no state|blocked"
DOMAIN = re.compile(rf"(?P<id>\d+|-) +(?P<name>\S.*?) +({STATES})")
NAME, UUID = re.compile(rb"<name>([^<]*)</name>"), re.compile(rb"<uuid>([0-9a-fA-F-]{36})</uuid>")
NONE = ""  # the file of a transient domain's persistent definition


class Definition(NamedTuple):
    """A file that defines a domain or a network."""

    place: str
    name: str
    uuid: str


class Definitions:
    """`files` is what the report has, by name."""

    def __init__(
        self, files: Mapping[str, bytes], refused: Mapping[str, str] | None = None
    ) -> None:
        self._files = files
        self._refused = refused or {}

    def place(self, path: str) -> str | None:
        """The file that defines what is at `path` in a recording; None where the lists do not have
        it, or are unknown."""
        match path.split("/"):
            case ["libvirt", "domains", uuid, kind] if isinstance(self.domains, Known):
                return self.domains.value.get(uuid, {}).get(kind)
            case ["libvirt", "networks", name] if isinstance(self.networks, Known):
                return self.networks.value.get(name)
        return None

    def read(self, path: str) -> Fact[bytes | None]:
        place = self.place(path)
        if place is not None and place in self._files:
            return Known(self._files[place])
        if place != NONE and path.endswith("/persistent.xml"):
            return uncollected(path, "libvirt")
        return Known(None)

    @cached_property
    def domains(self) -> Fact[dict[str, dict[str, str]]]:
        """The file of each domain's definitions, by UUID."""
        rows = self._rows(f"{VIRSH}list_--all", DOMAIN)
        if isinstance(rows, Unknown):
            return rows
        by_name = {d.name: d for d in self._definitions(f"{VIRSH}dumpxml_")}
        kept = {d.uuid: d.place for d in self._kept_definitions}
        found: dict[str, dict[str, str]] = {}
        listed = {row["name"] for row in rows.value}
        names = {**dict.fromkeys(by_name), **dict.fromkeys(self._kept_names)}
        if unlisted := [name for name in names if name not in listed]:
            return Unknown(
                f"{VIRSH}list_--all does not have domain {shown(unlisted[0])}, of which the "
                "sosreport has a definition"
            )
        for row in rows.value:
            definition = by_name.get(row["name"])
            if definition is None or definition.uuid in found:
                lost = "sos loses names with spaces, and keeps one of several that it spells alike"
                name = shown(row["name"])
                return Unknown(f"the sosreport has no definition of domain {name}: {lost}")
            kind = "persistent.xml" if row["id"] == "-" else "running.xml"
            found[definition.uuid] = {kind: definition.place}
            if row["id"] != "-" and definition.uuid in kept:
                found[definition.uuid]["persistent.xml"] = kept[definition.uuid]
            elif row["id"] != "-" and self._is_transient(row["name"]):
                found[definition.uuid]["persistent.xml"] = NONE
        return Known(dict(sorted(found.items())))

    @cached_property
    def _kept_definitions(self) -> tuple[Definition, ...]:
        """libvirt's own files of domains."""
        kept = self._definitions(f"{QEMU}/")
        return tuple(d for d in kept if d.place.count("/") == QEMU.count("/") + 1)

    @property
    def _kept_names(self) -> Iterator[str]:
        return (definition.name for definition in self._kept_definitions)

    @cached_property
    def networks(self) -> Fact[dict[str, str]]:
        """The file of each network's definition, by its name in a recording. `net-list` shows those
        that are active (since sos 4.6.1, all), and libvirt's own files are those that are kept."""
        all_ = f"{VIRSH}net-list_--all"
        rows = self._rows(all_ if all_ in self._files else f"{VIRSH}net-list", NETWORK)
        if isinstance(rows, Unknown):
            return rows
        if not any(path.startswith((QEMU, f"{COMMANDS}/libvirt/")) for path in self._files):
            return uncollected("libvirt/networks", "libvirt")
        by_name = {d.name: d for d in self._definitions(f"{VIRSH}net-dumpxml_")}
        found = {
            f"{d.uuid}.xml": d.place
            for d in self._definitions(f"{NETWORKS}/")
            if "/autostart/" not in d.place
        }
        for row in rows.value:
            definition = by_name.get(row["name"])
            if definition is None:
                return Unknown(f"the sosreport has no definition of network {shown(row['name'])}")
            found[f"{definition.uuid}.xml"] = definition.place
        return Known(dict(sorted(found.items())))

    def _rows(self, place: str, pattern: re.Pattern[str]) -> Fact[list[re.Match[str]]]:
        """The rows of a table that virsh printed."""
        if place in self._refused:
            return Unknown(f"{place} in the sosreport {self._refused[place]}")
        if place not in self._files:
            return uncollected("libvirt/domains", "virsh")
        told = printed(self._files, place)
        if isinstance(told, Unknown):
            return told
        return table((told.value or b"").decode("utf-8", "backslashreplace"), place, pattern)

    def _definitions(self, start: str) -> Iterator[Definition]:
        for place, raw in self._files.items():
            name, uuid = NAME.search(raw), UUID.search(raw)
            if place.startswith(start) and name and uuid:
                text = unescape(name[1].decode("utf-8", "backslashreplace"))
                yield Definition(place, text, uuid[1].decode().lower())

    def _is_transient(self, name: str) -> bool:
        places = (path for path in self._files if path.startswith(f"{VIRSH}dominfo_"))
        info = [self._files[path].decode("utf-8", "backslashreplace") for path in places]
        mine = [text for text in info if re.search(rf"^Name: +{re.escape(name)}$", text, re.M)]
        return len(mine) == 1 and re.search(r"^Persistent: +no$", mine[0], re.M) is not None


def printed(files: Mapping[str, bytes], place: str) -> Fact[bytes | None]:
    """What a command printed; sos keeps errors in the same file."""
    raw = files[place]
    if place.startswith(VIRSH) and raw.startswith(b"error:") and not place.endswith("version"):
        said = " ".join(raw[:500].decode("utf-8", "backslashreplace").split())
        return Unknown(f"{place}: {said}")
    return Known(raw)
