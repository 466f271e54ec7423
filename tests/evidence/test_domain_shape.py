"""Domains of one shape are both valid by libvirt's schema, or neither is: no error is hidden."""

import re
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tests.fuzz.mutate import by_xml
from tests.support.construct import RawTree
from tests.support.needs import only_where
from vmfex.checks.model.fact import Evidence, Known
from vmfex.evidence.embedded import embedded_file, embedded_hosts
from vmfex.evidence.parsers import schema
from vmfex.evidence.parsers.domain_shape import LONGEST, shape
from vmfex.evidence.parsers.schema import schema_errors

installed = only_where(schema.DOMAIN_SCHEMA.is_file(), "libvirt's schema is not installed")
RNG = "{http://relaxng.org/ns/structure/1.0}"
UUIDS = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
# What stands in the place of a fixed word: the element, its attribute (None: its text), the values.
OWN = [
    ("name", None, r"[A-Za-z0-9][A-Za-z0-9_.-]{0,80}"),
    ("uuid", None, UUIDS),
    ("mac", "address", r"[0-9a-f][02468ace](:[0-9a-f]{2}){5}"),
    ("source", "dev", r"/[A-Za-z0-9_./-]{1,80}"),
    ("source", "file", r"/[A-Za-z0-9_./-]{1,80}"),
    ("target", "dev", r"(vnet)[0-9]{1,12}"),
    ("target", "dev", r"(macvtap)[0-9]{1,12}"),
    ("label", None, r"[A-Za-z0-9_:,.+-]{1,80}"),
    ("imagelabel", None, r"[A-Za-z0-9_:,.+-]{1,80}"),
    ("domain", "id", r"[0-9]{1,9}"),
]
# One that has all of them, in many of the places where the schema knows them.
DOMAIN = """\
<domain type='kvm' id='12'>
  <name>web01</name>
  <uuid>5ca1ab1e-0000-4000-8000-000000000101</uuid>
  <metadata><x:a xmlns:x='urn:x'><x:b name='/q'/></x:a></metadata>
  <memory unit='KiB'>1048576</memory>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <devices>
    <disk type='file' device='disk'>
      <source file='/images/web01.qcow2'>
        <seclabel model='selinux' relabel='yes'><label>system_u:object_r:c1</label></seclabel>
      </source>
      <target dev='vda' bus='virtio'/>
    </disk>
    <disk type='block' device='disk'>
      <source dev='/dev/vg/web01'/>
      <target dev='vdb' bus='virtio'/>
    </disk>
    <filesystem type='block'><source dev='/dev/vg/fs'/><target dir='/x'/></filesystem>
    <interface type='direct'>
      <mac address='52:54:00:00:00:01'/>
      <source dev='/eth2' mode='passthrough'/>
      <target dev='macvtap12'/>
    </interface>
    <interface type='network'>
      <mac address='52:54:00:00:00:02'/>
      <source network='n'/>
      <target dev='vnet3'/>
    </interface>
    <input type='evdev'><source dev='/dev/input/event0'/></input>
    <memory model='nvdimm'>
      <uuid>5ca1ab1e-0000-4000-8000-000000000102</uuid>
      <source><path>/tmp/nvdimm</path></source>
      <target><size unit='KiB'>524288</size><node>0</node>
        <label><size unit='KiB'>128</size></label></target>
    </memory>
  </devices>
  <seclabel type='dynamic' model='selinux' relabel='yes'>
    <label>system_u:system_r:svirt_t:s0:c1,c2</label>
    <imagelabel>system_u:object_r:svirt_image_t:s0:c1,c2</imagelabel>
  </seclabel>
</domain>
"""
RECORDED = [
    raw
    for name in embedded_hosts()
    for path, raw in RawTree.load(embedded_file(name)).files.items()
    if path.startswith("libvirt/domains/")
]
PLACE = re.compile(r"<(name|uuid|label|imagelabel)>[^<]*</|<(?:mac|source|target|domain)[^<>]*>")
OF_A_KIND = st.one_of(*(st.from_regex(own, fullmatch=True) for _, _, own in OWN))
NEAR = (
    *(
        "",
        "/",
        " ",
        "a b",
        "/a b",
        "\n",
        "/\n",
        "0",
        "vda",
        "web/1",
        "[ds] a",
        "é",
        "/é",
        "&lt;",
        "a*",
    ),
    *("4294967296", "12x", "A" * 900, "53:54:00:00:00:01", "52:54:00:00:00", "52-54-00-00-00-01"),
    *("5ca1ab1e-0000-4000-8000-00000000010", "5ca1ab1e0000-4000-8000-000000000101", "vnet", "-1"),
)


def by_schema(xml: bytes) -> bool:
    """What libxml2 says of the very document."""
    root = etree.fromstring(xml, etree.XMLParser(remove_comments=True, remove_pis=True))
    return bool(schema._schema(schema.DOMAIN_SCHEMA).need().validate(root))


def same(xml: bytes) -> None:
    """What is not even parsed has no answer."""
    told = schema_errors(Evidence("libvirt/domains/x/running.xml", xml.decode("utf-8", "ignore")))
    if isinstance(told, Known):
        assert (told.value == "") == by_schema(xml.decode("utf-8", "ignore").encode())


@installed
def test_it_is_valid_and_of_a_shape() -> None:
    """What the tests below change is no error to begin with."""
    assert by_schema(DOMAIN.encode())
    words = re.split(r"[<>']", shape(DOMAIN) or "")
    assert {"vm", "/path", "label", "macvtap0", "vnet0", "52:54:00:00:00:00"} <= set(words)


def changed(place: re.Match[str], value: str) -> bytes:
    """The domain with another value in an element that has one of a VM's own."""
    own = r"(?<=>)[^<]+(?=</)|(?<=(?:dev|ess)=')[^']*|(?<=file=')[^']*|(?<=id=')[^']*"
    element = re.sub(own, lambda _: value, place[0])
    return f"{DOMAIN[: place.start()]}{element}{DOMAIN[place.end() :]}".encode()


@installed
@pytest.mark.parametrize("place", [*PLACE.finditer(DOMAIN)], ids=lambda place: place[0])
def test_another_value_in_the_place_of_one(place: re.Match[str]) -> None:
    """One that is nearly of its kind, wherever such an element is."""
    for value in NEAR:
        same(changed(place, value))


@installed
@given(st.sampled_from([*PLACE.finditer(DOMAIN)]), OF_A_KIND)
def test_one_of_any_kind_in_the_place_of_one(place: re.Match[str], value: str) -> None:
    """A path where a name was, a name where a MAC address was, and so on."""
    same(changed(place, value))


@installed
@given(st.randoms(use_true_random=False), st.sampled_from([DOMAIN.encode(), *RECORDED]))
def test_any_other_change(random: Random, raw: bytes) -> None:
    """Elements that are gone, twice, or where they do not belong, and values of others."""
    for _ in range(random.randrange(1, 4)):
        raw = by_xml(raw, DOMAIN.encode(), random)
    same(raw)


@installed
@pytest.mark.parametrize(("element", "attribute", "own"), OWN)
def test_the_schema_cares_for_none_of_it(element: str, attribute: str | None, own: str) -> None:
    """Wherever the schema has such an element, each type that it gives the value takes all of the
    values that are left out, or none: by that, and by nothing else, a document's validity depends
    on a value."""
    types = list(_types(element, attribute))
    assert types

    @given(st.from_regex(own, fullmatch=True), st.from_regex(own, fullmatch=True))
    def alike(one: str, other: str) -> None:
        for takes in types:
            assert takes(one) == takes(other), etree.tostring(takes.pattern)

    alike()


class Takes:
    """A type of the schema: whether it takes a text."""

    def __init__(self, pattern: etree._Element) -> None:
        self.pattern = pattern

    def __call__(self, value: str) -> bool:
        kind = self.pattern.tag.removeprefix(RNG)
        if kind in ("text", "value"):
            return kind == "text" or value == self.pattern.text
        params = {p.get("name"): p.text or "" for p in self.pattern.iter(f"{RNG}param")}
        assert params.keys() <= {"pattern"}, params
        form = re.fullmatch(params.get("pattern", ".*"), value, re.DOTALL) is not None
        match self.pattern.get("type"):
            case "string":
                return form
            case "unsignedInt":
                return form and value.isdecimal() and int(value) < 2**32
        raise AssertionError(f"another type: {self.pattern.get('type')}")


def _types(element: str, attribute: str | None) -> Iterator[Takes]:
    """Those of an attribute of every element of this name, or of its text."""
    files = [etree.parse(path).getroot() for path in _files(schema.DOMAIN_SCHEMA)]
    defines: dict[str, list[etree._Element]] = {}
    for file in files:
        for define in file.iter(f"{RNG}define"):
            defines.setdefault(define.get("name", ""), []).append(define)

    def inside(pattern: etree._Element, seen: frozenset[str]) -> Iterator[etree._Element]:
        """The attributes and types of an element, without those of elements inside it."""
        for child in pattern.iterchildren(f"{RNG}*"):
            name = child.get("name", "")
            if child.tag == f"{RNG}ref":
                if name not in seen:
                    for define in defines[name]:
                        yield from inside(define, seen | {name})
            elif child.tag in (f"{RNG}attribute", f"{RNG}data", f"{RNG}value", f"{RNG}text"):
                yield child
            elif child.tag != f"{RNG}element":
                yield from inside(child, seen)

    for file in files:
        for found in file.iter(f"{RNG}element"):
            if found.get("name") != element:
                continue
            for part in inside(found, frozenset()):
                if part.tag != f"{RNG}attribute":
                    yield from [] if attribute else [Takes(part)]
                elif attribute and part.get("name") == attribute:
                    leaves = list(inside(part, frozenset()))
                    yield from map(Takes, leaves or [etree.Element(f"{RNG}text")])


def _files(path: Path) -> Iterator[Path]:
    """A schema and what it includes."""
    yield path
    for included in etree.parse(path).getroot().iter(f"{RNG}include"):
        yield from _files(path.with_name(included.get("href", "")))


@pytest.mark.parametrize(
    "xml", [DOMAIN + " " * LONGEST, DOMAIN.replace("<name>web01</name>", "<!-- --><name>a</name>")]
)
def test_it_has_no_shape(xml: str) -> None:
    """What is long would take memory, and a comment may hold what is no element."""
    assert shape(xml) is None
