"""Where UCS Manager is, as a user writes it: `https://HOST` or `https://HOST:PORT`."""

import re
from dataclasses import dataclass

from vmfex.evidence.sources.ucsm import UcsmError

_URL = re.compile(r"https://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?/?", re.ASCII)
HTTPS = 443


@dataclass(frozen=True, slots=True)
class UcsmAddress:
    host: str
    port: int = HTTPS

    def __str__(self) -> str:
        return f"https://{self.host}" + (f":{self.port}" if self.port != HTTPS else "")

    @property
    def name(self) -> str:
        """The host as a socket wants it: an IPv6 address without its brackets."""
        return self.host.strip("[]")


def parse_address(text: str) -> UcsmAddress:
    """Raises UcsmError. What is refused is not repeated: it may hold a password."""
    if "@" in text:
        raise UcsmError(
            "UCS Manager's address names no user and no password: they come from the environment, "
            "a netrc file or the keyring."
        )
    match = _URL.fullmatch(text)
    if not match or not 0 < int(match[2] or HTTPS) < 65536:
        raise UcsmError("UCS Manager's address has to be https://HOST or https://HOST:PORT.")
    return UcsmAddress(match[1].lower(), int(match[2] or HTTPS))
