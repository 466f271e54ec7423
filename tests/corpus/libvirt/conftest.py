"""Only `make corpus` collects the tests of this folder: `make test` knows nothing of them, since
the documents that they are about are fetched, and no part of this project."""

import os
from collections.abc import Iterator

import pytest

from tests.corpus.libvirt.documents import VERSION

IS_MEANT = os.environ.get("CORPUS") == "libvirt"
collect_ignore_glob = [] if IS_MEANT else ["test_*.py"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What was counted: how many documents, interfaces and combinations there were."""
    counted = list(_counted(terminalreporter)) if IS_MEANT else []
    if counted:
        terminalreporter.section(f"libvirt {VERSION.read_text('utf-8').strip()}")
        terminalreporter.write_line("\n".join(counted))


def _counted(terminalreporter: pytest.TerminalReporter) -> Iterator[str]:
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            yield from (f"{what}: {number}" for what, number in report.user_properties)
