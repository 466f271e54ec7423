"""Network namespaces for tests, and what they need: root, or a skip that says so."""

import ctypes
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar

from tests.support.needs import lacking

P = ParamSpec("P")
R = TypeVar("R")
CLONE_NEWNET = 0x40000000  # linux/sched.h


def require(present: bool, missing: str) -> None:
    """Ends the test with what is missing."""
    if not present:
        lacking(missing)


def require_root() -> None:
    require(os.geteuid() == 0, "needs root, for network namespaces")
    require_tool("ip")


def require_tool(name: str) -> None:
    require(shutil.which(name) is not None, f"needs the program {name}")


class Namespace:
    """A network namespace, which one thread of its own is in."""

    def __init__(self, thread: ThreadPoolExecutor) -> None:
        self._thread = thread
        self.path = self.call(_enter_a_new_one)

    def call(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """What the function returns when it is called in the namespace."""
        return self._thread.submit(function, *args, **kwargs).result()

    def ip(self, command: str) -> None:
        """Runs `ip` with this command; raises what it said where it fails."""
        done = self.call(
            subprocess.run, ["ip", *command.split()], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise OSError(f"ip {command}: {done.stderr.strip()}")

    def shown(self) -> list[dict[str, Any]]:
        """Every link as `ip` shows it in detail."""
        command = ["ip", "-d", "-j", "link"]
        output = self.call(subprocess.run, command, capture_output=True, text=True, check=True)
        rows: list[dict[str, Any]] = json.loads(output.stdout)
        return rows


@contextmanager
def namespace() -> Iterator[Namespace]:
    """A new one, with nothing but a loopback link; gone at the end, with all its links."""
    with ThreadPoolExecutor(1) as thread:
        yield Namespace(thread)


def _enter_a_new_one() -> str:
    """Moves the calling thread, and no other; the path stands for the namespace."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "unshare")
    return f"/proc/{os.getpid()}/task/{threading.get_native_id()}/ns/net"
