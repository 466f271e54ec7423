"""Starting the server, with certificates that are made for the test and nowhere kept."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Literal

import trustme

from tests.support.ucsm.domain import Domain
from tests.support.ucsm.server import UcsServer

Certificate = Literal["good", "self-signed", "wrong name"]


@cache
def authority() -> trustme.CA:
    return trustme.CA()


@contextmanager
def running(
    domain: Domain, certificate: Certificate = "good", most_sessions: int = 32
) -> Iterator[UcsServer]:
    """The server. When it ends, no session may be open."""
    server = UcsServer(domain, _context(certificate), most_sessions)
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
    assert not server.sessions, "a session was left open"


def ca_file(folder: Path) -> Path:
    """A file with the certificate that the good and the wrongly named one were signed with."""
    path = folder / "ca.pem"
    authority().cert_pem.write_to_path(str(path))
    return path


def _context(certificate: Certificate) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if certificate == "self-signed":
        alone = trustme.CA()
        with TemporaryDirectory() as folder:
            chain = Path(folder, "chain.pem")
            chain.write_bytes(alone.private_key_pem.bytes() + alone.cert_pem.bytes())
            context.load_cert_chain(chain)
        return context
    name = "localhost" if certificate == "good" else "other.example"
    authority().issue_cert(name).configure_cert(context)
    return context
