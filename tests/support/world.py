"""A recorded host put together again as the capture script finds one: its files in a directory, and
programs that print what the host's own did.

Constructed: `virsh`, `ip`, `uname`, `dmesg` and `rpm` answer from the recording and know no more
than the versions they stand for. Nothing is run on a host of that age.
"""

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from vmfex.checks.model.link import Link
from vmfex.evidence.parsers.links import parse_links
from vmfex.evidence.sources.recorded import RecordedTree
from vmfex.evidence.tree import HOST_FILES

NEW_VIRSH = 9013  # libvirt 0.9.13: `list --uuid`
UUID = re.compile(rb"<uuid>(.*?)</uuid>")
ID = re.compile(rb"<domain\b[^>]*\sid='(\d+)'")
NAME = re.compile(rb"<name>(.*?)</name>")

VIRSH = """#!/bin/sh
[ "$1 $2 $3" = "-r -c qemu:///system" ] || { echo "error: this is not read-only" >&2; exit 1; }
shift 3
cd "$(dirname "$0")/answers" || exit
[ ! -f failure ] || { cat failure >&2; exit 1; }
if [ -f old ]; then
    case $* in
        *--uuid* | *--daemon*)
            echo "error: command '$1' doesn't support option --uuid" >&2
            exit 1
            ;;
    esac
fi
show() { cat "$@" 2>/dev/null && return; echo "error: failed to get it" >&2; false; }
answer() {
  case $* in
    "echo "*) echo "${*#echo }" ;;
    version*) show version ;;
    capabilities) show capabilities.xml ;;
    "list --uuid") show running ;;
    "list --all --persistent --uuid") show persistent ;;
    "list --all") show table ;;
    "dumpxml --inactive "*)
        domain=${*#dumpxml --inactive }
        show "domain ${domain#--domain }/persistent.xml"
        ;;
    "dumpxml "*)
        domain=${*#dumpxml }
        show "domain ${domain#--domain }/running.xml"
        ;;
    "dominfo "*) show "domain ${*#dominfo }/dominfo" ;;
    "net-list --all --uuid") show networks ;;
    "net-list --all") show network-table ;;
    "net-dumpxml --network "*) show "network ${*#net-dumpxml --network }" ;;
    "net-dumpxml "*) show "network ${*#net-dumpxml }" ;;
    *) echo "error: unknown command: '$*'" >&2; false ;;
  esac
}
case $*:$# in
    *"; "*:1)
        rest="$*; "
        while [ -n "$rest" ]; do answer ${rest%%; *}; rest=${rest#*; }; done
        ;;
    *) answer "$@" ;;
esac
"""
IP = """#!/bin/sh
cd "$(dirname "$0")/answers" || exit
case $* in
    "-d link show") cat link.txt ;;
    "-d -j link show")
        [ -f link.json ] || { echo 'Option "-j" is unknown, try "ip -help".' >&2; exit 255; }
        cat link.json
        ;;
    *) exit 1 ;;
esac
"""
UNAME = """#!/bin/sh
set -- "$1" {words}
case $1 in -r) echo "$4" ;; -n) echo "$3" ;; *) shift; echo "$*" ;; esac
"""
DMESG = """#!/bin/sh
cat "$(dirname "$0")/answers/dmesg" 2>/dev/null || {
    echo "dmesg: read kernel buffer failed: Operation not permitted" >&2
    exit 1
}
"""
RPM = """#!/bin/sh
cat "$(dirname "$0")/answers/changelog" 2>/dev/null || {
    echo "package ${3:-} is not installed"
    exit 1
}
"""


@dataclass(frozen=True)
class World:
    """`root` holds the host's files, `tools` its programs. What it does not let everybody read is
    kept from `NOBODY`, as whom the script is to be run."""

    root: Path
    tools: Path


@contextmanager
def world_of(tree: RecordedTree, *, old: bool | None = None) -> Iterator[World]:
    """`old` makes its programs those of RHEL 6.1; by default libvirt's version in it tells."""
    top = Path(tempfile.mkdtemp(prefix="world-"))
    try:
        top.chmod(0o755)
        made = World(top / "root", top / "tools")
        (made.tools / "answers").mkdir(parents=True)
        _write_files(tree, made.root)
        _write_answers(tree, made.tools / "answers", old)
        _write_programs(tree, made.tools)
        yield made
    finally:
        for directory in (top / "root").glob("*"):
            directory.chmod(0o755)
        shutil.rmtree(top)


def _write_files(tree: RecordedTree, root: Path) -> None:
    root.mkdir()
    areas = {path.partition("/")[0] for path in (*tree.files, *tree.links, *tree.directories)}
    for area in HOST_FILES:
        (root / area).mkdir()
    for path in tree.directories:
        if path.partition("/")[0] in HOST_FILES:
            (root / path).mkdir(parents=True, exist_ok=True)
    for path, content in tree.files.items():
        if path.partition("/")[0] in HOST_FILES:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(content)
    for path, target in tree.links.items():
        if path.partition("/")[0] in HOST_FILES:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).symlink_to(target)
    for area in set(HOST_FILES) - areas:
        (root / area).chmod(0)  # of which the recording knows nothing


def _write_answers(tree: RecordedTree, answers: Path, old: bool | None) -> None:
    files = tree.files
    connection = json.loads(files.get("libvirt/connection.json", b"{}"))
    version = connection.get("version") or 0
    is_old = version < NEW_VIRSH if old is None else old
    if is_old:
        (answers / "old").touch()
    if connection.get("outcome") == "connected":
        hypervisor = connection["hypervisor_version"]
        (answers / "version").write_text(
            f"Compiled against library: libvir {_dotted(version)}\n"
            f"Using library: libvir {_dotted(version)}\nUsing API: QEMU {_dotted(version)}\n"
            f"Running hypervisor: QEMU {_dotted(hypervisor)}\n"
            + ("" if is_old else f"Running against daemon: {_dotted(version)}\n")
        )
        _write_domains(files, answers)
        _write_networks(files, answers)
        capabilities = files.get("libvirt/capabilities.xml")
        if capabilities is not None:
            (answers / "capabilities.xml").write_bytes(capabilities)
    else:
        said = connection.get("message", "authentication unavailable: no polkit agent available")
        (answers / "failure").write_text(
            f"error: failed to connect to the hypervisor\nerror: {said}\n"
        )
    if links := files.get("netlink/links.bin"):
        shown = list(parse_links(links).need().values())
        (answers / "link.txt").write_text("".join(map(ip_text, shown)))
        if not is_old:
            (answers / "link.json").write_text(json.dumps(list(map(ip_row, shown))))
    for name, path in (("dmesg", "var/log/dmesg"), ("changelog", "kernel-changelog")):
        if path in files:
            (answers / name).write_bytes(files[path])


def _write_domains(files: dict[str, bytes], answers: Path) -> None:
    running, persistent, rows = [], [], [" Id Name                 State", "-" * 34]
    found: dict[str, dict[str, bytes]] = {}
    for path, xml in files.items():
        if path.startswith("libvirt/domains/"):
            _, _, uuid, kind = path.split("/")
            found.setdefault(uuid, {})[kind] = xml
    for uuid, kinds in found.items():
        name = _told(NAME, next(iter(kinds.values())))
        keys, id_ = [uuid, name], "-"
        if "running.xml" in kinds:
            running.append(uuid)
            id_ = _told(ID, kinds["running.xml"])
            keys.append(id_)
        if "persistent.xml" in kinds:
            persistent.append(uuid)
        rows.append(f"{id_:>3} {name:<20} {'running' if id_ != '-' else 'shut off'}")
        for key in keys:
            (answers / f"domain {key}").mkdir()
            for kind, xml in kinds.items():
                (answers / f"domain {key}" / kind).write_bytes(xml)
            kept = "yes" if "persistent.xml" in kinds else "no"
            (answers / f"domain {key}" / "dominfo").write_text(
                f"Name:           {name}\nPersistent:     {kept}\nAutostart:      disable\n"
                "Managed save:   no\nSecurity model: none\n"
            )
    (answers / "running").write_text("".join(f"{uuid}\n" for uuid in running) + "\n")
    (answers / "persistent").write_text("".join(f"{uuid}\n" for uuid in persistent) + "\n")
    (answers / "table").write_text("".join(f"{row}\n" for row in rows) + "\n")


def _write_networks(files: dict[str, bytes], answers: Path) -> None:
    uuids, rows = [], ["Name                 State      Autostart", "-" * 41]
    for path, xml in files.items():
        if path.startswith("libvirt/networks/"):
            uuids.append(path.rpartition("/")[2].removesuffix(".xml"))
            name = _told(NAME, xml)
            rows.append(f"{name:<20} {_state(files, name)}")
            for key in (uuids[-1], name):
                (answers / f"network {key}").write_bytes(xml)
    (answers / "networks").write_text("".join(f"{uuid}\n" for uuid in uuids) + "\n")
    (answers / "network-table").write_text("".join(f"{row}\n" for row in rows) + "\n")


def _state(files: dict[str, bytes], name: str) -> str:
    """A network's, as a row of `net-list`; a recording that has none is of one that is in use."""
    states = json.loads(files.get("libvirt/network-states.json", b"{}"))
    state = states.get(name, {"active": True, "autostart": True})
    active, autostart = "active" if state["active"] else "inactive", state["autostart"]
    return f"{active:<10} {'yes' if autostart else 'no':<10}"


def _write_programs(tree: RecordedTree, tools: Path) -> None:
    programs = {"virsh": VIRSH, "ip": IP, "dmesg": DMESG, "rpm": RPM}
    uname = tree.files.get("uname")
    if uname is not None:
        name, node, release, version, machine = _five(uname.decode().split())
        words = " ".join(f"'{word}'" for word in (name, node, release, version, machine))
        programs["uname"] = UNAME.format(words=words)
    else:
        programs["uname"] = "#!/bin/sh\nexit 1\n"
    for name, text in programs.items():
        (tools / name).write_text(text)
        (tools / name).chmod(0o755)


def _five(words: list[str]) -> tuple[str, str, str, str, str]:
    return words[0], words[1], words[2], " ".join(words[3:-1]), words[-1]


def ip_row(link: Link) -> dict[str, object]:
    """A link as `ip -d -j` shows it."""
    row: dict[str, object] = {"ifindex": link.index, "ifname": link.name}
    row["flags"] = ["BROADCAST", *(["UP", "LOWER_UP"] if link.up else [])]
    row["linkinfo"] = {"info_kind": link.kind, "info_data": {"mode": link.mode}}
    optional = {"link": link.lower, "master": link.master, "address": link.mac}
    return row | {key: value for key, value in optional.items() if value is not None}


def ip_text(link: Link) -> str:
    """A link as `ip -d` of RHEL 6 shows it."""
    lower = f"@{link.lower}" if link.lower else ""
    flags = "BROADCAST,UP,LOWER_UP" if link.up else "BROADCAST"
    master = f" master {link.master}" if link.master else ""
    kind = "ether" if link.mac else "none"
    address = f" {link.mac} brd ff:ff:ff:ff:ff:ff" if link.mac else ""
    detail = f"    {link.kind} {f' mode {link.mode} ' if link.mode else ''}\n" if link.kind else ""
    head = (
        f"{link.index}: {link.name}{lower}: <{flags}> mtu 1500 qdisc mq{master} state UP qlen 1000"
    )
    return f"{head}\n    link/{kind}{address}\n{detail}"


def _told(pattern: re.Pattern[bytes], xml: bytes) -> str:
    match = pattern.search(xml)
    assert match
    return match[1].decode()


def _dotted(version: int) -> str:
    return f"{version // 1_000_000}.{version // 1_000 % 1_000}.{version % 1_000}"


NOBODY = 65534 if os.geteuid() == 0 else os.geteuid()
