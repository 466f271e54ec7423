"""What names somebody's machines and people wherever it stands: addresses, UUIDs, users, URLs."""

import re
from collections.abc import Iterator
from ipaddress import AddressValueError, IPv4Address, IPv6Address

Found = tuple[str, str]  # kind, original

UUID = re.compile(r"(?<![0-9a-f])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f])", re.I)
MAC = re.compile(
    r"(?<![0-9a-f:-])[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}(?![0-9a-f]|\1[0-9a-f])", re.I
)
MAC_IN_NAME = re.compile(r"\benx([0-9a-f]{12})\b", re.I)  # udev's name of a network device
IPV4 = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?!\.?\d)")
IPV6 = re.compile(r"(?<![\w:.])(?=[0-9a-f]{0,4}:[0-9a-f]{0,4}:)[0-9a-f:]{3,39}(?![\w:])", re.I)
URL = re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://(?:([^\s/@'\"<>]+)@)?([^\s/:@'\"<>\[\]?`]+)", re.I)
LOGIN = re.compile(r"(?<![\w/])([A-Za-z_][\w.+-]*)@([A-Za-z][\w.-]*\w)")
HOME = re.compile(r"/(?:home|Users)/([^/\s'\":,;]+)")
FULL_NAME = re.compile(
    r"(?<![\w.-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+"
    r"(?:com|net|org|edu|gov|mil|int|info|local|localdomain|lan|home|corp|internal|intranet|private"
    r"|example|test|invalid|(?!cc|gz|in|js|ko|md|py|sh|so|xz)[a-z]{2})(?![\w-]|\.\w)",
    re.I,
)
NOBODY = frozenset({"00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff"})
PLACES = frozenset({"ADDRESS", "HOST"})  # what stands for an address in our own sentences


def found_in(text: str) -> Iterator[Found]:
    """Each thing of these kinds in the text, as often as it is there."""
    yield from numbers_in(text)
    if "://" in text:
        for match in URL.finditer(text):
            if match[2] not in PLACES and not _address(match[2]):
                yield "host", match[2]
            if match[1]:
                yield "user", match[1].partition(":")[0]
    if "@" in text:
        for match in LOGIN.finditer(text):
            yield "user", match[1]
            yield "host", match[2]
    yield from (("user", name) for name in HOME.findall(text))
    yield from (("host", match[0]) for match in FULL_NAME.finditer(text))


def numbers_in(text: str) -> Iterator[Found]:
    """UUIDs, and MAC and IP addresses that are somebody's."""
    yield from (("uuid", match[0].lower()) for match in UUID.finditer(text))
    for mac in (*(m[0] for m in MAC.finditer(text)), *map(_marked, MAC_IN_NAME.findall(text))):
        if (plain := mac.lower().replace("-", ":")) not in NOBODY:
            yield "mac", plain
    for pattern in (IPV4, IPV6):
        for match in pattern.finditer(text):
            if _address(match[0]):
                yield "ip", match[0].lower()


def _address(text: str) -> bool:
    """Whether it is one: not loopback, multicast, a mask, or none at all."""
    try:
        address = IPv6Address(text) if ":" in text else IPv4Address(text)
    except (AddressValueError, ValueError):
        return False
    plain = address.is_loopback or address.is_unspecified or address.is_multicast
    return not plain and not text.startswith(("255.", "0."))


def _marked(digits: str) -> str:
    return ":".join(digits[at : at + 2] for at in range(0, 12, 2))
