"""Network links from what `ip -d link` prints, as JSON or as text: the facts of parsers/links.

`ip` prints nothing of 802.1Qbh ports, so that none is told here. Its text is for people: where an
alias or a name may have made a line of it, what it shows is held against what sysfs lists.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from ipaddress import ip_address

from vmfex.checks.model.fact import Evidence, Fact, Known, Unknown
from vmfex.checks.model.link import Link
from vmfex.checks.text import encodable, shown
from vmfex.evidence.parsers import fact, give_up
from vmfex.evidence.parsers.bounded_json import bounded_json
from vmfex.evidence.parsers.links import PEERS
from vmfex.evidence.tree import Tree

JSON_PATH, TEXT_PATH, SYSFS = "ip/link.json", "ip/link.txt", "sys/class/net"
NO_LINKS = {"bonding_masters"}  # a file among the links
MACVTAPS = ("macvtap", "macvlan")
HEAD = re.compile(r"(?P<index>\d{1,10}): (?P<name>\S+): <(?P<flags>[A-Z_0-9,-]*)>(?P<rest>.*)")
ADDRESS = re.compile(r" {4}link/(?P<type>\S+)(?: (?P<address>[0-9a-f.:]+)(?= |$))?.*")
KIND = re.compile(r" {4}(?P<kind>[a-z0-9_-]+)(?P<rest>.*)")
MASTER = re.compile(r" master (\S+)")
MODE = re.compile(r"\s+mode (\S+)")
MAC = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2})*")
NO_KINDS = (
    "vf",
    "alias",
    "altname",
    "prog/xdp",
    "promiscuity",
    "inet",
    "inet6",
)  # what else may begin a line


def ip_links(tree: Tree) -> Fact[Mapping[str, Link]] | None:
    """The links by name, from JSON if that can be read; None where `ip` was not asked."""
    printed = tree.read(JSON_PATH)
    if isinstance(printed, Known) and printed.value is not None:
        links = parse_json(printed.value)
        if isinstance(links, Known):
            return links
    printed = tree.read(TEXT_PATH)
    if isinstance(printed, Unknown) or printed.value is None:
        return None
    listed = tree.names(SYSFS)
    expected = listed.value if isinstance(listed, Known) else None
    return parse_text(printed.value, expected)


@fact
def parse_json(raw: bytes) -> Fact[Mapping[str, Link]]:
    try:
        # before iproute2 6 a name's control characters are not escaped
        rows = bounded_json(raw.decode("utf-8", "backslashreplace"), strict=False)
    except ValueError as error:
        give_up(f"{JSON_PATH} is not JSON: {shown(str(error))}")
    if not isinstance(rows, list):
        give_up(f"{JSON_PATH} is not a list of links")
    return _by_name([_from_row(row) for row in rows if row != {}], JSON_PATH)


def _from_row(row: object) -> Link:
    if not isinstance(row, dict):
        give_up(f"{JSON_PATH} holds something that is not a link")
    info = row.get("linkinfo") or {}
    if not isinstance(info, dict):
        give_up(_odd("linkinfo", info))
    kind, data = info.get("info_kind"), info.get("info_data")
    mode = data.get("mode") if kind in MACVTAPS and isinstance(data, dict) else None
    name, index, flags = row.get("ifname"), row.get("ifindex"), row.get("flags")
    if not name or type(index) is not int or index <= 0 or not isinstance(flags, list):
        give_up(_odd("a link's name, index or flags", (name, index, flags)))
    raw = encodable(json.dumps(row, ensure_ascii=False))
    return Link(
        name=_word(name) or "",
        index=index,
        kind=_word(kind),
        up="UP" in flags,
        mac=_hardware(_word(row.get("address"))),
        lower=_word(row.get("link")),
        master=_word(row.get("master")),
        mode=_word(mode),
        evidence=(Evidence(JSON_PATH, raw, "application/json"),),
    )


def _word(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value and encodable(value)
    give_up(_odd("a word", value))


@fact
def parse_text(raw: bytes, listed: Iterable[str] | None = None) -> Fact[Mapping[str, Link]]:
    """`listed` is the names in /sys/class/net, where they are known."""
    known = None if listed is None else set(listed) - NO_LINKS
    blocks: list[list[str]] = []
    for line in raw.decode("utf-8", "backslashreplace").split("\n"):
        if line and not line.startswith((" ", "\t")):
            blocks.append([])
        if line.strip():
            if not blocks:
                give_up(f"{TEXT_PATH} begins with {shown(line)}")
            blocks[-1].append(line)
    links = _by_name([_from_text(block, known) for block in blocks], TEXT_PATH)
    names = set(links.need())
    if known is not None and names != known:
        other = ", ".join(shown(name) for name in sorted(names ^ known)[:5])
        give_up(f"{TEXT_PATH} and /{SYSFS} do not have the same links: {other}", *links.evidence)
    return links


def _from_text(lines: list[str], known: set[str] | None) -> Link:
    first, second, third, *_ = *lines, "", ""
    head, address, said = HEAD.fullmatch(first), ADDRESS.fullmatch(second), KIND.fullmatch(third)
    if head is None or address is None:
        give_up(f"{TEXT_PATH} has a link that cannot be understood: {shown(first)}")
    name, lower = head["name"], None
    if known is None or name not in known:
        name, _, lower = name.rpartition("@") if "@" in name else (name, "", None)
    kind = said["kind"] if said else None
    if kind in NO_KINDS or (kind or "").endswith("_slave"):
        kind = None
    if lower is not None and kind is None:
        # what stands on another link has a kind, which `ip -d address` of iproute2 3 does not show
        give_up(f"{TEXT_PATH} does not show what kind of link {shown(name)} is")
    mode = None
    if said and kind in MACVTAPS:
        told = MODE.match(said["rest"])
        mode = told[1] if told else give_up(f"{TEXT_PATH} does not show the mode of {shown(name)}")
    master = MASTER.search(head["rest"])
    return Link(
        name=name,
        index=int(head["index"]),
        kind=kind,
        up="UP" in head["flags"].split(","),
        mac=_hardware(address["address"]),
        lower=lower,
        master=master[1] if master else None,
        mode=mode,
        evidence=(Evidence(TEXT_PATH, "\n".join(lines)),),
    )


def _hardware(address: str | None) -> str | None:
    """As Netlink has it: in bytes, where `ip` shows a tunnel's as an address of its protocol."""
    if not address or MAC.fullmatch(address):
        return address or None
    try:
        return ip_address(address).packed.hex(":")
    except ValueError:
        give_up(f"a link has the address {shown(address)}")


def _by_name(links: list[Link], where: str) -> Fact[Mapping[str, Link]]:
    if not links:
        give_up(f"{where} shows no link, and a kernel always has one")
    found = {link.name: link for link in links}
    if len(found) < len(links) or len({link.index for link in links}) < len(links):
        give_up(f"{where} shows a link twice")
    resolved = {name: _within(link, found) for name, link in found.items()}
    rows = "\n".join(link.evidence[0].raw for link in links)
    return Known(resolved, (Evidence(where, rows),))


def _within(link: Link, links: Mapping[str, Link]) -> Link:
    """The lower link only where it is among those that are shown; a peer is none."""
    lower = link.lower if link.lower in links and link.kind not in PEERS else None
    return replace(link, lower=None if lower == link.name else lower)


def _odd(what: str, value: object) -> str:
    return f"{JSON_PATH}: {what} cannot be understood: {shown(repr(value))}"
