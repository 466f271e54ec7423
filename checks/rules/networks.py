"""The libvirt networks that VM-FEX interfaces are connected to (rules TOP-06 and TOP-07)."""

from shlex import quote

from vmfex.checks.model.connected_network import ConnectedNetwork
from vmfex.checks.model.domain import Network
from vmfex.checks.result.verdict import Finding, found
from vmfex.checks.text import one_line, shown

SHOWN_DOMAINS = 5


def is_active(connected: ConnectedNetwork) -> Finding:
    """TOP-06."""
    wanted = "an active network: libvirt starts no VM on another"
    network = _defined(connected)
    if network is None:
        return _missing(connected, wanted)
    active = network.active.need()
    observed = f"{'active' if active else 'inactive'}; {_who(connected)}"
    remedy = _command("Start the network", "net-start", connected)
    return found(connected, active, observed, wanted, *network.active.evidence, remedy=remedy)


def starts_with_host(connected: ConnectedNetwork) -> Finding:
    """TOP-07."""
    wanted = "a network that starts with the host"
    network = _defined(connected)
    if network is None:
        return _missing(connected, wanted)
    autostart = network.autostart.need()
    starts = "starts" if autostart else "does not start"
    observed = f"{starts} with the host; {_who(connected)}"
    remedy = _command("Let the network start with the host", "net-autostart", connected)
    return found(connected, autostart, observed, wanted, *network.autostart.evidence, remedy=remedy)


def _defined(connected: ConnectedNetwork) -> Network | None:
    return None if connected.network is None else connected.network.need()


def _missing(connected: ConnectedNetwork, wanted: str) -> Finding:
    remedy = (
        f"Define the network {_name(connected)} (`virsh net-define FILE`), start it, and let it "
        f"start with the host; or name the network that there is: {_edits(connected)}."
    )
    observed = f"not defined on this host; {_who(connected)}"
    return found(connected, False, observed, wanted, remedy=remedy)


def _who(connected: ConnectedNetwork) -> str:
    """The domains whose interfaces are connected, with what a running one still has."""
    domains = {i.domain.name: i.domain for i in connected.interfaces}
    running = any(i.running for i in connected.interfaces)
    names = [one_line(name) for name in domains]
    more = f" and {len(names) - SHOWN_DOMAINS} more" if len(names) > SHOWN_DOMAINS else ""
    which = f"domain{'s' if len(names) > 1 else ''} {', '.join(names[:SHOWN_DOMAINS])}{more}"
    return f"used by {which}" + (", of which one runs and keeps its device" if running else "")


def _command(what: str, command: str, connected: ConnectedNetwork) -> str:
    return f"{what}: `virsh {command} {_name(connected)}`."


def _name(connected: ConnectedNetwork) -> str:
    """As a shell takes it, or escaped where it has what no terminal shows."""
    name = connected.name
    return quote(name) if name.isprintable() else shown(name)


def _edits(connected: ConnectedNetwork) -> str:
    names = dict.fromkeys(i.domain.name for i in connected.interfaces)
    edits = [f"`virsh edit {quote(one_line(name))}`" for name in list(names)[:SHOWN_DOMAINS]]
    return ", ".join(edits)
