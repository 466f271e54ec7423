"""UCS Manager as the part `ucsm/` of a host's evidence, whatever the rest comes from."""

import json
import os
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from threading import Lock

from vmfex.checks.model.fact import Fact, Known, Unknown
from vmfex.evidence.sources.ucsm import UcsmError
from vmfex.evidence.sources.ucsm.address import UcsmAddress, parse_address
from vmfex.evidence.sources.ucsm.channel import tls_context
from vmfex.evidence.sources.ucsm.classes import CLASSES
from vmfex.evidence.sources.ucsm.credentials import Credentials, find_credentials
from vmfex.evidence.sources.ucsm.environment import take_credentials
from vmfex.evidence.sources.ucsm.session import Reading, SessionLimits, UcsmSession
from vmfex.evidence.sources.ucsm.tree import AREA
from vmfex.extras import wanted

CONNECTION = "ucsm/connection.json"


@dataclass(frozen=True, slots=True)
class UcsmRequest:
    """How the user wants UCS Manager asked: `ca` is a file of certificates to trust, `said` what
    was taken out of the environment before anything was started."""

    url: str
    ca: str | None = None
    insecure: bool = False
    said: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)


def open_manager(asked: UcsmRequest, notify: Callable[[str], None] | None = None) -> "UcsManager":
    """Raises UcsmError. User and password leave the environment: no child process has them."""
    if find_spec("ucsmsdk") is None:
        raise UcsmError(wanted("--ucsm needs Cisco's SDK", "ucsm") + ".")
    if asked.ca and asked.insecure:
        raise UcsmError("--ucsm-ca and --ucsm-insecure cannot be used together.")
    address = parse_address(asked.url)
    context = tls_context(asked.ca, verify=not asked.insecure)
    said = {**asked.said, **take_credentials(os.environ)}
    credentials = find_credentials(address, {**os.environ, **said})
    return UcsManager(address, credentials, context, notify or (lambda _sentence: None))


class UcsManager:
    """Asked in one session, when the first thing is wanted of it; any number of hosts share it."""

    def __init__(
        self,
        address: UcsmAddress,
        credentials: Credentials,
        context: ssl.SSLContext,
        notify: Callable[[str], None],
        limits: SessionLimits | None = None,
    ) -> None:
        self._address = address
        self._credentials = credentials
        self._context = context
        self._notify = notify
        self._limits = limits or SessionLimits()
        self._lock = Lock()
        self._session: UcsmSession | None = None
        self._reading: Reading | None = None

    def read(self, path: str) -> Fact[bytes | None]:
        if path == CONNECTION:
            return Known(self._connection())
        class_id = path.removeprefix(f"{AREA}/").removesuffix(".xml")
        if path != f"{AREA}/{class_id}.xml" or class_id not in CLASSES:
            return Known(None)
        document = self._read().documents[class_id]
        return document if isinstance(document, Unknown) else Known(document.value)

    def names(self, path: str) -> Fact[tuple[str, ...] | None]:
        if path != AREA:
            return Known(None)
        return Known(tuple(sorted(("connection.json", *(f"{name}.xml" for name in CLASSES)))))

    def _read(self) -> Reading:
        with self._lock:
            if self._reading is None:
                self._notify(f"UCS Manager at {self._address}")
                self._session = UcsmSession(
                    self._address, self._credentials, self._context, self._limits
                )
                self._reading = self._session.read()
            return self._reading

    def close(self) -> None:
        """Ends a session that another thread is still in, as when the run was interrupted."""
        if self._session is not None:
            self._session.stop()

    def _connection(self) -> bytes:
        told = {
            "address": str(self._address),
            "verified": self._context.verify_mode is ssl.CERT_REQUIRED,
            "left_open": self._read().left_open,
        }
        return (json.dumps(told, indent=1) + "\n").encode()
