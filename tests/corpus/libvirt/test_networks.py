"""Each network of the corpus: the program's reading against the second reader's."""

from collections.abc import Callable

from tests.corpus.libvirt.documents import networks
from tests.corpus.our_reading import OurNetwork, port_words, read_network
from tests.corpus.second_reader import Net, network
from tests.corpus.virtual_ports import Port


def words(port: Port | None) -> tuple[str, str | None] | None:
    return (port["type"], port.get("profileid")) if port is not None and port["type"] else None


def differences(theirs: Net, ours: OurNetwork) -> dict[str, tuple[object, object]]:
    """By what it is, what the second reader has and what the program has."""
    value = ours.value
    both: dict[str, tuple[object, object]] = {
        "forward mode": (theirs.mode, value.forward),
        "bridge": (theirs.bridge, value.bridge),
        "pool": (theirs.pool, ours.pool),
        "virtual port": (words(theirs.port), port_words(value.virtualport)),
        "port groups": (
            {name: words(port) for name, port in theirs.groups.items()},
            {name: port_words(port) for name, port in value.portgroups.items()},
        ),
        "default port group": (theirs.default, value.default_portgroup),
    }
    return {what: pair for what, pair in both.items() if pair[0] != pair[1]}


def test_every_network_is_read_alike(record_property: Callable[[str, object], None]) -> None:
    """Forward mode, bridge, pool, port groups and virtual ports."""
    found = {}
    compared = list(networks())
    for document, root in compared:
        if different := differences(network(root), read_network(document.raw)):
            found[document.name] = different
    record_property("networks read twice", len(compared))
    assert found == {}
