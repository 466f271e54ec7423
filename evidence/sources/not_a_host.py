"""What somebody gives for a host, and is none: what it looks like, and what to give instead."""

import codecs
import re
from collections.abc import Iterable

from vmfex.checks.text import shown

COLLECTED = re.compile(r"(.*/)?(sosreport-[^/]+|sos-collector-[^/]+)\.tar(\.\w+)?")
CHECKSUM = re.compile(r".*\.(md5|sha1|sha256|sha512)")
OUTPUT = "certification.json"
MANIFEST = "manifest.json"  # of a recording
FIRST = 200  # bytes of what is none that tell what it is
_WEB_PAGE = re.compile(r"<(!doctype\s+html|html)\b", re.IGNORECASE)
_IN_TEXT = "\n\r\t\f\b\x07\x1b"  # a terminal's too
ETC = ("passwd", "fstab", "group", "hostname")


def what_it_is(names: Iterable[str]) -> str:
    """What these files are, as a sentence without its full stop; empty where that is not known."""
    listed = list(names)
    if any(COLLECTED.fullmatch(name) for name in listed):
        return "it holds packed sosreports, as `sos collect` leaves them: unpack it, and give those"
    if sum(name.rpartition("/")[2] == MANIFEST for name in listed) > 1:
        return "it holds more than one recording: unpack it, and give the folder"
    if any(name.rpartition("/")[2] == OUTPUT for name in listed):
        return "it looks like the reports of an earlier run: give the host that they are about"
    if listed and all(CHECKSUM.fullmatch(name) for name in listed):
        return "it holds checksums only: give the archive that they are of"
    if any(re.fullmatch(rf"(etc/)?{name}", path) for name in ETC for path in listed):
        return "it looks like a copy of /etc, which is too little: capture the host"
    return ""


def as_text(first: bytes) -> str:
    """What something is that begins like this, where it is text: as a sentence without its full
    stop, with its first words. Empty where it is none."""
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(first).strip()
    except UnicodeDecodeError:
        return ""
    if not text or any(ord(each) < ord(" ") for each in text if each not in _IN_TEXT):
        return ""
    kind = "a web page" if _WEB_PAGE.match(text) else "text"
    return f"it is {kind}, which begins {shown(text)}"
