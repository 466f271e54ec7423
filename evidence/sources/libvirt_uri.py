"""Where a libvirt is, as a user writes it: a URI of QEMU's driver, or of libvirt's test driver."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from vmfex.checks.text import shown
from vmfex.evidence.archive.entries import RecordingError
from vmfex.evidence.sources.remote_name import refuse_odd_names

_KNOWN = re.compile(r"(qemu|test)(\+(ssh|libssh2?|tls|tcp|unix))?://")
_TRANSPORTS = "qemu+ssh://HOST/system, qemu+tls://HOST/system, qemu+tcp://HOST/system"


@dataclass(frozen=True, slots=True)
class LibvirtUri:
    """`host` is the machine that it names; None for this one."""

    text: str
    host: str | None

    @classmethod
    def parse(cls, text: str) -> "LibvirtUri":
        """Raises RecordingError for what is none, holds a password or would run a command."""
        if not _KNOWN.match(text):
            raise RecordingError(
                f"{shown(text)} is not a supported libvirt URI, such as {_TRANSPORTS}"
            )
        try:
            parts = urlsplit(text)
            _ = parts.port
        except ValueError as error:
            raise RecordingError(f"{shown(text)} is not a URI: {error}") from None
        secret = parts.password is not None
        refuse_odd_names(parts.hostname, parts.username, secret, "qemu+ssh://USER@HOST/system")
        if not text.isprintable() or " " in text:
            raise RecordingError(
                f"{shown(text)} is not a URI: it holds spaces or control characters"
            )
        if "command" in parse_qs(parts.query):
            raise RecordingError(f"{shown(text)} names a command to be run here, which is refused")
        return cls(text, parts.hostname)
