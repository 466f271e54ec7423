"""A host over SSH: the capture script goes in, by one connection of the OpenSSH client, and a tar
comes out (decision 0021)."""

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from selectors import EVENT_READ, DefaultSelector
from tempfile import SpooledTemporaryFile
from threading import Event
from time import monotonic
from typing import BinaryIO, cast

from vmfex import children
from vmfex.background import in_background
from vmfex.checks.text import shown
from vmfex.evidence.archive.entries import RecordingError
from vmfex.evidence.sources.capture import SCRIPT
from vmfex.evidence.sources.captured import read_capture
from vmfex.evidence.sources.ssh_address import SshAddress
from vmfex.evidence.sources.ucsm.environment import without_credentials
from vmfex.evidence.sources.unread import UnreadTree
from vmfex.evidence.tree import Tree
from vmfex.evidence.way_in import Kind, WayIn

LIMIT = 120.0  # seconds for everything; the script takes ten on a host of 100 domains
PATIENCE = 2.0  # seconds that its end may take
SIZE_LIMIT = 128 * 2**20  # bytes that are taken; a capture may hold 64 MiB
# Beside what the user's own configuration says. No question is asked, nothing of this machine is
# offered to the host, and no connection outlives the run.
_OPTIONS = (
    *("-T", "-a", "-x"),
    *("-o", "BatchMode=yes"),
    *("-o", "ConnectTimeout=20"),
    *("-o", "ServerAliveInterval=15"),
    *("-o", "ServerAliveCountMax=3"),
    *("-o", "ControlMaster=no"),
    *("-o", "ClearAllForwardings=yes"),
    *("-o", "PermitLocalCommand=no"),
    *("-o", "RemoteCommand=none"),
    *("-o", "Compression=yes"),  # 4 MB of text are 0.1 MB; needs no program on the host
    *("-o", "LogLevel=ERROR"),  # without the server's banner, which can say what it likes
)
_COMMAND = "sh -s"  # the same for every host: nothing of an address is ever read by a shell
_WHAT_TO_CHECK = (
    "`ssh HOST echo ok` has to answer ok, and does not where a forced command, a proxy or an "
    "appliance's shell answers for the host"
)
IN_MEMORY = 2**22  # bytes of what a host sends; more of it goes to a temporary file
_new_file = partial(SpooledTemporaryFile, IN_MEMORY)  # closed by who reads it
_CHUNK = 2**16
_SAID_LIMIT = 2**14  # bytes of messages that are kept
_FAILED = 255  # what ssh ends with when it failed itself

# What it says where a server closes before a word was said, as one does that is busy (sshd's
# MaxStartups), or where a name server was.
_BUSY = ("_exchange_identification: ", "Temporary failure in name resolution")
# What ssh says, and what it means to who reads it (OpenSSH: sshconnect.c, sshconnect2.c, misc.c).
_MEANINGS = (
    (
        "HOST IDENTIFICATION HAS CHANGED",
        "its host key has changed: find out why before you trust it; "
        "`ssh-keygen -R` takes the old one out of known_hosts",
    ),
    (
        "Host key verification failed",
        "its host key is not known: log in once with ssh and compare the fingerprint, or put the "
        "key into known_hosts",
    ),
    (
        "Permission denied (",
        "no login was accepted: add a key to the agent (ssh-add), or name one in "
        "~/.ssh/config; vmfex never asks for a password",
    ),
    ("Could not resolve hostname", "its name cannot be resolved"),
    ("Connection refused", "nothing listens for SSH there"),
    ("timed out", "it does not answer"),
    ("No route to host", "it cannot be reached"),
    ("Network is unreachable", "it cannot be reached"),
)


def ssh_command(address: SshAddress) -> list[str]:
    """The words that start ssh."""
    port = ["-p", address.port] if address.port else []
    user = ["-l", address.user] if address.user else []
    return ["ssh", *_OPTIONS, *port, *user, "--", address.host, _COMMAND]


def open_ssh(
    address: SshAddress, notify: Callable[[str], None] = lambda _what: None, limit: float = LIMIT
) -> Tree:
    """What the host gave. Where it gave nothing, everything is unknown for the one reason; what did
    not arrive is unknown too."""
    return read_arrived(address, fetch(address, notify, limit))


@dataclass(frozen=True, slots=True)
class Arrived:
    """What came, on disk where it is much, and why not more: empty where ssh and the script ended
    well. None came where ssh could not be run. `was_busy` where another try may do better."""

    raw: BinaryIO | None
    failure: str
    was_busy: bool = False


def fetch(
    address: SshAddress, notify: Callable[[str], None] = lambda _what: None, limit: float = LIMIT
) -> Arrived:
    """What the host sends, which is not looked at yet."""
    notify("over SSH")
    try:
        return _run(address, limit)
    except OSError as error:
        return Arrived(None, f"the OpenSSH client `ssh` cannot be run here: {error.strerror}")


def read_arrived(address: SshAddress, arrived: Arrived) -> Tree:
    """The host in what it sent."""
    nothing = WayIn(Kind.LOST, address.text)
    if arrived.raw is None:
        return UnreadTree(address.host, arrived.failure, way=nothing)
    try:
        with arrived.raw as raw:
            tree = read_capture(raw, arrived.failure)
    except RecordingError as error:
        reason = f"{address.host} over SSH: {arrived.failure or f'{error}; {_WHAT_TO_CHECK}'}"
        return UnreadTree(address.host, reason, way=nothing)
    tree.way = WayIn(Kind.SSH, address.text, tree.way.root)
    return tree


def _run(address: SshAddress, limit: float) -> Arrived:
    process = subprocess.Popen(
        ssh_command(address),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=without_credentials(os.environ),
        process_group=children.OWN,
    )
    children.started(process)
    timed_out: list[bool] = []

    def give_up() -> None:
        timed_out.append(True)
        children.end(process)

    messages, heard, ended = bytearray(), Event(), Event()
    try:
        in_background(_after, limit, ended, give_up)
        in_background(_feed, process)
        in_background(_hear, process, messages, heard)
        raw, refused = _take(process, monotonic() + limit + PATIENCE)
        status = _ended(process)
    finally:
        ended.set()
        children.end(process)
    heard.wait(PATIENCE)  # what left the group may hold the pipe open for longer
    said = messages.decode("utf-8", "backslashreplace")
    if refused:
        return Arrived(raw, refused)
    if timed_out:
        return Arrived(raw, f"it did not finish within {limit:g} s")
    was_busy = status == _FAILED and any(sign in said for sign in _BUSY)
    return Arrived(raw, _failure(status, said, raw), was_busy)


def _after(limit: float, ended: Event, give_up: Callable[[], None]) -> None:
    if not ended.wait(limit):
        give_up()


def _feed(process: "subprocess.Popen[bytes]") -> None:
    assert process.stdin
    try:
        with process.stdin as script:
            script.write(SCRIPT.read_bytes())
    except OSError:
        pass  # it has ended: what it says tells why


def _hear(process: "subprocess.Popen[bytes]", messages: bytearray, heard: Event) -> None:
    assert process.stderr
    with process.stderr as stream:
        while part := os.read(stream.fileno(), _CHUNK):
            messages += part
            del messages[:-_SAID_LIMIT]
    heard.set()


def _take(process: "subprocess.Popen[bytes]", end: float) -> tuple[BinaryIO, str]:
    """What the host sends, and why no more of it is taken; empty where that was all. A child that
    left the group may hold the pipe open: nothing is waited for after `end`."""
    assert process.stdout
    kept, refused = cast("BinaryIO", _new_file()), ""
    with process.stdout as stream:
        out = stream.fileno()
        while not refused and _comes(out, end) and (part := os.read(out, _CHUNK)):
            refused = _keep(part, kept)
    kept.seek(0)
    return kept, refused


def _keep(part: bytes, kept: BinaryIO) -> str:
    try:
        kept.write(part)
    except OSError as error:
        return f"there is no room here for what it sends: {error.strerror}"
    return f"it sent more than {SIZE_LIMIT // 2**20} MiB" if kept.tell() > SIZE_LIMIT else ""


def _comes(pipe: int, end: float) -> bool:
    with DefaultSelector() as selector:
        selector.register(pipe, EVENT_READ)
        return bool(selector.select(max(0, end - monotonic())))


def _ended(process: "subprocess.Popen[bytes]") -> int:
    """Its status; of one that has closed its output and goes on, after a moment, that of its end
    by force."""
    try:
        return process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        children.end(process)
        return process.returncode


def _failure(status: int, said: str, raw: BinaryIO) -> str:
    """Why ssh or the script ended as it did, in a sentence; empty where it ended well."""
    if status == 0:
        return ""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    told = f" ({shown(lines[-1])})" if lines else ""
    if status != _FAILED:
        first = raw.read(200)
        raw.seek(0)
        answer = (
            f"; it answered {shown(first.decode('utf-8', 'backslashreplace'))}" if first else ""
        )
        return f"the capture script did not run to its end, status {status}{told}{answer}"
    for sign, meaning in _MEANINGS:
        if sign in said:
            return f"{meaning}{told}"
    return f"the connection was lost{told}"
