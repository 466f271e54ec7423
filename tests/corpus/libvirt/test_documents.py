"""Every document of the corpus can be read, or is unknown with its reason."""

from collections import Counter
from collections.abc import Callable

from tests.corpus.libvirt.documents import Document, documents, domains, networks
from tests.corpus.our_reading import UUID, our_domain, our_network
from vmfex.checks.model.fact import Fact, Unknown

Record = Callable[[str, object], None]


def uuid_of(document: Document) -> str:
    root = document.root
    return ((root.findtext("uuid") if root is not None else None) or UUID).strip().lower()


def count(record_property: Record, what: str, counted: Counter[str]) -> None:
    for outcome, number in sorted(counted.items()):
        record_property(f"{what}, {outcome}", number)


def test_no_document_breaks_the_parser_of_domains(record_property: Record) -> None:
    """Each is a domain, or unknown with its reason. Unknown of those with a name, a UUID and
    devices, as libvirt writes every domain, are only some whose PCI addresses it refuses too."""
    counted, unknown = Counter[str](), []
    whole = {
        document.name
        for document, root in domains()
        if root.findtext("name") and root.findtext("uuid") and root.find("devices") is not None
    }
    for document in documents():
        answer = our_domain(document.raw, uuid_of(document))
        counted[outcome(answer)] += 1
        if isinstance(answer, Unknown) and document.name in whole and not document.is_refused:
            unknown.append((document.name, answer.reason))
    count(record_property, "documents read as a domain", counted)
    assert unknown == []


def test_no_document_breaks_the_parser_of_networks(record_property: Record) -> None:
    """The same for networks; no one that has a name is unknown."""
    counted, unknown = Counter[str](), []
    whole = {document.name for document, root in networks() if root.findtext("name")}
    for document in documents():
        answer = our_network(document.raw)
        counted[outcome(answer)] += 1
        if isinstance(answer, Unknown) and document.name in whole:
            unknown.append((document.name, answer.reason))
    count(record_property, "documents read as a network", counted)
    assert unknown == []


def outcome(answer: Fact[object]) -> str:
    """For the count; an unknown one has to say why."""
    if isinstance(answer, Unknown):
        assert answer.reason
        return "unknown, with the reason"
    return "read"
