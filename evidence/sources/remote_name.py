"""Names of other machines: what may be handed to a program that connects to them."""

import re

from vmfex.checks.text import shown
from vmfex.evidence.archive.entries import RecordingError

# No name begins like an option, and none holds what a shell (in a ProxyCommand, say) would read.
HOST = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*|[0-9A-Fa-f:.]+(%[A-Za-z0-9_.-]+)?", re.ASCII)
_LONGEST = 253  # characters of a name (RFC 1035, 2.3.4, without the lengths and the root)
USER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@+-]*\$?", re.ASCII)


def without_user(text: str) -> str:
    """An address as a message may show it: without what stands before an `@`, which may be a
    password, whatever characters it has."""
    before, at, after = text.rpartition("@")
    if not at or ":" not in before:
        return text
    scheme, found, _ = before.partition("://")
    return f"{scheme if found else ''}{found}...@{after}"


def refuse_odd_names(host: str | None, user: str | None, password: bool, form: str) -> None:
    """Raises RecordingError for a host or user that is none, and for a password, which `ps` would
    show to everybody. `form` is how the address is to be written. None is what is not given."""
    if password:
        raise RecordingError(
            "A password on the command line can be seen by everybody on this machine: "
            f"write {form}, and use a key or an agent."
        )
    if host is not None and not _is_host(host):
        raise RecordingError(f"{shown(host)} is not the name of a host, as in {form}.")
    if user is not None and not USER.fullmatch(user):
        raise RecordingError(f"{shown(user)} is not the name of a user, as in {form}.")


def _is_host(host: str) -> bool:
    return len(host) <= _LONGEST and bool(HOST.fullmatch(host)) and _is_address(host)


def _is_address(host: str) -> bool:
    """Whether a host with a colon is an address of IPv6; every other one may be a name."""
    if ":" not in host:
        return True
    from ipaddress import IPv6Address

    try:
        IPv6Address(host)
    except ValueError:
        return False
    return True
