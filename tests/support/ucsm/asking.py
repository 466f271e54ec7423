"""Asking the test server as the program does."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from tests.support.ucsm.run import ca_file
from tests.support.ucsm.server import PASSWORD, USER, UcsServer
from vmfex.checks.model.fact import Unknown
from vmfex.evidence.sources.ucsm.address import parse_address
from vmfex.evidence.sources.ucsm.channel import tls_context
from vmfex.evidence.sources.ucsm.classes import CLASSES
from vmfex.evidence.sources.ucsm.credentials import Credentials
from vmfex.evidence.sources.ucsm.environment import PASSWORD as PASSWORD_VARIABLE
from vmfex.evidence.sources.ucsm.environment import USER as USER_VARIABLE
from vmfex.evidence.sources.ucsm.manager import UcsManager
from vmfex.evidence.sources.ucsm.session import SessionLimits

QUICK = SessionLimits(
    answer=1, session=3, logout=0.5
)  # a server on loopback has answered long before


def manager(
    server: UcsServer,
    folder: Path,
    *,
    password: str = PASSWORD,
    verify: bool = True,
    limits: SessionLimits = QUICK,
) -> UcsManager:
    context = tls_context(str(ca_file(folder)) if verify else None, verify)
    address = parse_address(server.url)
    return UcsManager(address, Credentials(USER, password), context, lambda _: None, limits)


def reasons(asked: UcsManager) -> dict[str, str]:
    """Why each class is unknown; nothing of those that are known."""
    facts = {class_id: asked.read(f"ucsm/{class_id}.xml") for class_id in CLASSES}
    return {name: fact.reason for name, fact in facts.items() if isinstance(fact, Unknown)}


def environment(password: str = PASSWORD) -> Mapping[str, str]:
    return {USER_VARIABLE: USER, PASSWORD_VARIABLE: password}


@contextmanager
def credentials_in_environment(password: str = PASSWORD) -> Iterator[None]:
    with patch.dict(os.environ, environment(password)):
        yield
