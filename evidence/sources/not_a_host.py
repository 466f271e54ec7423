"""What somebody gives for a host, and is none: what it looks like, and what to give instead."""

import re
from collections.abc import Iterable

COLLECTED = re.compile(r"(.*/)?(sosreport-[^/]+|sos-collector-[^/]+)\.tar(\.\w+)?")
CHECKSUM = re.compile(r".*\.(md5|sha1|sha256|sha512)")
OUTPUT = "certification.json"
MANIFEST = "manifest.json"  # of a recording
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
