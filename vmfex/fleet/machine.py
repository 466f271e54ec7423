"""Which machine, or which file of one, a host is, whatever it is called."""

import os
from collections.abc import Hashable
from pathlib import Path
from urllib.parse import urlsplit

from vmfex.evidence.host_spec import HostSpec
from vmfex.evidence.sources.libvirt_uri import LibvirtUri
from vmfex.evidence.sources.ssh_address import SshAddress

SSH_PORT = 22


def machine(host: HostSpec) -> Hashable:
    """What two names of one host have in common: the file, or the address, whoever logs in. Two
    ways in, as SSH and libvirt, read different things, and are two."""
    match host.place:
        case Path() as path:
            return os.path.realpath(path)
        case SshAddress(host=name, port=port):
            return "ssh", _plain(name), int(port or SSH_PORT)
        case LibvirtUri(text=text, host=name):
            parts = urlsplit(text)
            driver, _, transport = parts.scheme.partition("+")
            at = parts.port or (SSH_PORT if "ssh" in transport else None)
            return driver, _plain(name or ""), at, parts.path
    return host.text


def _plain(name: str) -> str:
    """A name as DNS takes it; an address of IPv6 in its short form."""
    if ":" in name:
        from ipaddress import IPv6Address

        return str(IPv6Address(name))
    return name.lower().removesuffix(".")
