"""Inputs made out of others: by bytes, lines, and the structure of XML, JSON and tars."""

import io
import json
import re
import tarfile
from collections.abc import Callable
from random import Random
from typing import Any

SIZE_LIMIT = 2**17  # bytes; costs of larger ones are for the tests of bombs
NUMBERS = (
    *("0", "-1", "1", "7", "08", "255", "256", "65535", "65536", "4294967295", "4294967296"),
    *("9" * 19, "9" * 400, "0x", "0xffffffff", "1e999", "NaN", "1_0"),
)
WORDS = (
    *(b"", b"\0", b"\n", b"\r\n", b"\t", b"\xff\xfe", b"\xc3", b"\xed\xa0\x80", b"\xe2\x80\xae"),
    *(b"../", b"/", b"//", b".", b"..", b"<!DOCTYPE a>", b"&lt;", b"&#0;", b"&a;", b"<![CDATA["),
    *(b"]]>", b"\x1b[2J", b"::error::", b"yes", b"no", b"hostdev", b"direct", b"private", b"enic"),
    *(b"0000:0a:00.1", b"1137:0071", b"passthrough", b"802.1Qbh", b"default", b"vfio", b"true"),
    *(b"null", b"[" * 60, b"{" * 60, b"a" * 5000, b'"', b"'", b"%s", b"{}", b"ustar\0", b"*", b"["),
    *(n.encode() for n in NUMBERS),
)
_TAG = re.compile(rb"<[^<>]{1,400}>")
_VALUE = re.compile(rb"""=\s*("[^"<>]*"|'[^'<>]*')""")
_NUMBER = re.compile(rb"\d+")


def by_bytes(raw: bytes, other: bytes, random: Random) -> bytes:
    at = random.randrange(len(raw) + 1)
    size = min(random.choice((1, 2, 4, 16, 64, 512)), len(raw) - at)
    match random.randrange(9):
        case 0:
            return raw[:at] + bytes([random.randrange(256)]) + raw[at + 1 :]
        case 1:
            return raw[:at] + random.choice(WORDS) + raw[at:]
        case 2:
            return raw[:at] + random.choice(WORDS) + raw[at + size :]
        case 3:
            return raw[:at] + raw[at + size :]
        case 4:
            return raw[:at] + raw[at : at + size] * random.choice((2, 3, 50)) + raw[at + size :]
        case 5:
            return raw[:at]
        case 6:
            start = random.randrange(len(other) + 1)
            return raw[:at] + other[start : start + random.choice((4, 64, 1024))] + raw[at:]
        case 7 if found := list(_NUMBER.finditer(raw)):
            return _instead(raw, random.choice(found), random.choice(NUMBERS).encode())
        case _:
            flipped = raw[at : at + 1] and bytes([raw[at] ^ 1 << random.randrange(8)])
            return raw[:at] + flipped + raw[at + 1 :]


def by_lines(raw: bytes, other: bytes, random: Random) -> bytes:
    if random.random() < 0.3:
        return by_bytes(raw, other, random)
    lines = raw.splitlines(keepends=True) or [b""]
    at = random.randrange(len(lines))
    match random.randrange(6):
        case 0:
            del lines[at]
        case 1:
            lines.insert(at, random.choice(lines))
        case 2:
            lines[at] = random.choice(other.splitlines(keepends=True) or [b""])
        case 3:
            words = lines[at].split(b" ")
            words[random.randrange(len(words))] = random.choice(WORDS)
            lines[at] = b" ".join(words)
        case 4:
            lines[at] *= random.choice((2, 20))
        case _:
            lines[at] = by_bytes(lines[at], other, random)
    return b"".join(lines)


def by_xml(raw: bytes, other: bytes, random: Random) -> bytes:
    tags, values = list(_TAG.finditer(raw)), list(_VALUE.finditer(raw))
    if not tags or not values or random.random() < 0.2:
        return by_bytes(raw, other, random)
    tag, value = random.choice(tags), random.choice(values)
    there = [found[0] for found in _TAG.finditer(other)] or [b""]
    match random.randrange(7):
        case 0:
            return _instead(raw, tag, b"")
        case 1:
            return _instead(raw, tag, tag[0] * random.choice((2, 2, 120)))
        case 2:
            return _instead(raw, tag, random.choice(there) + tag[0])
        case 3:
            word = random.choice(WORDS).replace(b'"', b"")
            return _instead(raw, value, b'="' + word + b'"')
        case 4:
            return _instead(raw, value, random.choice(values)[0])
        case 5:  # an element with all that is in it, once more
            end = raw.find(b"</" + tag[0][1:].split(b" ")[0].rstrip(b"/>") + b">", tag.start())
            return raw[:end] + raw[tag.start() : end] + raw[end:] if end > 0 else raw
        case _:
            inner = by_bytes(value[0][2:-1], other, random)
            return _instead(raw, value, b'="' + inner + b'"')


def _instead(raw: bytes, place: re.Match[bytes], new: bytes) -> bytes:
    return raw[: place.start()] + new + raw[place.end() :]


def by_json(raw: bytes, other: bytes, random: Random) -> bytes:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        return by_bytes(raw, other, random)
    if random.random() < 0.15:
        return by_bytes(raw, other, random)
    return json.dumps(_changed(value, random)).encode()


def _changed(value: Any, random: Random) -> Any:
    """One thing in it, on the way down."""
    if value and isinstance(value, dict | list) and random.random() < 0.85:
        copy: Any = value.copy()
        key = random.choice(list(copy) if isinstance(copy, dict) else range(len(copy)))
        match random.randrange(8):
            case 0:
                del copy[key]
            case 1 if isinstance(copy, list):
                copy.append(copy[key])
            case 2 if isinstance(copy, dict):
                copy[random.choice(("", "a", "id", "where", "verdict"))] = copy[key]
            case _:
                copy[key] = _changed(copy[key], random)
        return copy
    others: tuple[Any, ...] = (
        None,
        True,
        0,
        -1,
        1.5,
        10**30,
        "",
        "a",
        "\ud800",
        "\0",
        "x" * 500,
        [],
        {},
        [[]],
    )
    if isinstance(value, str) and random.random() < 0.5:
        changed = by_bytes(value.encode("utf-8", "replace"), b"", random)
        return changed.decode("utf-8", "replace")
    return random.choice((*others, {"a": value}, [value]))


def by_name(path: str) -> Callable[[bytes, bytes, Random], bytes]:
    """How the content of a file of this name is changed."""
    if path.endswith(".xml"):
        return by_xml
    if path.endswith((".json", ".yaml")):
        return by_json if path.endswith(".json") else by_lines
    return by_bytes if path.endswith(".bin") else by_lines


Member = tuple[str, bytes, str, bytes]  # name, type, link's target, content


def members(raw: bytes) -> list[Member]:
    """What a tar holds, as far as it can be read."""
    found: list[Member] = []
    try:
        with tarfile.open(fileobj=io.BytesIO(raw), mode="r:") as tar:
            for each in tar:
                file = tar.extractfile(each) if each.isreg() else None
                found.append((each.name, each.type, each.linkname, file.read() if file else b""))
    except (tarfile.TarError, OSError, ValueError, EOFError, KeyError, RecursionError):
        pass
    return found


def tar(held: list[Member]) -> bytes:
    packed = io.BytesIO()
    for name, kind, target, content in held:
        info = tarfile.TarInfo(name)
        info.type, info.linkname = kind, target
        info.size = len(content) if info.isreg() else 0
        try:
            packed.write(info.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape"))
        except (ValueError, UnicodeError):
            continue
        packed.write(content + bytes(-len(content) % 512) if info.isreg() else b"")
    return packed.getvalue() + bytes(1024)


def by_members(raw: bytes, other: bytes, random: Random) -> bytes:
    held = members(raw)
    if not held or random.random() < 0.25:
        return by_bytes(raw, other, random)
    at = random.randrange(len(held))
    name, kind, target, content = held[at]
    match random.randrange(9):
        case 0:
            del held[at]
        case 1:
            held.insert(at, random.choice(held))
        case 2:
            word = random.choice(WORDS).decode("utf-8", "surrogateescape")
            held[at] = (name + word, kind, target, content)
        case 3:
            held[at] = (random.choice(held)[0], kind, target, content)
        case 4:
            held[at] = (name, random.choice((b"1", b"2", b"5", b"0", b"x")), name, content)
        case 5 if theirs := members(other):
            held.insert(at, random.choice(theirs))
        case _:
            change = by_name(name)
            held[at] = (name, kind, target, change(content, random.choice(held)[3], random))
    return tar(held)


def below_a_line(raw: bytes, other: bytes, random: Random) -> bytes:
    """The first line says what the rest is (`HOST PATH`), and stays as it is."""
    head, _, content = raw.partition(b"\n")
    change = by_name(head.decode("utf-8", "replace"))
    return head + b"\n" + change(content, other.partition(b"\n")[2], random)
