"""Another try where a host's server was only busy for a moment: an sshd refuses some of many who
come at once (MaxStartups), as on a jump host that leads to all of them."""

from collections.abc import Callable
from time import sleep
from typing import TYPE_CHECKING

from vmfex.evidence import opening
from vmfex.evidence.host_spec import HostSpec

if TYPE_CHECKING:
    from vmfex.evidence.sources.ssh import Arrived

PAUSES = (1.0, 4.0)  # seconds before the second and the third try


def fetch(host: HostSpec, notify: Callable[[str], None]) -> "Arrived | None":
    """What a host over SSH sends; each try has its own time limit. None for every other host."""
    arrived = opening.fetch(host, notify)
    for pause in PAUSES:
        if arrived is None or not arrived.was_busy:
            break
        if arrived.raw:
            arrived.raw.close()
        notify("its server is busy")
        sleep(pause)
        arrived = opening.fetch(host, notify)
    return arrived
