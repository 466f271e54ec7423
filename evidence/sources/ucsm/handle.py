"""The SDK's handle, with everything that it sends and gets going through our channel.

Importing this loads ucsmsdk: only `session.py` does, when UCS Manager is really asked.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any
from xml.sax.saxutils import unescape

from ucsmsdk import ucsmethodfactory as methods
from ucsmsdk.ucsbasetype import ClassId, ClassIdSet
from ucsmsdk.ucshandle import UcsHandle
from ucsmsdk.ucsxmlcodec import to_xml_str

from vmfex.checks.text import shown
from vmfex.evidence.sources.ucsm.address import UcsmAddress
from vmfex.evidence.sources.ucsm.answers import Answer, refusal
from vmfex.evidence.sources.ucsm.channel import MIB, Channel, Trouble
from vmfex.evidence.sources.ucsm.classes import Properties
from vmfex.evidence.sources.ucsm.credentials import Credentials

SMALL = MIB  # bytes; what the SDK itself parses: logins, interconnects, the system
SESSION_IS_GONE = "555"
_ERROR = re.compile(r'^\s*<[^>]*?\berrorCode="([^"]+)"[^>]*?\berrorDescr="([^"]*)"')
_QUOTE = {"&quot;": '"', "&apos;": "'"}
_COOKIE = re.compile(r'outCookie="([^"<>&\s]{1,200})"')


class Handle(UcsHandle):  # type: ignore[misc]
    """One session. `logout_wait` is how many seconds its end may take."""

    def __init__(
        self, address: UcsmAddress, credentials: Credentials, channel: Channel, logout_wait: float
    ) -> None:
        super().__init__(
            address.host, credentials.user, credentials.password, port=address.port, secure=True
        )
        self._channel = channel
        self._mask = credentials.mask
        self._logout_wait = logout_wait
        self._open: list[str] = []
        self._ending = False
        self._stopped: Trouble | None = None
        self.logging_in = False
        self.trouble: Trouble | None = None

    def post(self, uri: str, data: Any = None, read: bool = True, timeout: Any = None) -> str:
        """In the place of the SDK's: the same request by our channel, and the answer's text."""
        text = self._send(data, SMALL)
        if error := _ERROR.search(text):
            code, description = (self._mask(unescape(text, _QUOTE)) for text in error.groups())
            self._first(Trouble(refusal(code, description)))
        return text

    def dump_xml_request(self, elem: Any) -> None:
        """Nothing: the SDK would log the cookie, and the password of a refresh."""

    def dump_xml_response(self, resp: Any) -> None:
        """Nothing, for the same reason."""

    def enter(self) -> None:
        """Logs in. Raises Trouble."""
        try:
            self.login()
        except Exception as error:  # the SDK hides what went wrong after the login itself
            unreadable = (
                f"gave an answer to the login that cannot be understood ({type(error).__name__})"
            )
            raise self.trouble or Trouble(unreadable) from None

    def resolve(self, wanted: Mapping[str, Properties]) -> dict[str, bytes]:
        """A document of each class, from one configResolveClasses. Raises Trouble."""
        ids = ClassIdSet()
        for name in wanted:
            class_id = ClassId()
            class_id.value = name
            ids.child_add(class_id)
        request = methods.config_resolve_classes(cookie=self.cookie, in_ids=ids)
        answer = Answer(wanted, self._mask)
        self._send(to_xml_str(request), None, answer.feed)
        return answer.documents()

    def stop(self, reason: Trouble) -> None:
        """From another thread: asks nothing more but for the session's end."""
        self._stopped = reason
        if not self.logging_in:  # a login that is cut opens a session that nobody can close
            self._channel.cut()

    def leave(self) -> None:
        """Ends every session that was opened, also one whose login the SDK gave up. Raises Trouble
        where UCS Manager does not confirm it."""
        self._ending = True
        while self._open:
            cookie = self._open.pop()
            answer = self._send(to_xml_str(methods.aaa_logout(cookie, 0)), SMALL)
            code = re.search(r'errorCode="([^"]*)"', answer)
            if code and code[1] not in ("0", SESSION_IS_GONE):
                error = shown(self._mask(unescape(code[1], _QUOTE)))[1:-1]
                raise Trouble(f"did not confirm the logout (error {error})")

    def _send(
        self, data: bytes, limit: int | None, take: Callable[[bytes], None] | None = None
    ) -> str:
        ends, self.logging_in = data.startswith(b"<aaaLogout"), data.startswith(b"<aaaLogin")
        if self._stopped and not ends:
            raise self._first(self._stopped)
        wait = self._logout_wait if self._ending or self._stopped else None
        try:
            text = self._channel.post(data, wait, limit, take).decode("utf-8")
            if self._stopped and not ends and not self.logging_in:
                raise self._stopped
        except UnicodeDecodeError:
            raise self._first(Trouble("gave an answer that is not UTF-8 text")) from None
        except Trouble as trouble:
            self._first(trouble)
            self._remember(trouble.partial.decode("utf-8", "replace"), data)
            raise self._stopped or trouble from None
        self._remember(text, data)
        if ends:  # the SDK's own, after a login that it gave up
            self._open = [cookie for cookie in self._open if cookie.encode() not in data]
        return text

    def _first(self, trouble: Trouble) -> Trouble:
        """What went wrong first is the reason; what follows from it, for the SDK, is not."""
        self.trouble = self.trouble or trouble
        return trouble

    def _remember(self, answer: str, request: bytes) -> None:
        """The cookie of a login, also from an answer that was cut short: it opened a session."""
        if request.startswith(b"<aaaLogin") and (found := _COOKIE.search(answer)):
            self._open.append(found[1])
