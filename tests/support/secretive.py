"""A host on which every name is one that must not be told, and a search for them in any writing."""

import json
import re
from base64 import b64decode
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote_to_bytes
from uuid import UUID

from tests.support.construct.blade import construct
from tests.support.construct.hosts import REFERENCE
from tests.support.construct.raw import RawTree
from tests.support.construct.spec import Nic, Pool, Ucs, Vm
from vmfex.evidence.archive.manifest import MANIFEST

HOST = "kvm-berlin07.corp.example"
FABRIC_PROFILE = "acme-payroll-production"  # longer than the 16 characters that UCS Manager keeps
NAMES = {
    "host": [HOST, "kvm-berlin07"],
    "vm": ["payroll01", "Oracle DB & Co", "ledger02", "4711"],
    "network": ["zurich-pool"],
    "profile": [FABRIC_PROFILE, "acme-ledger"],
    "user": ["Alice Adams", "Bob Builder", "carol", "40017"],
}
MACS = ["52:54:00:9b:3e:71", "52:54:00:9b:3e:72", "52:54:00:9b:3e:73", "52:54:00:9b:3e:74"]
UUIDS = [
    "3f1c52a8-7b4e-4d0a-9c61-2e8f5b7a9d10",
    *("8a6e0d3b-91f4-4c27-b5e8-6d2c1f7a4b3e", "c47b91e2-5d38-4fa6-8e0b-71a9d6c3f582"),
    *("e90d2c76-4a1b-4538-9f7c-b3e6a8d15204", "17f8b3c5-6e92-4da0-a3b7-5c4d9e2f8a61"),
    "5b0e93d7-2c84-4f1a-8d36-90e7a4c1b2f8",
]
ADDRESSES = ["10.77.31.9", "fd12:3456:789a::77"]
SERIALS = ["FCH1942V0XY"]


def host() -> RawTree:
    """The reference host under these names, with text in places where people write some."""
    pool, ledger = NAMES["network"][0], NAMES["profile"][1]
    vms = (
        Vm(NAMES["vm"][0], UUIDS[1], (Nic("direct", "eth2", MACS[0], FABRIC_PROFILE),)),
        Vm("OracleDB", UUIDS[2], (Nic("network", pool, MACS[1], FABRIC_PROFILE),), False),
        Vm(NAMES["vm"][2], UUIDS[3], (Nic("hostdev", "0000:07:00.1", MACS[2], ledger),)),
        Vm(NAMES["vm"][3], UUIDS[5], (Nic("network", pool, MACS[3], FABRIC_PROFILE),), False),
    )
    blade = replace(
        REFERENCE,
        name=HOST,
        uuid=UUIDS[0],
        vms=vms,
        pools=(Pool(pool, UUIDS[4], ("eth3", "eth4", "eth5"), FABRIC_PROFILE),),
        ucs=Ucs("UCS-FI-6332", "3.1(3k)", "yes", (FABRIC_PROFILE, ledger)),
        guests=(),
        asked_to_migrate=(),
    )
    tree = construct(blade)
    for path, content in tree.files.items():
        text = content.decode("latin-1").replace("FCH00000B01", SERIALS[0])
        if path.endswith(".xml"):
            text = text.replace("OracleDB", "Oracle DB &amp; Co")
        tree.files[path] = text.encode("latin-1")
    said = f"<description>of Alice Adams, {ADDRESSES[0]}, {ADDRESSES[1]}, see {HOST}</description>"
    disk = f"/home/carol/{NAMES['vm'][0]}-disk1.qcow2"
    uuid = UUIDS[1]
    for state in ("running", "persistent"):
        path = f"libvirt/domains/{uuid}/{state}.xml"
        if path in tree.files:
            tree.edit(path, "<memory", f"{said}<metadata>{HOST.upper()}</metadata><memory")
            tree.edit(
                path, "<devices>", f"<devices><filesystem><source dir='{disk}'/></filesystem>"
            )
    message = f"see qemu+ssh://carol@{HOST}/system and https://{ADDRESSES[0]}:8443/x"
    connection = json.loads(tree.files["libvirt/connection.json"]) | {"message": message}
    tree.put("libvirt/connection.json", json.dumps(connection))
    manifest = json.loads(tree.files[MANIFEST])
    reason = f"permission denied by {HOST} (carol@{HOST}, {ADDRESSES[1]})"
    tree.put(MANIFEST, json.dumps(manifest | {"unreadable": {"guests": reason}}))
    return tree


WAIVERS = f"""\
statements:
- rule: HDV-05
  host: "kvm-berlin*"
  subject: "domain {NAMES["vm"][2]}*"
  statement: Alice Adams looked at {NAMES["vm"][2]} on {HOST}
  by: Alice Adams
  at: 2026-01-10T09:00:00Z
  evidence: seen.txt
  expires: 2099-06-01T00:00:00Z
objections:
- {{rule: HST-01, reason: "carol says no", by: Bob Builder, at: 2026-01-10T09:00:00Z}}
- {{rule: HST-02, reason: "no", by: "40017", at: 2026-01-10T09:00:00Z}}
"""
PLAN = f"""\
live_migration:
  domains: ["payroll*"]
  destinations: [{HOST}]
"""


def originals() -> list[str]:
    return [
        *(name for each in NAMES.values() for name in each),
        *MACS,
        *UUIDS,
        *ADDRESSES,
        *SERIALS,
    ]


def writings(original: str) -> Iterator[str]:
    """In lower case, as somebody could find it."""
    yield original
    if len(original) > 16 and original not in UUIDS:
        yield original[:16]
    if original in UUIDS:
        swapped = UUID(bytes_le=UUID(original).bytes)
        yield from (UUID(original).hex, str(swapped), swapped.hex)
    if original in MACS:
        digits = original.replace(":", "")
        yield from (digits, original.replace(":", "-"))
        yield f"{digits[:4]}.{digits[4:8]}.{digits[8:]}"


def found_in(folder: Path) -> list[tuple[str, str]]:
    """Each file, by its path in the folder, and each original that it has in some writing: plain,
    percent-encoded, in JSON's or XML's escapes, base64, at any depth of these."""
    found = []
    for path in folder.rglob("*"):
        name = str(path.relative_to(folder))
        raw = name.encode() + b"\n" + (path.read_bytes() if path.is_file() else b"")
        texts = [text.lower() for text in unwrapped(raw)]
        for original in originals():
            wanted = [_pattern(writing.lower()) for writing in writings(original)]
            if any(writing.search(text) for writing in wanted for text in texts):
                found.append((name, original))
    return found


def _pattern(written: str) -> re.Pattern[str]:
    """A number of a few digits is in some digest or other by chance."""
    whole = rf"(?<![0-9a-z]){written}(?![0-9a-z])"
    return re.compile(whole if written.isdigit() and len(written) < 8 else re.escape(written))


def unwrapped(raw: bytes, depth: int = 2) -> Iterator[str]:
    text = raw.decode("latin-1")
    yield text
    if not depth:
        return
    yield unquote_to_bytes(text).decode("latin-1")
    yield text.replace("&amp;", "&").replace("&#x27;", "'").replace("\\u0026", "&")
    for token in re.findall(r"[A-Za-z0-9+/_-]{12,}={0,2}", text):
        for start in range(4):
            part = token.rstrip("=")[start:].replace("-", "+").replace("_", "/")
            with suppress(ValueError):
                decoded = b64decode(part[: len(part) // 4 * 4])
                yield from unwrapped(decoded, 0)
    for token in re.findall(r"[0-9a-fA-F]{16,}", text):
        with suppress(ValueError):
            yield from unwrapped(bytes.fromhex(token), 0)
