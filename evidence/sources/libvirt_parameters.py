"""The parameters of a libvirt URI, as libvirt takes them apart, and those that may be given.

libvirt compares names without regard to case (src/remote/remote_driver.c), splits a query at `&` or
else at `;`, and decodes `%` in names and values (src/util/viruri.c). What is given here neither
runs a program nor reads anything but keys and certificates (decision 0036, docs/uri.rst).
"""

import re
from collections.abc import Mapping
from urllib.parse import unquote

from vmfex.checks.text import shown

Parameter = tuple[str, str]
_PATH = re.compile(r"/[A-Za-z0-9_.,:=@+/-]+", re.ASCII)
_SWITCH = re.compile(r"[01]")
_METHODS = re.compile(r"(agent|privkey)(,(agent|privkey))*")
KNOWN: Mapping[str, re.Pattern[str]] = {
    "mode": re.compile(r"auto|direct|legacy"),
    "proxy": re.compile(r"auto|native|netcat"),
    "socket": _PATH,
    "keyfile": _PATH,
    "pkipath": _PATH,
    "known_hosts": _PATH,
    "known_hosts_verify": re.compile(r"normal|auto|ignore"),
    "sshauth": _METHODS,
    "no_tty": _SWITCH,
    "no_verify": _SWITCH,
    "no_sanity": _SWITCH,
}
# Each of these is run by libvirt or by ssh, here or there.
_RUN = {"command": "here", "netcat": "on the host"}
_WEAKER: Mapping[Parameter, str] = {
    ("no_verify", "1"): "its certificate or host key was not verified (no_verify)",
    ("no_sanity", "1"): "its certificates were not checked for sanity (no_sanity)",
    ("known_hosts_verify", "auto"): "a new host key was accepted (known_hosts_verify=auto)",
    ("known_hosts_verify", "ignore"): "its host key was not verified (known_hosts_verify=ignore)",
}


def parameters(query: str) -> list[Parameter]:
    """Names, in small letters, and values."""
    parts = [part.partition("=") for part in re.split("[&;]", query) if part]
    return [(unquote(name).lower(), unquote(value)) for name, _, value in parts]


def flaw_of(parameter: Parameter) -> str:
    """Why a parameter may not be given, as the end of a sentence about its URI; empty if it may."""
    name, value = parameter
    if name in _RUN:
        return f"names a command to be run {_RUN[name]}, which is refused: leave out {name}="
    if not name.isascii() or name not in KNOWN:
        return f"has the parameter {shown(name)}, and only {', '.join(KNOWN)} are accepted"
    if not KNOWN[name].fullmatch(value):
        return f"has {shown(value)} for {name}, which is not accepted"
    return ""


def weakness_of(parameter: Parameter) -> str:
    """What is not verified because of it; empty where nothing is."""
    name, value = parameter
    if name in ("no_verify", "no_sanity") and value.strip("0") != "":
        value = "1"  # as libvirt reads any number but 0
    return _WEAKER.get((name, value), "")
