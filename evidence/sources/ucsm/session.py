"""One session with UCS Manager: a login, a few questions, and a logout whatever happens."""

import ssl
import threading
from dataclasses import dataclass, field

from vmfex.background import in_background
from vmfex.checks.model.fact import Fact, Known, Unknown
from vmfex.evidence.sources.ucsm.address import UcsmAddress
from vmfex.evidence.sources.ucsm.channel import Channel, Trouble
from vmfex.evidence.sources.ucsm.classes import CLASSES, REQUESTS
from vmfex.evidence.sources.ucsm.credentials import Credentials
from vmfex.evidence.terminations import terminations_as_interrupts


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """Seconds that an answer, the session without its end, and the logout may take."""

    answer: float = 60
    session: float = 180
    logout: float = 5


@dataclass
class Reading:
    """What a session came to: each class's document, and whether UCS Manager confirmed its end."""

    documents: dict[str, Fact[bytes]] = field(default_factory=dict)
    left_open: str = ""


class UcsmSession:
    """Asks for every class, once, in a thread of its own: nothing that UCS Manager does or leaves
    undone can keep the caller longer than the limits say."""

    def __init__(
        self,
        address: UcsmAddress,
        credentials: Credentials,
        context: ssl.SSLContext,
        limits: SessionLimits,
    ) -> None:
        from vmfex.evidence.sources.ucsm.handle import Handle

        self._address = address
        self._limits = limits
        channel = Channel(address, context, limits.answer)
        self._handle = Handle(address, credentials, channel, limits.logout)
        self._reading = Reading()
        self._done = threading.Event()

    def read(self) -> Reading:
        """Interrupted (Ctrl-C, SIGTERM, SIGHUP) it logs out first, and then raises
        KeyboardInterrupt."""
        in_background(self._converse)
        with terminations_as_interrupts():
            try:
                self._done.wait(self._limits.session)
            finally:
                self.stop()
        reading = self._reading
        if not self._done.is_set():
            reading = Reading(dict(reading.documents), "it gave no answer to the logout")
            self._give_reason(reading, self._late)
        return reading

    def stop(self) -> None:
        """Ends the session, from whichever thread, and waits until it has ended."""
        if not self._done.is_set():
            self._handle.stop(Trouble(self._late))
            self._done.wait(2 * self._limits.logout)

    @property
    def _late(self) -> str:
        return f"did not answer everything within {self._limits.session:g} s"

    def _converse(self) -> None:
        handle, reading = self._handle, self._reading
        try:
            handle.enter()
            for request in REQUESTS:
                for class_id, document in handle.resolve(request).items():
                    reading.documents[class_id] = Known(document)
        except Trouble as trouble:
            self._give_reason(reading, str(trouble))
        except Exception as error:  # its text could hold anything that was sent or answered
            self._give_reason(reading, f"could not be asked: {type(error).__name__} in the SDK")
        finally:
            try:
                handle.leave()
            except Exception as error:
                said = str(error) if isinstance(error, Trouble) else type(error).__name__
                reading.left_open = f"it {said}"
            self._done.set()

    def _give_reason(self, reading: Reading, said: str) -> None:
        for class_id in CLASSES:
            unknown = Unknown(f"UCS Manager at {self._address} {said}")
            reading.documents.setdefault(class_id, unknown)
