"""A connection to libvirt that cannot make its user wait longer than a time limit."""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, Literal, NamedTuple, TypeVar

from vmfex.background import in_background
from vmfex.checks.model.fact import Fact, Known, Unknown
from vmfex.checks.model.lazy import lazy
from vmfex.evidence.sources.libvirt_session import LibvirtSession, load_library
from vmfex.extras import wanted

T = TypeVar("T")
# A daemon on this machine; `test:///` is served by the library itself.
_LOCAL_DAEMON = re.compile(r"(?!test:)[a-z0-9]+(\+unix)?:///")
_BY_SSH = re.compile(r"[a-z0-9]+\+ssh://")
_NOTHING_LISTENS = (2, 111)  # ENOENT and ECONNREFUSED, which libvirt passes on
_RPC_ERRORS = (7, 13)  # VIR_FROM_RPC, and VIR_FROM_REMOTE before libvirt 0.9.3


class Connected(NamedTuple):
    """How libvirt answered, and what there is to say about it."""

    outcome: Literal["connected", "refused", "no answer"]
    message: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """libvirt's error, without its traceback, which would keep libvirt's objects alive."""

    message: str
    domain: int | None = None
    errno: int | None = None


@dataclass(frozen=True, slots=True)
class CallLimits:
    """Seconds that a call may take; `probe` is for those that make libvirt probe its emulators,
    the first of which takes 5 to 25 s."""

    call: float = 10
    probe: float = 40


class LibvirtConnection:
    """libvirt at `uri`, opened when first asked. After a call without an answer none is tried."""

    def __init__(
        self, uri: str, limits: CallLimits, notify: Callable[[str], None], is_host: bool = False
    ) -> None:
        self._uri = uri
        self._is_host = is_host
        self._limits = limits
        self._notify = notify
        self._hung: Unknown | None = None

    @lazy
    def opened(self) -> Fact[Connected]:
        """Unknown where a daemon may well run: without permission, on another machine."""
        local = _LOCAL_DAEMON.match(self._uri) is not None
        answer = self._call("connection", lambda session: session.open(_asking_nobody(self._uri)))
        if isinstance(answer, Unknown):
            return Known(Connected("no answer", answer.reason)) if local and self._hung else answer
        if not isinstance(answer, Failure):
            return Known(Connected("connected"))
        nobody = answer.errno in _NOTHING_LISTENS and answer.domain in _RPC_ERRORS
        if local and nobody:
            return Known(Connected("refused", answer.message))
        return Unknown(f"libvirt at {self._uri} cannot be read: {answer.message}")

    def ask(
        self,
        what: str,
        call: Callable[[LibvirtSession], T],
        probes: bool = False,
        announce: bool = True,
    ) -> Fact[T]:
        """The call's answer on the open connection."""
        opened = self.opened
        if isinstance(opened, Unknown):
            return opened
        match opened.value:
            case Connected("refused", message):
                return Unknown(f"libvirtd is not running: {message}")
            case Connected("no answer", message):
                return Unknown(message)
        answer = self._call(what, call, probes, announce)
        if isinstance(answer, Failure):
            return Unknown(f"libvirt did not give {what}: {answer.message}")
        return answer if isinstance(answer, Unknown) else Known(answer)

    def description(self) -> Fact[bytes | None]:
        """The connection as `connection.json` has it."""
        opened = self.opened
        if isinstance(opened, Unknown):
            return opened
        driver = self.ask("version", LibvirtSession.driver)
        version = self.ask("hypervisor version", LibvirtSession.hypervisor_version, probes=True)
        outcome, message = opened.value
        if outcome == "connected":
            unknown = [fact.reason for fact in (driver, version) if isinstance(fact, Unknown)]
            outcome, message = "no answer" if self._hung else outcome, "; ".join(unknown[:1])
        name, library_version = driver.value if isinstance(driver, Known) else (None, None)
        content = {
            "uri": self._uri,
            "outcome": outcome,
            "driver": name,
            "version": library_version,
            "hypervisor_version": version.value if isinstance(version, Known) else None,
            "message": message,
        } | ({"is_host": True} if self._is_host else {})
        return Known(json.dumps(content, indent=1).encode())

    def close(self) -> None:
        """Ends the connection. A process that exits need not call this."""
        if isinstance(self._thread, SessionThread):
            self._thread.stop()

    @lazy
    def _thread(self) -> "SessionThread | Unknown":
        try:
            return SessionThread(load_library())
        except ModuleNotFoundError:
            return Unknown(wanted("libvirt cannot be asked without libvirt-python", "local"))
        except ImportError as error:
            return Unknown(f"libvirt cannot be asked: its library cannot be loaded ({error})")

    def _call(
        self,
        what: str,
        call: Callable[[LibvirtSession], T],
        probes: bool = False,
        announce: bool = True,
    ) -> T | Failure | Unknown:
        if isinstance(self._thread, Unknown):
            return self._thread
        if self._hung is not None:
            return self._hung
        if announce:
            self._notify(f"libvirt {what}")
        limit = self._limits.probe if probes else self._limits.call
        try:
            return self._thread.ask(call, limit)
        except TimeoutError:
            reason = f"libvirt at {self._uri} gave no answer within {limit:g} s ({what})"
            self._hung = Unknown(reason)
            return self._hung


def _asking_nobody(uri: str) -> str:
    """The same URI, by which ssh asks for no password: nobody could answer in time. Of a parameter
    that stands twice libvirt takes the last; a `;` parts them for it only where no `&` follows."""
    uri = uri.replace(";", "&")
    if not _BY_SSH.match(uri):
        return uri
    return f"{uri}{'&' if '?' in uri else '?'}no_tty=1"


class SessionThread:
    """A daemon thread that owns a LibvirtSession and makes its calls, one after the other.

    A blocked libvirt call cannot be interrupted, and to close a connection that hangs blocks as
    well. So libvirt's objects live in this thread's frames alone, which the interpreter leaves
    alone when it exits: nothing closes them, nothing waits.
    """

    def __init__(self, library: Any) -> None:
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        in_background(_serve, library, self._jobs)

    def ask(self, call: Callable[[LibvirtSession], T], limit: float) -> T | Failure:
        """The call's answer. Raises TimeoutError after `limit` seconds; it may still block then."""
        job = _Job(call, SimpleQueue())
        self._jobs.put(job)
        try:
            answer: T | Failure = job.reply.get(timeout=limit)
        except Empty:
            raise TimeoutError from None
        return answer

    def stop(self) -> None:
        """Lets the thread close its connection and end, as soon as it can."""
        self._jobs.put(None)


@dataclass(frozen=True, slots=True)
class _Job:
    call: Callable[[LibvirtSession], Any]
    reply: SimpleQueue[Any]


def _serve(library: Any, jobs: "SimpleQueue[_Job | None]") -> None:
    session = LibvirtSession(library)
    while (job := jobs.get()) is not None:
        try:
            job.reply.put(job.call(session))
        except library.libvirtError as error:
            message = str(error).strip()
            job.reply.put(Failure(message, error.get_error_domain(), error.get_int1()))
        except Exception as error:  # an answer that libvirt-python itself stumbles over
            job.reply.put(Failure(f"{type(error).__name__}: {error}"))
    with suppress(library.libvirtError):
        session.close()
