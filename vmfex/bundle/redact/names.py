"""The names that were found, their pseudonyms, and texts in which these stand for them.

Names are gathered first, from everything, and then numbered: so that a name that is found late is
replaced in what came early too, and no pseudonym is a name that is there.
"""

import re
from base64 import b64decode
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress

from vmfex.bundle.redact.patterns import found_in, numbers_in
from vmfex.bundle.redact.trie import any_of
from vmfex.bundle.redact.writings import writings

LEFT_OUT = "(left out)"
# Names that everybody has: the cluster of the guide, the administrator.
EVERYBODYS = frozenset({"default", "root", "localhost", "local", "none", "unknown", "any", "*"})
NOBODYS = frozenset({"localhost", "*"})  # not even a host's
DEVICE = re.compile(  # network devices, as kernel, udev and libvirt name them
    r"(?:eth|en[opsx]|enp|ens|eno|macvtap|macvlan|vnet|tap|br|bond|team|virbr|ib|lo|wlan)"
    r"[0-9a-f]*(?:[snfdpv]\d+)*(?:[.:]\d+)?|switch-[AB]|[AB]",
    re.I,
)
# Everybody's names, devices' and short ones tell nobody's identity, but as a VM's or a host's name.
WEAK_KINDS = ("vm", "host")
NUMBERED = (*WEAK_KINDS, "network", "profile", "user", "serial")  # may be called by a number
COUNT = 3  # digits: a shorter number is a count, but where its place says that it is a name
# Behind these a name stands.
NAMING = r"(?:domains?|VMs?|guests?|hosts?|networks?|profiles?|--guest|virsh \w+) '?"
HEX = re.compile(r"[0-9a-f]+")
NUMBER = re.compile(r"(?:0x)?[0-9]{1,6}")
ENCODED = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")
Table = Mapping[str, Mapping[str, str]]  # pseudonyms by kind and original


class Names:
    """What was found, in the order in which it was."""

    def __init__(self, known: Table | None = None) -> None:
        self._known = known or {}
        self._kinds: dict[str, str] = {}  # by the original, in lower case
        self._aliases: dict[str, str] = {}
        self._spelled: dict[str, set[str]] = {}  # an umlaut's escape tells its case
        self._seen: set[str] = set()  # one text stands in many findings

    def add(self, kind: str, original: str) -> None:
        """The first kind counts."""
        name = original.strip().lower()
        if not name.isascii():
            self._spelled.setdefault(name, set()).add(original.strip())
        if name in self._kinds or not _is_somebodys(kind, name):
            return
        kind, name = next((each for each in found_in(name) if each[1] == name), (kind, name))
        self._kinds[name] = kind
        short, dot, rest = name.partition(".")
        if kind == "host" and dot and not short.isdigit():
            self._kinds.setdefault(rest, "domain")
            if not is_weak(short) and short not in self._kinds:
                self._kinds[short] = "host"
                self._aliases[short] = name

    def add_all(self, found: Iterable[tuple[str, str]]) -> None:
        for kind, original in found:
            self.add(kind, original)

    def look_into(self, text: str) -> None:
        """Adds what can be told by its form."""
        if text not in self._seen:
            self._seen.add(text)
            self.add_all(found_in(text))

    def numbered(self) -> "Redactor":
        """Those that are known keep their pseudonyms; the others get the next ones."""
        table: dict[str, dict[str, str]] = {kind: dict(of) for kind, of in self._known.items()}
        taken = {pseudonym for of in table.values() for pseudonym in of.values()}
        for name, kind in self._kinds.items():
            of_kind = table.setdefault(kind, {})
            if name in of_kind or name in self._aliases:
                continue
            free = (_pseudonym(kind, number) for number in range(1, 1 << 40))
            of_kind[name] = next(p for p in free if p not in taken and p not in self._kinds)
            taken.add(of_kind[name])
        for short, name in self._aliases.items():
            table["host"].setdefault(short, table["host"][name])
        return Redactor(table, self._kinds, self._spelled)


def _pseudonym(kind: str, number: int) -> str:
    if kind == "uuid":
        return f"00000000-0000-4000-8000-{number:012d}"
    if kind == "mac":  # locally administered
        return "02:ed:ac:" + ":".join(f"{number >> shift & 255:02x}" for shift in (16, 8, 0))
    if kind == "ip":  # for benchmarks alone (RFC 2544)
        return f"198.{18 + (number >> 16 & 1)}.{number >> 8 & 255}.{number & 255}"
    return f"{kind}-{number}"


class Redactor:
    """`table` has all pseudonyms, those of this run and those that were known before."""

    def __init__(
        self, table: Table, kinds: Mapping[str, str], spelled: Mapping[str, Collection[str]]
    ) -> None:
        self.table = table
        self._stands = dict(_written(table, kinds, spelled))
        weak = {written for written in self._stands if is_weak(written)}
        numbers = {written for written in self._stands if NUMBER.fullmatch(written)} - weak
        sure = {written for written in self._stands if _is_sure(written)} - weak
        rest = self._stands.keys() - weak - numbers - sure
        self._sure = re.compile(any_of(sure))
        words = rf"{any_of(sure)}|(?<![a-z0-9])(?:{any_of(rest)})(?![a-z0-9])"
        words += rf"|(?<!\w)(?P<before>{NAMING})(?P<weak>{any_of(weak)})(?!\w)"
        # not within an address, an id, a version, a date
        number = rf"(?<![\w.:])(?<!\d-)(?:{any_of(numbers)})(?!\w|:\w|\.\d|-\d\d-)"
        self._words = re.compile(words, re.I)
        self._any = re.compile(f"{words}|{number}", re.I)
        self._weak = frozenset(weak)
        self._pseudonyms = {*self._stands.values()}

    def text(self, text: str) -> str:
        """The text with a pseudonym for each name in it, in whatever writing."""
        return ENCODED.sub(self._decoded, self._any.sub(self._stand_in, text))

    def technical(self, text: str) -> str:
        """The same, of a text in which a number is no name."""
        return ENCODED.sub(self._decoded, self._words.sub(self._stand_in, text))

    def name(self, text: str) -> str:
        """The same, of what is a name, or a path of names: there it may be one that anybody has."""
        parts = self.text(text).split("/")
        known = (each.strip().lower() for each in parts)
        found = zip(parts, known, strict=True)
        return "/".join(self._stands[k] if k in self._weak else part for part, k in found)

    def _stand_in(self, found: re.Match[str]) -> str:
        """A few letters (the long s) are another's in one case only, and not in a dictionary."""
        if found["weak"]:
            return found["before"] + self._stands.get(found["weak"].lower(), LEFT_OUT)
        return self._stands.get(found[0].lower(), LEFT_OUT)

    def _decoded(self, found: re.Match[str]) -> str:
        return LEFT_OUT if any(self._sure.search(text) for text in decoded(found[0])) else found[0]

    def leak(self, text: str) -> str:
        """A name that is still there; empty where none is. What is short or a plain word is not
        looked for: it can stand there by itself."""
        if found := self._sure.search(text.lower()):
            return found[0]
        return next((each for _, each in numbers_in(text) if each not in self._pseudonyms), "")


def decoded(token: str) -> Iterator[str]:
    """What a token says if it is base64 or hexadecimal, in lower case."""
    bare = token.rstrip("=").translate(str.maketrans("-_", "+/"))
    for start in range(min(4, len(bare))):  # it may begin within a longer one
        part = bare[start : start + (len(bare) - start) // 4 * 4]
        with suppress(ValueError):
            yield from _read(b64decode(part, validate=True))
    with suppress(ValueError):
        yield from _read(b64decode(bare + "=" * (-len(bare) % 4)))
    with suppress(ValueError):
        yield from _read(bytes.fromhex(bare))


def _read(raw: bytes) -> Iterator[str]:
    yield raw.decode("latin-1").lower()
    if not raw.isascii():
        yield raw.decode("utf-8", "replace").lower()


def _written(
    table: Table, kinds: Mapping[str, str], spelled: Mapping[str, Collection[str]]
) -> Iterator[tuple[str, str]]:
    for kind, of_kind in table.items():
        for original, pseudonym in of_kind.items():
            if original in kinds:
                for each in {original, *spelled.get(original, ())}:
                    for written, stands in writings(kind, each, pseudonym):
                        yield written.lower(), stands


def is_weak(name: str) -> bool:
    """Whether it is a name only where its place says so: elsewhere it is a word, a device, a
    count."""
    if NUMBER.fullmatch(name):
        return len(name) < COUNT or name.startswith("0x")
    return len(name) < 2 or name in EVERYBODYS or DEVICE.fullmatch(name) is not None


def _is_somebodys(kind: str, name: str) -> bool:
    if not name or name in NOBODYS:
        return False
    if NUMBER.fullmatch(name):
        return kind in NUMBERED
    return kind in WEAK_KINDS or not is_weak(name)


def _is_sure(written: str) -> bool:
    """Whether it can only be the name, also within a word: long, or with letters and digits, and
    not what a digest has somewhere."""
    mixed = any(c.isdigit() for c in written) and any(c.isalpha() for c in written)
    mixed = mixed and not HEX.fullmatch(written)
    return not NUMBER.fullmatch(written.replace(".", "")) and (
        len(written) >= 8 or (len(written) >= 4 and mixed)
    )
