"""All that is fuzzed."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.fuzz import bases
from tests.fuzz.mutate import below_a_line, by_bytes, by_json, by_lines, by_members, by_xml
from tests.fuzz.readers import (
    action_plan,
    answer,
    bundle,
    certified,
    definition,
    host_name,
    in_a_file,
    inside,
    judged,
    one_file,
    opened,
    plan,
    record_file,
    valid,
    whole_host,
)
from tests.fuzz.target import Mutate, Target
from tests.support.bundles import run_of
from vmfex.bundle.contents import run_in
from vmfex.bundle.make import make
from vmfex.evidence.embedded import embedded_hosts
from vmfex.evidence.sources.ucsm.classes import REQUESTS
from vmfex.reports import record

PLANS = (
    b"topologies:\n  SR-IOV with MacVTap passthrough: 2\n  SR-IOV in hostdev mode: 1\n",
    b"live_migration:\n  domains: [web01, 'db*']\n  destinations: [a, b]\nout_of_scope: [x]\n",
)
ACTIONS = (
    b"\xef\xbb\xbfrule,host,subject,owner,due,status\r\nVIC-02,h,VIC 1340,Ann,2027-03-31,x\r\n",
    b'rule;host;subject;owner;due;status\n"VIC-02";"a";"b; c";"Ann ""B""";;ordered\n',
)
NAMES = (b"local", b"ssh://root@blade-7:22", b"qemu+ssh://blade/system?no_verify=1", b"reference")


def _answers() -> Iterator[bytes]:
    for base in ("reference", "fabric-6454", "rhel61-private-ucs20"):
        for request in REQUESTS:
            rows = b""
            for class_id in request:
                raw = bases.held(base).files.get(f"ucsm/{class_id}.xml", b"")
                rows += raw.partition(b"<outConfigs>")[2].partition(b"</outConfigs>")[0]
            head = b'<configResolveClasses cookie="" response="yes"><outConfigs>'
            yield head + rows + b"</outConfigs></configResolveClasses>"
    yield b'<error cookie="" response="yes" errorCode="552" errorDescr="no session"/>'


def _records() -> Iterator[bytes]:
    for base in ("reference", "centos7"):
        tree = bases.with_file(base, "etc/issue", b"")
        for rule in ("HST-01", "PRF-01", "SRV-04"):
            yield record.text(certified(tree, rule)).encode()


def _bundles() -> Iterator[bytes]:
    with TemporaryDirectory() as place:
        file = Path(place) / "b.tar"
        make(run_in(run_of(Path(place) / "out")), file, {}, None)
        yield file.read_bytes()


def _tars(*names: str) -> Callable[[], Iterator[bytes]]:
    return lambda: (bases.packed(name) for name in names)


def _of_area(area: str) -> Callable[[], Iterator[bytes]]:
    def seeds() -> Iterator[bytes]:
        for raw in bases.files(*embedded_hosts()):
            if raw.partition(b" ")[2].startswith(area.encode()):
                yield raw

    return seeds


def _definitions() -> Iterator[bytes]:
    for raw in (*_of_area("libvirt/domains/")(), *_of_area("libvirt/networks/")()):
        yield raw.partition(b"\n")[2]


def _corpus() -> Iterator[bytes]:
    for path in sorted(bases.CORPUS.iterdir()):
        yield path.read_bytes()


def _mixed(raw: bytes, other: bytes, random: Random) -> bytes:
    return random.choice((by_bytes, by_members))(raw, other, random)


def _record_changed(raw: bytes, other: bytes, random: Random) -> bytes:
    """Mostly so that its digests are still right."""
    changed = by_json(raw, other, random)
    if random.random() < 0.5:
        return changed
    try:
        document = json.loads(changed)
        kept = {record.evidence_id(**entry): entry for entry in document["evidence"].values()}
        document["evidence"] = kept
        return json.dumps(document).encode()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return changed


def _area(name: str, weight: int, area: str, mutate: Mutate = below_a_line) -> Target:
    return Target(name, weight, _of_area(area), mutate, one_file)


TARGETS = (
    _area("domain XML", 10, "libvirt/domains/"),
    Target("domain schema", 1, _of_area("libvirt/domains/"), below_a_line, valid),
    _area("network XML", 10, "libvirt/network"),
    _area("capabilities", 4, "libvirt/c"),
    _area("migration and guests", 3, "libvirt/migration"),
    _area("UCS objects", 12, "ucsm/"),
    _area("links", 14, "netlink/"),
    _area("system files", 8, "etc/"),
    _area("proc", 4, "proc/"),
    _area("kernel", 4, "uname"),
    _area("PCI", 4, "sys/"),
    Target("UCS answer", 6, _answers, by_xml, answer),
    Target("plan", 3, lambda: PLANS, by_lines, in_a_file(plan)),
    Target("action plan", 2, lambda: ACTIONS, by_lines, in_a_file(action_plan)),
    Target("definition", 3, _definitions, by_xml, in_a_file(definition)),
    Target("record", 2, _records, _record_changed, in_a_file(record_file)),
    Target("bundle", 2, _bundles, by_members, in_a_file(bundle)),
    Target("host name", 4, lambda: NAMES, by_bytes, host_name),
    Target("captured file", 1, lambda: bases.files(*bases.CAPTURES), below_a_line, whole_host),
    Target("sosreport's file", 1, lambda: bases.files(bases.SOSREPORT), below_a_line, whole_host),
    Target("recording", 1, _tars("no-vic", "unreadable"), by_members, in_a_file(opened)),
    Target("capture", 1, _tars("old-capture"), by_members, in_a_file(opened)),
    Target("sosreport", 1, _tars("sosreport"), by_members, in_a_file(opened)),
    Target("packed", 1, _corpus, _mixed, in_a_file(opened)),
    Target("guest capture", 1, _tars("old-capture"), by_members, in_a_file(inside)),
    Target("judged", 4, lambda: bases.files(*embedded_hosts()), below_a_line, judged),
)
