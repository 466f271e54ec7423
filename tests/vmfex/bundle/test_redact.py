"""Redacted bundles: no name that was found is in any file of it, in whatever writing."""

import base64
import json
import subprocess
from pathlib import Path
from unicodedata import normalize
from urllib.parse import quote
from uuid import UUID
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator

from tests.support.bundles import contents, vmfex
from tests.support.format_readers import rows
from tests.support.needs import program
from tests.support.secretive import (
    HOST,
    MACS,
    PLAN,
    UUIDS,
    WAIVERS,
    found_in,
    host,
    originals,
)
from vmfex.bundle.archive import TOP
from vmfex.bundle.redact.evidence import GONE, redacted
from vmfex.bundle.redact.names import Names
from vmfex.bundle.redact.patterns import found_in as found_in_text
from vmfex.bundle.redact.trie import any_of
from vmfex.checks.model.fact import Evidence
from vmfex.commands.report import FORMATS
from vmfex.reports.loading import load
from vmfex.reports.record import SCHEMA_FILE


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run on that host left."""
    folder = tmp_path_factory.mktemp("secretive")
    host().write_tar(folder / "host.tar")
    (folder / "waivers.yaml").write_text(WAIVERS)
    (folder / "seen.txt").write_text("seen")
    (folder / "plan.yaml").write_text(PLAN)
    given = ("--plan", folder / "plan.yaml", "--waivers", folder / "waivers.yaml")
    vmfex("certify", folder / "host.tar", *given, "--out", folder / "out", "-q")
    return folder / "out"


def unpacked(bundle: Path, folder: Path) -> Path:
    folder.mkdir()
    subprocess.run(["tar", "-xf", bundle, "-C", folder], check=True)
    return folder


def test_search_finds_what_is_not_redacted(run: Path) -> None:
    """Else the next test would hold for nothing: every original is in the run itself."""
    assert {original for _, original in found_in(run)} == {*originals()}


def test_no_original_is_in_the_bundle(tmp_path: Path, run: Path) -> None:
    """Names of hosts and VMs, UUIDs, MACs, IPs, serials, profiles, networks, users: in records,
    pages, JUnit, Allure's results and attachments, names of files, the statement."""
    done = vmfex("bundle", run, tmp_path / "b.tar", "--redact")
    assert done.returncode == 0
    assert found_in(unpacked(tmp_path / "b.tar", tmp_path / "x")) == []
    assert all(original not in done.stderr for original in originals())


def test_no_original_is_in_what_is_made_of_it(tmp_path: Path, run: Path) -> None:
    """Every format of the redacted record: within workbooks, which are archives, and PDFs, with
    what is attached to them."""
    vmfex("bundle", run, tmp_path / "b.tar", "--redact")
    record = unpacked(tmp_path / "b.tar", tmp_path / "x") / TOP / "certification.json"
    made = tmp_path / "made"
    made.mkdir()
    for name in FORMATS:
        done = vmfex("report", name, record, "--output", made / name)
        assert done.returncode == (2 if name == "nagios" else 0), done.stderr
    vmfex("report", "actions", record, "--output", made / "actions.xlsx")
    for book in (made / "xlsx", made / "actions.xlsx"):
        with ZipFile(book) as parts:
            parts.extractall(f"{book}-parts")
    subprocess.run([program("pdftotext"), made / "pdf", made / "pdf.txt"], check=True)
    subprocess.run([program("pdfdetach"), "-saveall", "-o", made, made / "pdf"], check=True)
    assert json.loads((made / "certification.json").read_text())["host"] == "host-1"
    assert "host-1" in (made / "pdf.txt").read_text()
    assert found_in(made) == []


def test_several_hosts(tmp_path: Path) -> None:
    """Their folders, the summary and what is made of all of them too."""
    out = tmp_path / "out"
    host().write_tar(tmp_path / f"{HOST}.tar")
    vmfex("certify", tmp_path / f"{HOST}.tar", "reference", "--out", out, "-q")
    assert found_in(out)
    assert vmfex("bundle", out, tmp_path / "b.tar", "--redact").returncode == 0
    assert found_in(unpacked(tmp_path / "b.tar", tmp_path / "x")) == []
    assert vmfex("verify", tmp_path / "b.tar").returncode == 6
    places = {name.split("/")[1] for name in contents(tmp_path / "b.tar") if "hosts/" in name}
    assert len(places) == 2
    assert all(place.startswith("host-") for place in places)
    table = rows(contents(tmp_path / "b.tar")["findings.csv"].decode())
    assert len({row["host"] for row in table}) == 2
    assert len(table) == len(rows((out / "findings.csv").read_bytes().decode()))


def test_verdicts_stay(tmp_path: Path, run: Path) -> None:
    """The record is a whole one that agrees with itself, by its schema, with every verdict, and
    with as many findings; and the bundle verifies."""
    vmfex("bundle", run, tmp_path / "b.tar", "--redact")
    record = contents(tmp_path / "b.tar")["certification.json"]
    schema = json.loads(SCHEMA_FILE.read_text())
    assert not [*Draft202012Validator(schema).iter_errors(json.loads(record))]
    (tmp_path / "r.json").write_bytes(record)
    before, after = load(run / "certification.json"), load(tmp_path / "r.json")
    assert after.decision == before.decision
    assert [r.verdict for r in after.results] == [r.verdict for r in before.results]
    assert [len(r.findings) for r in after.results] == [len(r.findings) for r in before.results]
    assert [r.rule for r in after.results] == [r.rule for r in before.results]
    assert "touched" not in vmfex("verify", tmp_path / "b.tar").stdout


def test_pseudonyms_are_stable(tmp_path: Path, run: Path) -> None:
    """The same bytes each time; and with the table, the same names in the bundle of another run."""
    table = tmp_path / "ours.json"
    for name in ("a.tar", "b.tar"):
        vmfex("bundle", run, tmp_path / name, "--redact", "--pseudonyms", table)
    assert (tmp_path / "a.tar").read_bytes() == (tmp_path / "b.tar").read_bytes()
    assert table.stat().st_mode & 0o777 == 0o600
    assert HOST in table.read_text()
    known = json.loads(table.read_text())
    vmfex("certify", "reference", "--out", tmp_path / "out", "-q")
    vmfex("bundle", tmp_path / "out", tmp_path / "c.tar", "--redact", "--pseudonyms", table)
    after = json.loads(table.read_text())
    assert {kind: {n: after[kind][n] for n in of} for kind, of in known.items()} == known
    assert after["host"]["reference"] not in known["host"].values()


def test_what_is_left_out_is_said(tmp_path: Path, run: Path) -> None:
    """On stderr, and in the bundle's README; Allure's page, and the recording of a whole host."""
    recording = run.parent / "host.tar"
    done = vmfex("bundle", run, tmp_path / "b.tar", "--redact", "--evidence", recording)
    readme = contents(tmp_path / "b.tar")["README.txt"].decode()
    assert "Left out: 1 files of raw evidence of a whole host" in done.stderr
    assert "Left out: 1 files of raw evidence of a whole host" in readme
    assert not [name for name in contents(tmp_path / "b.tar") if name.startswith("evidence/")]


@pytest.mark.parametrize("content", ["[]", "{", '{"host": 1}', '{"host": {"a": 1}}'])
def test_table_that_is_none(tmp_path: Path, run: Path, content: str) -> None:
    """Is refused in a sentence, and stays as it is."""
    (tmp_path / "t.json").write_text(content)
    done = vmfex("bundle", run, tmp_path / "b.tar", "--redact", "--pseudonyms", tmp_path / "t.json")
    assert (done.returncode, done.stderr.count("\n")) == (4, 1)
    assert (tmp_path / "t.json").read_text() == content
    assert vmfex("bundle", run, tmp_path / "b.tar", "--pseudonyms", "x").returncode == 4


def named(**kinds: str) -> Names:
    names = Names()
    for kind, name in kinds.items():
        names.add(kind, name)
    return names


@pytest.mark.parametrize(
    ("kind", "name", "text", "told"),
    [
        (
            "vm",
            "4711",
            "Move 4711 to 4711-disk; named by 4711",
            "Move vm-1 to vm-1-disk; named by vm-1",
        ),
        ("vm", "101", "give 101 another, of 101: x", "give vm-1 another, of vm-1: x"),
        ("host", "2048", "certification of 2048", "certification of host-1"),
        ("serial", "123456", "serial 123456", "serial serial-1"),
        ("user", "40017", "approved by 40017", "approved by user-1"),
        # and what is a number, and no name
        ("vm", "1137", "[1137:0071] 0000:1137:00.1 0x1137", "[1137:0071] 0000:1137:00.1 0x1137"),
        ("vm", "2026", "2026-03-01T10:00:00Z", "2026-03-01T10:00:00Z"),
        ("vm", "1160", "3.10.0-1160.el7, 8.1160", "3.10.0-1160.el7, 8.1160"),
        ("vm", "24", "24 VFs, one of 24", "24 VFs, one of 24"),
        # where its place says that it is a name
        ("vm", "24", "domain 24 (running): 24 VFs", "domain vm-1 (running): 24 VFs"),
        ("vm", "vnet0", "VM vnet0 has vnet0", "VM vm-1 has vnet0"),
        ("vm", "default", "domain default, cluster default", "domain vm-1, cluster default"),
        ("vm", "a", "`virsh start a`: a VM", "`virsh start vm-1`: a VM"),
        ("host", "7", "host 7 runs RHEL 7.9", "host host-1 runs RHEL 7.9"),
        ("profile", "12", "port profile 12 has 12 ports", "port profile profile-1 has 12 ports"),
        # and what is nobody's
        ("network", "default", "libvirt network default", "libvirt network default"),
        ("user", "root", "by root", "by root"),
        ("network", "br0", "bridge br0", "bridge br0"),
        ("name", "8192", "<memory>8192</memory>", "<memory>8192</memory>"),
        ("host", "localhost", "host localhost", "host localhost"),
    ],
)
def test_names_that_could_be_something_else(kind: str, name: str, text: str, told: str) -> None:
    """Numbers, words, devices, single letters: what identifies somebody goes, wherever that can be
    told, and numbers that are none stay."""
    names = Names()
    names.add(kind, name)
    assert names.numbered().text(text) == told


def test_a_name_by_its_place() -> None:
    """What a field or a folder says to be a name needs no word before it."""
    names = Names()
    for kind, name in (("vm", "7"), ("host", "a"), ("vm", "root")):
        names.add(kind, name)
    redactor = names.numbered()
    assert redactor.name("7") == "vm-1"
    assert redactor.name("hosts/A/allure-results/") == "hosts/host-1/allure-results/"
    assert redactor.name("root") == "vm-2"
    assert redactor.text("7 of a root") == "7 of a root"
    raw = "<domain id='7'><name>7</name><vcpu>7</vcpu></domain>"
    said = redacted(Evidence("x.xml", raw, "application/xml"), redactor).raw
    assert said == '<domain id="7"><name>vm-1</name><vcpu>7</vcpu></domain>'


def test_pseudonyms_do_not_become_names() -> None:
    """A VM 101 among a hundred: `vm-101` of another one has no pseudonym in it."""
    names = Names()
    for number in range(1000, 1110):
        names.add("vm", str(number))
    names.add("vm", "101")
    redactor = names.numbered()
    said = {redactor.text(str(number)) for number in range(1000, 1110)}
    assert said == {f"vm-{number}" for number in range(1, 111)}


def test_every_writing_of_a_uuid_and_a_mac() -> None:
    """Upper case, without dashes, in the byte order of firmware, as base64 and percent-encoded."""
    uuid, mac = UUIDS[0], MACS[0]
    names = named(uuid=uuid, mac=mac).numbered()
    digits = mac.replace(":", "")
    swapped = UUID(bytes_le=UUID(uuid).bytes)
    for written in (
        *(uuid, uuid.upper(), UUID(uuid).hex, str(swapped).upper(), swapped.hex),
        *(mac, mac.upper(), digits, mac.replace(":", "-"), quote(mac, safe="")),
        f"{digits[:4]}.{digits[4:8]}.{digits[8:]}",
        f"enx{digits}",
    ):
        text = names.text(f"a {written} b")
        assert written.lower() not in text.lower()
        assert text.startswith("a ")
    for encoded in (base64.b64encode(f"xy {uuid}".encode()), uuid.encode().hex().encode()):
        assert encoded.decode() not in names.text(f"a {encoded.decode()} b")


@pytest.mark.parametrize("name", ["Ünï-Café", "Дума-сервер", "名古屋-db-サーバ"])
def test_every_writing_of_a_name_beyond_ascii(name: str) -> None:
    """Percent-encoded, escaped as JSON and as our own messages have it, in base64, composed and
    decomposed: in the case in which it is written, which such an escape tells."""
    redactor = named(vm=name).numbered()
    forms = [normalize("NFC", name), normalize("NFD", name)]
    for form in forms:
        plain = [form, form.upper(), form.lower(), quote(form), json.dumps(form)[1:-1]]
        for written in [*plain, ascii(form)[1:-1]]:
            said = redactor.text(f"a {written} b")
            assert said == "a vm-1 b", written
    encoded = base64.b64encode(f"of {name}".encode()).decode()
    assert redactor.text(f"a {encoded} b") == "a (left out) b"


NOTATIONS = [*((2, m) for m in (":", "-", ".", "_", " ", "%3A", "%3a", "")), (4, "."), (4, "-")]


@pytest.mark.parametrize(("size", "mark"), [*NOTATIONS, (4, ":"), (6, "-")])
def test_every_notation_of_a_mac(size: int, mark: str) -> None:
    """By twos as most write it, by fours as Cisco and Huawei do, by sixes."""
    digits = MACS[0].replace(":", "")
    written = mark.join(digits[at : at + size] for at in range(0, 12, size))
    for each in (written, written.upper()):
        said = named(mac=MACS[0]).numbered().text(f"a {each} b")
        assert each.lower() not in said.lower()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("10.1.2.3", {("ip", "10.1.2.3")}),
        ("https://[2001:db8:7::1]:443/", {("ip", "2001:db8:7::1")}),
        ("ssh://bob@blade-7/x", {("user", "bob"), ("host", "blade-7")}),
        ("of alice@example.com", {("user", "alice"), ("host", "example.com")}),
        ("/home/dave/a.tar", {("user", "dave")}),
        ("kvm1.corp.example down", {("host", "kvm1.corp.example")}),
        ("52-54-00-AA-BB-CC", {("mac", "52:54:00:aa:bb:cc")}),
        ("enx525400aabbcc", {("mac", "52:54:00:aa:bb:cc")}),
        # and what is nobody's
        ("0000:06:00.1 [1137:0071] 10:05:22", set()),
        ("3.10.0-1160.el7.x86_64 and libvirt 8.0.0", set()),
        ("127.0.0.1, ::1, 0.0.0.0, 255.255.255.0, ff:ff:ff:ff:ff:ff", set()),
        ("libvirt/domains/running.xml, docs/rules.md, enic.ko", set()),
        ("`--ucsm https://ADDRESS`", set()),
    ],
)
def test_what_is_known_by_its_form(text: str, found: set[tuple[str, str]]) -> None:
    """Wherever it stands in a text."""
    assert {*found_in_text(text)} == found


@pytest.mark.parametrize(
    "evidence",
    [
        Evidence("/var/log/dmesg", "whatever a kernel says"),
        Evidence("kernel-changelog", "* Mon Jan 1 2024 Some Body <some@body.example>"),
        Evidence("libvirt/domains/x/running.xml", "<domain><name>x</na", "application/xml"),
        Evidence("x.xml", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "application/xml"),
        Evidence("netlink/links.bin", "[{", "application/json"),
    ],
)
def test_evidence_that_cannot_be_redacted_surely(evidence: Evidence) -> None:
    """Free text, and documents that are cut or none."""
    assert redacted(evidence, Names().numbered()).raw == GONE


def test_text_of_people_in_xml_is_left_out() -> None:
    """Descriptions, titles, metadata, comments."""
    people = "<title>T1</title><description>D1</description><metadata><x>M1</x></metadata>"
    raw = f"<domain><!-- a -->{people}</domain>"
    said = redacted(Evidence("x.xml", raw, "application/xml"), Names().numbered()).raw
    assert not [word for word in ("T1", "D1", "M1", "<!--") if word in said]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=12), max_size=8), st.text(max_size=60))
def test_trie_finds_what_an_alternation_finds(words: list[str], text: str) -> None:
    """The longest first."""
    import re

    plain = "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True)) or "(?!)"
    assert re.findall(any_of(words), text) == re.findall(plain, text)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=40), max_size=6), st.text(max_size=80))
def test_any_name_is_gone(names: list[str], rest: str) -> None:
    """Whatever it is made of, where the search for leaks looks for it."""
    found = Names()
    for name in names:
        found.add("vm", name)
    redactor = found.numbered()
    text = redactor.text(" ".join([*names, rest]))
    assert redactor.leak(text) == ""


def test_letters_whose_case_is_odd() -> None:
    """The long s is an s in one case, the Kelvin sign a k: no name stays, and no error comes."""
    redactor = named(vm="masks-2000").numbered()
    for written in ("MASKS-2000", "ma\u017fks-2000", "mas\u212as-2000"):
        assert redactor.text(f"a {written}") in ("a vm-1", "a (left out)")
