"""Domains that are damaged, hostile or none: unknown with the reason, and never an exception."""

from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.domain_xml import (
    CONNECTED,
    KEPT,
    RUNNING,
    UUID,
    interface,
    slot,
    xml,
)
from tests.support.tree import DictTree
from vmfex.checks.model.domain import VirtualPort
from vmfex.checks.model.fact import Known, Unknown
from vmfex.checks.model.host import LibvirtAnswer
from vmfex.evidence.parsers.domain import domain, domains
from vmfex.evidence.sources.recorded import RecordedTree


def test_one_bad_file_makes_that_domain_unknown() -> None:
    """The domain whose file is bad is unknown and the file is named; the others are read."""
    other = UUID.replace("101", "102")
    files = {
        RUNNING: xml(""),
        KEPT: xml("")[:-5],
        f"libvirt/domains/{other}/persistent.xml": xml("").replace(UUID, other),
    }
    fact = domains(DictTree(files), CONNECTED)
    assert isinstance(fact, Known)
    bad, good = fact.value
    assert isinstance(bad, Unknown)
    assert KEPT in bad.reason
    assert isinstance(good, Known)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<network><name>web01</name></network>", "root element 'network'"),
        (xml("").replace("<name>web01</name>", ""), "has no <name>"),
        (xml("").replace(f"<uuid>{UUID}</uuid>", ""), "has no <uuid>"),
        (xml("").replace("101", "102"), "definition of another domain"),
        (xml("").replace("<devices></devices>", ""), "has no <devices>"),
        (xml("</devices><devices>"), "has 2 <devices>"),
        (xml("<hostdev type='pci'/>"), "without an address"),
        (xml("<controller type='pci' index='-1'/>"), "is not a valid index"),
        pytest.param(xml("<interface/>" * 100_000), "more than the 100,000 tags", id="flood"),
        ("", "is empty"),
    ],
)
def test_what_is_no_domain(text: str, words: str) -> None:
    """What a definition has to have and has not is said, with the file's name."""
    fact = domain(DictTree({RUNNING: text}), UUID)
    assert isinstance(fact, Unknown)
    assert RUNNING in fact.reason
    assert words in fact.reason


def test_entries_that_are_no_domains() -> None:
    """A directory of another name, or with nothing in it, is an unknown domain."""
    tree = DictTree({"libvirt/domains/..x/running.xml": "", f"libvirt/domains/{UUID}/.": ""})
    fact = domains(tree, CONNECTED)
    assert isinstance(fact, Known)
    assert [d.reason for d in fact.value if isinstance(d, Unknown)] == [
        "libvirt/domains has an entry '..x', which is not the UUID of a domain",
        f"domain {UUID} has neither a running nor a persistent definition",
    ]


def test_no_domains() -> None:
    """No domain is a list that was read and is empty; without a list nobody has asked."""
    tree = DictTree({"libvirt/connection.json": "{}"})
    assert isinstance(domains(tree, CONNECTED), Unknown)
    read = RecordedTree.of({"libvirt/connection.json": b"{}"}, directories=["libvirt/domains"])
    fact = domains(read, CONNECTED)
    assert isinstance(fact, Known)
    assert fact.value == ()
    refused = Known(LibvirtAnswer("qemu:///system", "refused", message="Connection refused"))
    unknown = domains(tree, refused)
    assert isinstance(unknown, Unknown)
    assert "Connection refused" in unknown.reason
    assert domains(tree, Unknown("libvirt: permission denied")) == Unknown(
        "libvirt: permission denied"
    )


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]))


@given(NAMES, NAMES, NAMES)
def test_values_survive(dev: str, mode: str, profile: str) -> None:
    """Whatever a name may hold, it is read as it was written."""
    source = f"<source dev={quoteattr(dev)} mode={quoteattr(mode)}/>"
    port = f"<virtualport><parameters profileid={quoteattr(profile)}/></virtualport>"
    found = interface(f"<interface type='direct'>{source}{port}</interface>")
    assert (found.dev, found.mode) == (dev, mode)
    assert found.virtualport == VirtualPort(None, profile)


@given(st.binary() | st.text(alphabet="<>/='domain& ").map(str.encode))
def test_never_raises(raw: bytes) -> None:
    """Whatever the file holds, the answer is a fact."""
    assert isinstance(domain(DictTree({RUNNING: raw}), UUID), Unknown)


@given(st.integers(0, len(xml(slot(1)))))
def test_a_truncated_file_is_unknown(length: int) -> None:
    """No beginning of a definition is taken for a whole one."""
    whole = xml(f"<interface type='user'>{slot(1)}</interface>")
    assert isinstance(domain(DictTree({RUNNING: whole[:length]}), UUID), Unknown)
