"""The server: sessions, the methods that a reader uses, and whatever fault a test wants."""

import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

from lxml import etree
from lxml.etree import _Element

from tests.support.ucsm.domain import Domain, element

USER, PASSWORD = "auditor", 'p<4>&s"s-never-shown'
Fault = Callable[["Exchange", bytes], None]
ERRORS = {  # as in Cisco's programming guide
    "551": "Authentication failed",
    "552": "Authorization required",
    "555": "Session not found",
    "572": "User reached maximum session limit",
}


class UcsServer(ThreadingHTTPServer):
    """`sessions` are the cookies that are valid; `seen` the methods that were called, in order.

    `faults` takes the place of the n-th answer (from 1) to a method; 0 stands for each of them."""

    daemon_threads = True
    request_queue_size = 50

    def __init__(self, domain: Domain, context: ssl.SSLContext, most_sessions: int = 32) -> None:
        super().__init__(("127.0.0.1", 0), Exchange)
        self.domain = domain
        self.most_sessions = most_sessions
        self.sessions: set[str] = set()
        self.opened = 0
        self.closed = 0
        self.seen: list[str] = []
        self.bodies: list[bytes] = []
        self.faults: dict[tuple[str, int], Fault] = {}
        self.released = threading.Event()  # ends whatever hangs
        self._context = context
        self._numbers = count(1)
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"https://localhost:{self.server_address[1]}"

    def finish_request(self, request: Any, client_address: Any) -> None:
        """In the connection's own thread: a client that shakes no hands stops nobody else."""
        try:
            request.settimeout(20)
            with self._context.wrap_socket(request, server_side=True) as secure:
                Exchange(secure, client_address, self)
        except OSError:
            pass  # a client that does not like the certificate, or has gone

    def answer(self, request: _Element) -> bytes:
        with self._lock:
            return self._answer(request).encode()

    def _answer(self, request: _Element) -> str:
        method = str(request.tag)
        match method:
            case "aaaLogin":
                return self._login(request)
            case "aaaRefresh":
                return self._refresh(request)
            case "aaaLogout":
                return self._logout(request)
        if request.get("cookie", "") not in self.sessions:
            return error(method, "552")
        return self._resolve(method, request)

    def _login(self, request: _Element) -> str:
        if (request.get("inName"), request.get("inPassword")) != (USER, PASSWORD):
            return error("aaaLogin", "551")
        if len(self.sessions) >= self.most_sessions:
            return error("aaaLogin", "572")
        self.opened += 1
        told = {"outVersion": self.domain.release, "outName": "", "outSessionId": "web_1_A"}
        return self._with_cookie("aaaLogin", told)

    def _refresh(self, request: _Element) -> str:
        if request.get("inCookie", "") not in self.sessions:
            return error("aaaRefresh", "552")
        self.sessions.remove(request.get("inCookie", ""))
        return self._with_cookie("aaaRefresh", {})

    def _with_cookie(self, method: str, told: dict[str, str]) -> str:
        cookie = f"1764{next(self._numbers):06}/7f1e2d3c-0000-1000-8000-secret-cookie"
        self.sessions.add(cookie)
        channel = {"outDomains": "", "outChannel": "noencssl", "outEvtChannel": "noencssl"}
        rest = {"outRefreshPeriod": "600", "outPriv": "read-only"} | channel
        return element(method, {"cookie": "", "response": "yes", "outCookie": cookie} | rest | told)

    def _logout(self, request: _Element) -> str:
        cookie = request.get("inCookie", "")
        if cookie not in self.sessions:
            return error("aaaLogout", "555")
        self.sessions.remove(cookie)
        self.closed += 1
        return '<aaaLogout cookie="" response="yes" outStatus="success"/>'

    def _resolve(self, method: str, request: _Element) -> str:
        domain, asked = self.domain, request.get("classId")
        head = {"cookie": request.get("cookie", ""), "response": "yes"}
        ids = [asked] if asked else [str(c.get("value")) for c in request.iter("classId", "dn")]
        if method in ("configResolveClass", "configResolveClasses"):
            unknown = [name for name in ids if not domain.knows(name)]
            if unknown:
                return error("error", "ERR-xml-parse-error", f"no class named {unknown[0]}")
        found = {
            "configResolveClass": lambda: domain.of_classes(ids),
            "configResolveClasses": lambda: domain.of_classes(ids),
            "configResolveDns": lambda: "".join(
                element(*domain.by_dn[dn]) for dn in ids if dn in domain.by_dn
            ),
            "configResolveDn": lambda: (
                element(*domain.by_dn[dn]) if (dn := request.get("dn", "")) in domain.by_dn else ""
            ),
            "configResolveChildren": lambda: domain.children(request.get("inDn", ""), asked),
        }
        if method not in found:
            return error(method, "ERR-xml-parse-error", f"no method named {method}")
        out = "outConfig" if method == "configResolveDn" else "outConfigs"
        start = element(method, head | ({"classId": asked} if asked else {})).removesuffix("/>")
        return f"{start}><{out}>{found[method]()}</{out}></{method}>"


class Exchange(BaseHTTPRequestHandler):
    """One POST to /nuova."""

    server: UcsServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        request = etree.fromstring(body)
        method = str(request.tag)
        self.server.seen.append(method)
        self.server.bodies.append(body)
        number = self.server.seen.count(method)
        faults = self.server.faults
        fault = faults.get((method, number)) or faults.get((method, 0))
        try:
            if fault:
                fault(self, body)
            else:
                self.send(self.server.answer(request))
        except OSError:
            self.close_connection = True

    def send(self, answer: bytes, length: int | None = None, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(answer) if length is None else length))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: tests look into `seen`."""


def error(method: str, code: str, description: str = "") -> str:
    told = {"cookie": "", "response": "yes", "errorCode": code, "invocationResult": "failed"}
    return element(method, told | {"errorDescr": description or ERRORS[code]})
