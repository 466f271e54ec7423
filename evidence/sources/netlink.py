"""The live side of `netlink/`: links and PF replies, asked from this machine's kernel.

Nothing but RTM_GETLINK is ever sent. The bytes are handed on as the kernel wrote them, so that a
recording of them gives the same facts.
"""

import errno
import os
import re
import socket
import time
from struct import Struct

from vmfex.checks.model.fact import Fact, Known, Unknown
from vmfex.evidence.parsers.links import DUMP, LINK_MESSAGE, link_names
from vmfex.evidence.parsers.netlink_messages import Malformed, Message, messages
from vmfex.extras import wanted

PF_DIRECTORY = "netlink/pf"
NETLINK_ROUTE = 0
ASK_LINK = 18  # RTM_GETLINK
REQUEST, DUMP_ALL = 0x1, 0x300  # NLM_F_REQUEST, NLM_F_DUMP
INTERRUPTED = 0x10  # NLM_F_DUMP_INTR
ERROR, DONE, OVERRUN = 2, 3, 4  # NLMSG_ERROR and so on
WITH_VFS = 1  # RTEXT_FILTER_VF
BUFFER = 1 << 20  # bytes; the largest reply is little above the 64 KiB of one full attribute
ATTEMPTS = 5
LONGEST_NAME = 15  # IFNAMSIZ less the NUL
STATUS = Struct("=i")


class Refused(OSError):
    """The kernel's answer is an error."""


class TooLarge(Refused):
    """A message that is larger than our buffer. The kernel has not refused anything."""


class Interrupted(Exception):
    """Links came or went while the kernel listed them, so that the list may lack some."""


class NetlinkEvidence:
    """What the kernel says about its links, in the namespace of the calling process."""

    def __init__(self, seconds: float = 5.0) -> None:
        """`seconds` is how long one answer may take."""
        self._seconds = seconds

    def read(self, path: str) -> Fact[bytes | None]:
        """Raw RTM_NEWLINK messages; None for a link that does not exist."""
        asked = re.fullmatch(rf"{PF_DIRECTORY}/([^/]*)\.bin", path, re.DOTALL)
        if path != DUMP and not asked:
            return Known(None)
        try:
            return Known(self._reply(asked[1]) if asked else self._dump())
        except ModuleNotFoundError:
            return Unknown(wanted(f"{path}: the kernel cannot be asked without pyroute2", "local"))
        except TimeoutError:
            return Unknown(f"{path}: no answer from the kernel within {self._seconds:g} s")
        except Interrupted:
            return Unknown(f"{path}: the links changed during each of {ATTEMPTS} readings")
        except TooLarge:
            return Unknown(f"{path}: a message above {BUFFER} bytes")
        except OSError as error:
            name = errno.errorcode.get(error.errno or 0, str(error.errno))
            return Unknown(f"{path}: the kernel answers {name} ({error.strerror})")
        except (Malformed, ImportError) as error:
            return Unknown(f"{path}: {error}")

    def names(self, path: str) -> Fact[tuple[str, ...] | None]:
        """Below `netlink/pf` each link is named, as each can be asked."""
        if path == "netlink":
            return Known(("links.bin", "pf"))
        if path != PF_DIRECTORY:
            return Known(None)
        dump = self.read(DUMP)
        if isinstance(dump, Unknown):
            return dump
        try:
            return Known(tuple(sorted(f"{name}.bin" for name in link_names(dump.value or b""))))
        except Malformed as error:
            return Unknown(f"{DUMP} is {error}")

    def _dump(self) -> bytes:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._ask(request(attempt, DUMP_ALL), attempt)
            except Interrupted:
                continue
        raise Interrupted

    def _reply(self, name: str) -> bytes | None:
        """By name, as the ioctl that gives a name's index may load a kernel module. A kernel
        before 2.6.33, which takes an index only and answers EINVAL, gets it from a dump."""
        if not _can_be_a_link(name):
            return None
        try:
            return self._ask(request(1, 0, name), 1)
        except OSError as error:
            if error.errno == errno.ENODEV:
                return None
            if error.errno != errno.EINVAL:
                raise
        index = link_names(self._dump()).get(name)
        return None if index is None else self._ask(request(1, 0, index), 1)

    def _ask(self, asked: bytes, sequence: int) -> bytes:
        with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_ROUTE) as channel:
            channel.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
            channel.bind((0, 0))
            return exchange(channel, asked, sequence, self._seconds)


def request(sequence: int, flags: int, link: str | int | None = None) -> bytes:
    """RTM_GETLINK: of all links, or of one by its name or index and then with its VFs."""
    from pyroute2.netlink.rtnl.ifinfmsg import ifinfmsg  # only here: 0.15 to 0.3 s of CPU time

    message = ifinfmsg()
    message["header"]["type"] = ASK_LINK
    message["header"]["flags"] = REQUEST | flags
    message["header"]["sequence_number"] = sequence
    if link is not None:
        message["attrs"] = [("IFLA_EXT_MASK", WITH_VFS)]
    if isinstance(link, int):
        message["index"] = link
    elif link is not None:
        message["attrs"].append(("IFLA_IFNAME", link.encode("utf-8", "surrogateescape")))
    message.encode()
    return bytes(message.data)


def exchange(channel: socket.socket, asked: bytes, sequence: int, seconds: float) -> bytes:
    """The RTM_NEWLINK messages that answer. Raises OSError (TimeoutError among them), Malformed,
    Interrupted and TooLarge."""
    deadline = time.monotonic() + seconds
    is_dump = bool(_first(asked).flags & DUMP_ALL)
    buffer = bytearray(BUFFER)
    answer = bytearray()
    interrupted = False
    channel.settimeout(seconds)
    channel.sendto(asked, (0, 0))
    while True:
        datagram = _receive(channel, buffer, deadline)
        for message in messages(datagram):
            if message.sequence != sequence:
                continue
            interrupted |= bool(message.flags & INTERRUPTED)
            if message.type in (ERROR, DONE, OVERRUN):
                _raise_for(message, datagram)
            if message.type == LINK_MESSAGE:
                answer += datagram[message.start : message.end]
                answer += bytes(-len(answer) % 4)
            if message.type == (DONE if is_dump else LINK_MESSAGE):
                if interrupted and is_dump:
                    raise Interrupted
                return bytes(answer)


def _first(raw: bytes) -> Message:
    return next(messages(raw))


def _receive(channel: socket.socket, buffer: bytearray, deadline: float) -> bytes:
    """The next datagram that comes from the kernel; others may send to any port too."""
    while (left := deadline - time.monotonic()) > 0:
        channel.settimeout(left)
        size, _, flags, (sender, _) = channel.recvmsg_into([buffer])
        if sender != 0:
            continue
        if flags & socket.MSG_TRUNC:
            raise TooLarge
        return bytes(memoryview(buffer)[:size])
    raise TimeoutError


def _raise_for(message: Message, datagram: bytes) -> None:
    """Raises what an error message or the end of a dump reports; a status of 0 is none."""
    if message.type == OVERRUN:
        raise Refused(errno.ENOBUFS, "messages were lost")
    if message.end - message.body >= STATUS.size:
        status = -STATUS.unpack_from(datagram, message.body)[0]
        if status:
            raise Refused(status, os.strerror(status))


def _can_be_a_link(name: str) -> bool:
    """Whether the kernel can be asked for it; its attribute takes a name of up to 15 bytes."""
    try:
        encoded = name.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return False
    return 1 <= len(encoded) <= LONGEST_NAME and b"\0" not in encoded
