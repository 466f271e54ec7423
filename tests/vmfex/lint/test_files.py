"""Files from anywhere: each is one sentence or is judged, whatever is in it."""

import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vmfex.lint.xml import direct, domain, network, on_network
from vmfex.checks.model.plan import Plan
from vmfex.errors import UsageError
from vmfex.lint.files import find, read
from vmfex.lint.judged import lint
from vmfex.lint.sarif import render as sarif
from vmfex.lint.text import render

GOOD = domain(direct())


def test_a_pipe_in_a_folder_is_not_waited_for(tmp_path: Path) -> None:
    """It is refused by its name: who names it himself, as `<(virsh dumpxml web01)`, means it."""
    (tmp_path / "a.xml").write_text(GOOD)
    os.mkfifo(tmp_path / "b.xml")
    with pytest.raises(UsageError, match=r"b\.xml' is no file"):
        find([tmp_path])


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "is empty"),
        (b"<project/>", "has the root element 'project', not 'domain' or 'network'"),
        (b"<domain>", "is not well-formed XML"),
        (b"<domain><name>a</name></domain>", "has no <devices>"),
        (b"<domain><devices/></domain>", "has no <name>"),
        (b"<domain><name>a</name><uuid>x</uuid><devices/></domain>", "a <uuid> that is none: 'x'"),
        (b"<!DOCTYPE domain><domain/>", "has a document type declaration, which is refused"),
        (b"\xff\xfe<\0d\0", "has NUL bytes, so it is not UTF-8 text"),
        (b"<domain>" + b"<a/>" * 200_000 + b"</domain>", "more than the 100,000 tags"),
        (b"<a>" * 5_000 + b"</a>" * 5_000, "is not well-formed XML"),
    ],
    ids=range(10),
)
def test_what_cannot_be_judged_is_one_sentence(tmp_path: Path, raw: bytes, says: str) -> None:
    """And nothing of the others is judged: a file that was passed over would look well."""
    good, bad = tmp_path / "a.xml", tmp_path / "b.xml"
    good.write_text(GOOD)
    bad.write_bytes(raw)
    with pytest.raises(UsageError, match=re.escape(says)) as caught:
        read([good, bad])
    assert str(bad) in str(caught.value)
    assert str(caught.value).isprintable()


def test_more_than_a_host_has_is_refused(tmp_path: Path) -> None:
    """It is not even parsed."""
    for name in "ab":
        (tmp_path / f"{name}.xml").write_text(f"{GOOD}{' ' * (9 * 2**20)}")
    with pytest.raises(UsageError, match="there are more than 2,048 files, or more than 16 MiB"):
        read([tmp_path])


def test_files_that_are_not_there(tmp_path: Path) -> None:
    """The system's own reason; a folder without definitions is no folder of them."""
    with pytest.raises(UsageError, match=r"gone\.xml' cannot be read: No such file"):
        read([tmp_path / "gone.xml"])
    with pytest.raises(UsageError, match="cannot be read: embedded null byte"):
        read([Path("a\0b")])
    with pytest.raises(UsageError, match=r"has no file that ends in \.xml"):
        read([tmp_path])


def test_a_folder_is_all_that_is_in_it(tmp_path: Path) -> None:
    """As /etc/libvirt/qemu has them: networks in a folder below, other files beside."""
    (tmp_path / "networks").mkdir()
    (tmp_path / "networks/vmfex.xml").write_text(network())
    (tmp_path / "web01.xml").write_text(domain(on_network()))
    (tmp_path / "README").write_text("not XML")
    paths = [Path(each.path).name for each in read([tmp_path])]
    assert paths == ["vmfex.xml", "web01.xml"]


OTHERS = [
    "<capabilities><host/></capabilities>",
    "<?xml version='1.0' encoding='ISO-8859-1'?><project><name>\xe9</name></project>",
    "<!DOCTYPE web-app PUBLIC '-//Sun//DTD' 'http://a.example/web.dtd'><web-app/>",
    "<!-- domain --><domainsnapshot><domain/></domainsnapshot>",
    "<domstatus/>",
    f"<log>{'<a/>' * 600_000}</log>",
]


def test_other_xml_in_a_folder_is_left_aside(tmp_path: Path) -> None:
    """By its root element, and counted; whatever its size, encoding or document type."""
    for number, text in enumerate(OTHERS):
        (tmp_path / f"{number}.xml").write_bytes(text.encode("latin-1"))
    with pytest.raises(UsageError, match="none of the 6 XML files there is a domain or a network"):
        find([tmp_path])
    (tmp_path / "web01.xml").write_text(GOOD)
    found = find([tmp_path])
    assert [Path(each.path).name for each in found.files] == ["web01.xml"]
    assert found.aside == len(OTHERS)
    text = render(lint(found.files, Plan(), aside=found.aside))
    assert text.splitlines()[-2] == "6 other XML files left aside: neither domain nor network"


@pytest.mark.parametrize("text", OTHERS)
def test_a_file_that_is_named_has_to_be_a_definition(tmp_path: Path, text: str) -> None:
    """Also beside a folder."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in/web01.xml").write_text(GOOD)
    (tmp_path / "other.xml").write_bytes(text.encode("latin-1"))
    with pytest.raises(UsageError, match=r"other\.xml.*nothing was judged"):
        find([tmp_path / "in", tmp_path / "other.xml"])


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<domain><name>a</name>",
        b"<doma",
        b"plain text",
        b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        b"<!DOCTYPE a><domain><name>a</name><devices/></domain>",
        b"<x:domain xmlns:x='urn:x'/>",
        "<domain/>".encode("utf-16"),
        "<?xml version='1.0' encoding='utf-7'?><a/>".encode("utf-7"),
        b"<?xml version='1.0' encoding='nonsense'?><a/>",
    ],
    ids=range(10),
)
def test_what_may_be_a_broken_definition_is_not_left_aside(tmp_path: Path, raw: bytes) -> None:
    """A definition that was passed over would look well."""
    (tmp_path / "web01.xml").write_text(GOOD)
    (tmp_path / "bad.xml").write_bytes(raw)
    with pytest.raises(UsageError, match=r"bad\.xml.*nothing was judged"):
        find([tmp_path])


def test_links_to_what_is_in_the_folder(tmp_path: Path) -> None:
    """libvirt links what starts with the host: it is no second domain. A link to elsewhere is
    read, and one that leads nowhere is refused."""
    (tmp_path / "etc/autostart").mkdir(parents=True)
    (tmp_path / "etc/web01.xml").write_text(GOOD)
    (tmp_path / "etc/autostart/web01.xml").symlink_to("../web01.xml")
    assert len(find([tmp_path / "etc"]).files) == 1
    (tmp_path / "elsewhere.xml").write_text(network())
    (tmp_path / "etc/net.xml").symlink_to("../elsewhere.xml")
    assert len(find([tmp_path / "etc"]).files) == 2
    (tmp_path / "etc/gone.xml").symlink_to("nowhere.xml")
    with pytest.raises(UsageError, match=r"gone\.xml' cannot be read"):
        find([tmp_path / "etc"])


@pytest.mark.parametrize("document", [GOOD, network()])
def test_two_of_one_name_are_those_of_two_hosts(tmp_path: Path, document: str) -> None:
    """What one of them says of the other would be wrong."""
    for name in "ab":
        (tmp_path / f"{name}.xml").write_text(document)
    with pytest.raises(UsageError, match="lint the files of one host at a time"):
        read([tmp_path])


def test_a_file_that_is_named_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its domain would be two, with one VF."""
    monkeypatch.chdir(tmp_path)
    Path("in").mkdir()
    Path("in/a.xml").write_text(GOOD)
    Path("b.xml").symlink_to("in/a.xml")
    for again in ("in/a.xml", "./in/a.xml", "in"):
        with pytest.raises(UsageError, match=r"^'in/a\.xml' is named twice: name each file once$"):
            read([Path("in/a.xml"), Path(again)])
    with pytest.raises(UsageError, match=r"^'in/a\.xml' and 'b\.xml' are one file: name it once$"):
        read([Path("in"), Path("b.xml")])


def test_text_of_a_file_steers_nothing(tmp_path: Path) -> None:
    """Names are whatever somebody wrote: no command of a CI system, no line of their own."""
    name = "::error::x ##vso[task] [a](https://evil.example) &#10;b.xml:1: fine \u202e"
    path = tmp_path / "a.xml"
    path.write_text(domain(direct(mode="vepa"), name=name), encoding="utf-8")
    result = lint(read([path]), Plan())
    text = render(result, verbose=True)
    assert result.problems
    assert all(line.isprintable() for line in text.splitlines())
    assert not any(line.startswith(("::", "b.xml")) for line in text.splitlines())
    for said in (text, sarif(result)):
        assert "::error::" not in said
        assert "##vso[" not in said
    assert "](" not in sarif(result)


_PARTS = st.sampled_from(
    [
        *("<interface type='direct'>", "</interface>", "<source dev='eth2'/>", "<vlan/>", "\n"),
        *("<hostdev type='pci'>", "</hostdev>", "<address type='pci' bus='9' slot='99'/>"),
        *("<virtualport type='802.1Qbh'/>", "<model type='virtio'/>", "<network>", "&amp;"),
        *("<!-- -->", "]]>", "\u202e"),
    ]
)


@given(parts=st.lists(_PARTS, max_size=12))
def test_no_devices_get_past_with_anything_but_a_verdict_or_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, parts: list[str]
) -> None:
    """Whatever stands in <devices>."""
    path = tmp_path_factory.getbasetemp() / "any.xml"
    path.write_text(domain("".join(parts)), encoding="utf-8")
    try:
        said = render(lint(read([path]), Plan()))
    except UsageError as error:
        said = f"{error}\n"
    assert said.replace("\n", "").isprintable()
