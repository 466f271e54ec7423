"""A Dask scheduler at an address: a cluster whose workers may judge, or one sentence why not."""

import logging
import re
import warnings
from concurrent.futures import Future
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from vmfex.background import in_background
from vmfex.checks.text import shown
from vmfex.errors import UsageError
from vmfex.extras import wanted
from vmfex.fleet.cluster import Cluster, told_of

if TYPE_CHECKING:
    from distributed import Client

ADDRESS = re.compile(r"(?:(?:tcp|tls)://)?(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]+):[0-9]{1,5}")
TO_CONNECT = 20.0  # seconds


def cluster_at(address: str, ruleset: str, limit: float) -> Cluster:
    """The cluster of the scheduler at this address, whose workers have the very rules. Raises
    UsageError, in one sentence, where that cannot be."""
    if not ADDRESS.fullmatch(address):
        raise UsageError(
            f"--scheduler: {shown(address)} is not the address of a Dask scheduler, as in "
            "tls://HOST:8786"
        )
    if find_spec("distributed") is None:
        raise UsageError(f"{wanted('--scheduler needs Dask', 'dask')}.")
    import_module("distributed")  # here, so that its loggers are there to be silenced
    _silence()
    connecting: Future[Client] = Future()
    in_background(_connect, address, connecting)
    try:
        cluster = Cluster(connecting.result(2 * TO_CONNECT), address, ruleset, limit)
    except TimeoutError:
        raise UsageError(f"there is no Dask scheduler at {address}: it does not answer") from None
    except Exception as error:
        raise UsageError(f"there is no Dask scheduler at {address}: {told_of(error)}") from error
    try:
        cluster.refuse_others()
    except BaseException as error:
        cluster.shutdown()
        if isinstance(error, (UsageError, KeyboardInterrupt)):
            raise
        raise UsageError(
            f"the Dask workers of {address} do not answer: {told_of(error)}"
        ) from error
    return cluster


def _connect(address: str, connecting: "Future[Client]") -> None:
    """In a thread: where somebody listens who says nothing, Dask waits for ever."""
    from distributed import Client

    try:
        connecting.set_result(
            Client(address, timeout=TO_CONNECT, set_as_default=False, name="vmfex")
        )
    except BaseException as error:
        connecting.set_exception(error)


def _silence() -> None:
    """What Dask would say beside our sentences."""
    warnings.filterwarnings("ignore", module="distributed")
    for name in ("distributed", "tornado"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    for name in list(logging.root.manager.loggerDict):
        if name.startswith(("distributed.", "tornado.")):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
