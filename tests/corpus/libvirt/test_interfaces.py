"""Each interface of the corpus: the program's reading against the second reader's, for itself and
on each network of the corpus."""

from collections.abc import Callable, Iterator
from functools import cache
from xml.etree import ElementTree

from tests.corpus.libvirt.documents import Document, domains, networks
from tests.corpus.libvirt.test_documents import uuid_of
from tests.corpus.our_reading import (
    OurNetwork,
    agree,
    in_words,
    our_domain,
    read_network,
    resolved,
)
from tests.corpus.second_reader import Net, Written, interfaces, network, start
from vmfex.checks.model.domain import Domain
from vmfex.checks.model.fact import Known, Unknown

Record = Callable[[str, object], None]


@cache
def read_twice() -> tuple[tuple[str, Domain, tuple[Written, ...]], ...]:
    """The domains that have interfaces and that the program reads, with the second reader's
    reading. What a person has written and libvirt has not yet given a UUID has one here."""
    return tuple(_read_twice())


def _read_twice() -> Iterator[tuple[str, Domain, tuple[Written, ...]]]:
    for document, root in domains():
        theirs = tuple(interfaces(root))
        ours = our_domain(_with_uuid(document), uuid_of(document))
        if theirs and isinstance(ours, Known):
            yield document.name, ours.value, theirs


def _with_uuid(document: Document) -> bytes:
    assert document.root is not None
    if document.root.findtext("uuid"):
        return document.raw
    root = ElementTree.fromstring(document.raw)
    ElementTree.SubElement(root, "uuid").text = uuid_of(document)
    return ElementTree.tostring(root)


@cache
def networks_read_twice() -> tuple[tuple[str, Net, OurNetwork], ...]:
    """A network that libvirt refuses is on no host."""
    return tuple(
        (document.name, network(root), read_network(document.raw))
        for document, root in networks()
        if not document.is_refused
    )


def test_every_interface_is_read_alike(record_property: Record) -> None:
    """Each by itself: its type, its device, its model, its virtual port. One that is connected to a
    network that nobody has is unknown."""
    found, compared = list[object](), 0
    for name, ours, theirs in read_twice():
        mine = list(resolved(ours))
        assert len(mine) == len(theirs), name
        for (written, answer), second in zip(mine, theirs, strict=True):
            compared += 1
            started = start(second, None)
            if started is None:
                assert isinstance(answer, Unknown), name
                assert written.network == second.source.get("network"), name
                assert written.portgroup == second.source.get("portgroup"), name
            elif (read := in_words(answer.need(), None)) != started:
                found.append((name, started, read))
            if written.model != second.model or written.type != _type(second):
                found.append((name, second, written))
    record_property("interfaces read twice", compared)
    assert found == []


def _type(second: Written) -> str:
    return "bare hostdev" if second.is_bare else second.type


def test_every_interface_on_every_network_is_read_alike(record_property: Record) -> None:
    """What carries it, on which devices, with which virtual port, and which of these combinations
    libvirt refuses for virtual ports that contradict each other."""
    found, compared, refused = [], 0, 0
    for name, ours, theirs in read_twice():
        if not any(second.type == "network" for second in theirs):
            continue
        for of, net, our_net in networks_read_twice():
            for mine, second in zip(resolved(ours, our_net.value), theirs, strict=True):
                if second.type != "network":
                    continue
                compared += 1
                started = start(second, net)
                assert started is not None
                refused += bool(started.refused)
                read = in_words(mine.resolved.need(), our_net)
                if not agree(started, read):
                    found.append((name, of, started, read))
    record_property("interfaces on networks read twice", compared)
    record_property("of these libvirt refuses to merge the virtual ports", refused)
    assert found == []
    assert refused
