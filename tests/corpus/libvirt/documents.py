"""The documents that `tools/corpus.sh` fetched, and what libvirt's own tests expect of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

CORPUS = Path(__file__).parents[3] / ".setup" / "corpus"
VERSION = CORPUS / "version"
TESTS = CORPUS / "tests"
REFUSED_NETWORK = re.compile(r'DO_TEST_PARSE_ERROR\("([^"]+)"')  # networkxml2xmltest.c


@dataclass(frozen=True)
class Document:
    """A file, with its root element; None where it is not well-formed."""

    path: Path
    root: Element | None

    @property
    def name(self) -> str:
        return str(self.path.relative_to(TESTS))

    @property
    def raw(self) -> bytes:
        return self.path.read_bytes()

    @property
    def is_refused(self) -> bool:
        """Whether libvirt's own tests expect it to refuse the document."""
        stem = self.path.stem
        if self.path.parent.name == "networkxml2xmlin":
            return stem in _refused_networks()
        return any(self.path.parent.glob(f"{stem}.err")) or any(
            self.path.parent.glob(f"{stem}.*.err")
        )


@cache
def documents() -> tuple[Document, ...]:
    """Every XML file of the corpus. Raises FileNotFoundError where there is none."""
    found = tuple(Document(path, _root(path)) for path in sorted(TESTS.rglob("*.xml")))
    if not found:
        raise FileNotFoundError(f"{TESTS} has no document: `make corpus` fetches them")
    return found


def domains() -> Iterator[tuple[Document, Element]]:
    return _of_kind("domain")


def networks() -> Iterator[tuple[Document, Element]]:
    return _of_kind("network")


def _of_kind(tag: str) -> Iterator[tuple[Document, Element]]:
    for document in documents():
        if document.root is not None and document.root.tag == tag:
            yield document, document.root


def _root(path: Path) -> Element | None:
    try:
        return ElementTree.fromstring(path.read_bytes())
    except ElementTree.ParseError:
        return None


@cache
def _refused_networks() -> frozenset[str]:
    return frozenset(REFUSED_NETWORK.findall((TESTS / "networkxml2xmltest.c").read_text("utf-8")))
