"""HTTPS to one UCS Manager: verified, one place to send to, bounded in time and in size.

The SDK's own driver verifies no certificate, falls back to TLS 1.0, follows redirections and reads
without a limit (docs/decisions): its requests are sent through here.
"""

import http.client
import re
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress

from vmfex.evidence.parsers.xml import foreign_encoding
from vmfex.evidence.sources.ucsm import UcsmError
from vmfex.evidence.sources.ucsm.address import UcsmAddress

MIB = 2**20
ANSWER_LIMIT = 64 * MIB  # 160 blades and 1,000 VMs come to some 12 MiB
CUT_SHORT = "ended the connection before its answer was complete"
_PIECE = 2**16
_DECLARATION = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_HTML = re.compile(rb"\s*(<!doctype\s+html|<html)", re.IGNORECASE)


class Trouble(Exception):
    """UCS Manager did not answer as it should; the message is the end of a sentence about it.
    `partial` is what came of the answer all the same."""

    def __init__(self, message: str, partial: bytes = b"") -> None:
        super().__init__(message)
        self.partial = partial


def tls_context(ca: str | None, verify: bool) -> ssl.SSLContext:
    """Raises UcsmError for a file that holds no certificates. Without verification also what this
    machine would refuse as too old is spoken, for releases that know nothing else."""
    try:
        context = ssl.create_default_context(cafile=ca)
    except ssl.SSLError:
        raise UcsmError(f"The CA file {ca} cannot be used: it holds no certificate.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not a path"
        raise UcsmError(f"The CA file {ca} cannot be used: {reason}.") from None
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
    return context


class Channel:
    """One request at a time, each on a connection of its own, by POST to `/nuova`."""

    def __init__(
        self, address: UcsmAddress, context: ssl.SSLContext, wait: float, limit: int = ANSWER_LIMIT
    ) -> None:
        self._address = address
        self._context = context
        self._wait = wait
        self._limit = limit
        self._connection: http.client.HTTPSConnection | None = None

    def post(
        self,
        body: bytes,
        wait: float | None = None,
        limit: int | None = None,
        take: Callable[[bytes], None] | None = None,
    ) -> bytes:
        """The answer's text, or nothing where `take` takes it piece by piece. Raises Trouble, and
        what `take` raises. No wait for a byte is longer than `wait` seconds, and neither is the
        whole of it once the answer has begun."""
        wait = wait or self._wait
        place = self._address
        connection = http.client.HTTPSConnection(
            place.name, place.port, timeout=wait, context=self._context
        )
        self._connection = connection
        try:
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", "/nuova", body, headers)
            with connection.getresponse() as response:
                return self._answer(response, wait, limit or self._limit, take)
        except (OSError, http.client.HTTPException) as error:
            raise Trouble(_in_words(error, wait)) from None
        finally:
            self._connection = None
            connection.close()

    def cut(self) -> None:
        """Ends the request that another thread waits for."""
        connection = self._connection
        if connection is not None and connection.sock is not None:
            with suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)

    def _answer(
        self,
        response: http.client.HTTPResponse,
        wait: float,
        limit: int,
        take: Callable[[bytes], None] | None,
    ) -> bytes:
        if response.status != http.client.OK:
            where = "; redirections are not followed" if 300 <= response.status < 400 else ""
            raise Trouble(f"answered with HTTP status {response.status}{where}")
        answer, end, size = bytearray(), time.monotonic() + wait, 0
        keep = take or answer.extend
        try:
            while piece := response.read1(_PIECE):
                keep(piece)
                size += len(piece)
                if size > limit:
                    raise Trouble(f"gave an answer of more than {limit // MIB} MiB: it is not read")
                if time.monotonic() > end:
                    raise Trouble(f"did not end its answer within {wait:g} s", bytes(answer))
        except (OSError, http.client.HTTPException) as error:
            raise Trouble(_in_words(error, wait), bytes(answer)) from None
        if response.length:
            raise Trouble(CUT_SHORT, bytes(answer))
        return refuse_foreign(bytes(answer))


def refuse_foreign(answer: bytes) -> bytes:
    """The answer, if it is XML as UCS Manager sends it: in UTF-8, and without a DTD, so that it can
    define no entity. Raises Trouble."""
    if _HTML.match(answer):
        raise Trouble("answered with a web page instead of XML: is this UCS Manager's address?")
    if foreign := foreign_encoding(answer):
        raise Trouble(f"gave an answer that {foreign}", answer)
    if _DECLARATION.search(answer):
        raise Trouble("gave an answer with a document type declaration, which is refused", answer)
    return answer


def _in_words(error: Exception, wait: float) -> str:
    """The end of a sentence; never the request, in which a password may stand."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            f"has a certificate that is not trusted: {error.verify_message.rstrip('.')} "
            "(--ucsm-ca names another CA)"
        )
    if isinstance(error, ssl.SSLError):
        return f"offers no TLS that this machine accepts: {error.reason or 'handshake failed'}"
    if isinstance(error, TimeoutError):
        return f"gave no answer within {wait:g} s"
    if isinstance(error, http.client.IncompleteRead | http.client.RemoteDisconnected):
        return CUT_SHORT
    if isinstance(error, OSError):
        return f"cannot be reached: {error.strerror or type(error).__name__}"
    return f"answered with something that is not HTTP ({type(error).__name__})"
