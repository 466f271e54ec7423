"""Archives that were touched, and archives that lie: each is told, and none ends with 0."""

import gzip
import json
import tarfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.bundles import contents, keys_in, lying, named, run_of, vmfex
from vmfex.bundle.archive import TOP, Writer
from vmfex.bundle.contents import run_in
from vmfex.bundle.make import make
from vmfex.bundle.verify import Told, Word, verify

ENVELOPE = b'{\n "payload"'  # how it begins


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A bundle, and the public key that verifies it."""
    folder = tmp_path_factory.mktemp("signed")
    private, public = keys_in(folder, "ed25519")
    make(run_in(run_of(folder / "out")), folder / "b.tar", {}, private)
    return folder / "b.tar", public


def told(raw: bytes, folder: Path, public: Path | None = None) -> tuple[Word, list[Told]]:
    path = folder / "touched.tar"
    path.write_bytes(raw)
    found = verify(path, [public] if public else [])
    return found.word, [each for each in found.told if each.word not in (Word.HOLDS, Word.OPEN)]


def flipped(raw: bytes, place: int, bits: int = 1) -> bytes:
    return raw[:place] + bytes([raw[place] ^ bits]) + raw[place + 1 :]


@settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_one_changed_byte_anywhere_fails(
    signed: tuple[Path, Path], tmp_path: Path, data: st.DataObject
) -> None:
    """In a header, a file, what fills it up, the signature, the end. Without the key the signature
    itself cannot be held against anything, and the bundle is vouched for by nobody."""
    raw = signed[0].read_bytes()
    place = data.draw(st.integers(0, len(raw) - 1))
    touched = flipped(raw, place, data.draw(st.integers(1, 255)))
    assert told(touched, tmp_path, signed[1])[0] is Word.TOUCHED
    without = {Word.TOUCHED, Word.OPEN} if place > raw.index(ENVELOPE) else {Word.TOUCHED}
    assert told(touched, tmp_path)[0] in without


def test_every_byte_that_no_digest_is_of(signed: tuple[Path, Path], tmp_path: Path) -> None:
    """Bytes of a header, of the envelope, and of the end."""
    raw = signed[0].read_bytes()
    start = raw.index(ENVELOPE)
    of_header, of_end = range(0, 512, 11), range(len(raw) - 500, len(raw), 99)
    for place in (*of_header, *range(start, start + 1200, 29), *of_end):
        assert told(flipped(raw, place), tmp_path, signed[1])[0] is Word.TOUCHED, place


def test_file_that_was_touched_is_named(signed: tuple[Path, Path], tmp_path: Path) -> None:
    """One file, and no other."""
    raw = signed[0].read_bytes().replace(b"<testsuites/>", b"<testsuiteX/>")
    word, wrong = told(raw, tmp_path, signed[1])
    assert (word, [(each.word, each.what) for each in wrong]) == (
        Word.TOUCHED,
        [(Word.TOUCHED, "junit.xml")],
    )


def test_damaged_header_leaves_the_others_readable(
    signed: tuple[Path, Path], tmp_path: Path
) -> None:
    """The file behind it is missing, and only that one."""
    raw = bytearray(signed[0].read_bytes())
    raw[raw.index(f"{TOP}/junit.xml".encode())] ^= 1
    wrong = told(bytes(raw), tmp_path)[1]
    assert {(each.word, each.what) for each in wrong} == {
        (Word.TOUCHED, "the archive"),
        (Word.MISSING, "junit.xml"),
    }


@pytest.mark.parametrize("length", [0, 1, 511, 512, 5000, -1, -512])
def test_cut_archive(signed: tuple[Path, Path], tmp_path: Path, length: int) -> None:
    """Wherever it was cut off."""
    assert told(signed[0].read_bytes()[:length], tmp_path)[0] is Word.TOUCHED


def test_more_after_the_end(signed: tuple[Path, Path], tmp_path: Path) -> None:
    """Bytes, zeros, or another archive that some tar would read."""
    raw = signed[0].read_bytes()
    for more in (b"x", bytes(10240), raw):
        assert told(raw + more, tmp_path)[0] is Word.TOUCHED


def remade(folder: Path, changed: dict[str, bytes], without: tuple[str, ...] = ()) -> bytes:
    """A bundle in which somebody made all digests anew."""
    target = folder / "remade.tar"
    with target.open("wb") as stream:
        writer = Writer(stream)
        for name, content in changed.items():
            if name not in without:
                writer.add(name, content)
        writer.finish()
    return target.read_bytes()


def test_forger_who_makes_the_digests_anew(signed: tuple[Path, Path], tmp_path: Path) -> None:
    """Has no key: the statement that was signed is about other files; without it nobody vouches."""
    from vmfex.bundle import keys, statement, sums
    from vmfex.reports.loading import load

    files = contents(signed[0])
    record = json.loads(files["certification.json"]) | {"host": "blade-8"}
    files["certification.json"] = json.dumps(record).encode()
    (tmp_path / "record.json").write_bytes(files["certification.json"])
    trailers = (sums.NAME, statement.NAME, keys.NAME)
    with (tmp_path / "x").open("wb") as stream:
        writer = Writer(stream)
        for name in sorted(files.keys() - {*trailers}):
            writer.add(name, files[name])
        files[sums.NAME] = sums.render(writer.sums)
        writer.add(sums.NAME, files[sums.NAME])
    vouched = {n: writer.sums[n] for n in (sums.NAME, "certification.json")}
    files[statement.NAME] = statement.statement(vouched, {"": load(tmp_path / "record.json")})
    assert told(remade(tmp_path, files), tmp_path)[0] is Word.TOUCHED
    assert told(remade(tmp_path, files), tmp_path, signed[1])[0] is Word.TOUCHED
    bare = remade(tmp_path, files, (keys.NAME,))
    assert told(bare, tmp_path)[0] is Word.OPEN
    assert told(bare, tmp_path, signed[1])[0] is Word.TOUCHED


@pytest.mark.parametrize(
    ("name", "type_"),
    [
        (f"{TOP}/../../etc/passwd", tarfile.REGTYPE),
        ("/etc/passwd", tarfile.REGTYPE),
        ("elsewhere/x", tarfile.REGTYPE),
        (f"{TOP}/extra", tarfile.REGTYPE),
        (f"{TOP}/junit.xml", tarfile.REGTYPE),
        (f"{TOP}/link", tarfile.SYMTYPE),
        (f"{TOP}/link", tarfile.LNKTYPE),
        (f"{TOP}/device", tarfile.CHRTYPE),
        (f"{TOP}/pipe", tarfile.FIFOTYPE),
        (f"{TOP}/folder", tarfile.DIRTYPE),
        (f"{TOP}/a\x1b[31m", tarfile.REGTYPE),
    ],
)
def test_archive_that_holds_more(
    signed: tuple[Path, Path], tmp_path: Path, name: str, type_: bytes
) -> None:
    """Traversal, links, devices, duplicates, files that nobody listed: whatever else is signed."""
    files = [(f"{TOP}/{n}", content) for n, content in contents(signed[0]).items()]
    members = [(named(n, content), content) for n, content in files]
    lying(tmp_path / "l.tar", [*members, (named(name, b"", type_), b"")])
    word, wrong = told((tmp_path / "l.tar").read_bytes(), tmp_path, signed[1])
    assert word is Word.TOUCHED
    assert wrong
    done = vmfex("verify", tmp_path / "l.tar", "--key", signed[1])
    assert (done.returncode, "\x1b" in done.stdout) == (1, False)


def test_bombs(tmp_path: Path) -> None:
    """Nothing is unpacked: what is packed is refused, and what says to be huge is not believed."""
    (tmp_path / "b.tar").write_bytes(gzip.compress(bytes(10_000_000)))
    done = vmfex("verify", tmp_path / "b.tar")
    assert (done.returncode, "packed by gzip" in done.stdout) == (1, True)
    huge = tarfile.TarInfo(f"{TOP}/certification.json")
    huge.size = 8 * 2**30 - 1
    raw = huge.tobuf(tarfile.USTAR_FORMAT, "utf-8", "strict")
    assert told(raw + bytes(20_000), tmp_path)[0] is Word.TOUCHED


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(raw=st.binary(max_size=3000))
def test_anything_else_is_no_bundle(tmp_path: Path, raw: bytes) -> None:
    """And no traceback."""
    assert told(raw, tmp_path)[0] is Word.TOUCHED


@pytest.mark.parametrize("name", ["statement.json", "statement.dsse.json", "SHA256SUMS"])
@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", b'{"subject": 1}', b"[" * 5000])
def test_documents_that_are_none(
    signed: tuple[Path, Path], tmp_path: Path, name: str, content: bytes
) -> None:
    """Instead of the statement, its envelope, or the digests."""
    files = contents(signed[0]) | {name: content}
    assert told(remade(tmp_path, files), tmp_path, signed[1])[0] is Word.TOUCHED


def test_more_signatures_and_fields(signed: tuple[Path, Path], tmp_path: Path) -> None:
    """What nobody verifies is not let in beside what holds."""
    files = contents(signed[0])
    envelope = json.loads(files["statement.dsse.json"])
    for changed in (
        envelope | {"note": "x"},
        envelope | {"payloadType": "text/plain"},
        envelope | {"signatures": []},
        envelope | {"signatures": envelope["signatures"] * 2},
        envelope | {"signatures": [{**envelope["signatures"][0], "cert": "x"}]},
    ):
        raw = (json.dumps(changed, indent=1) + "\n").encode()
        made = remade(tmp_path, files | {"statement.dsse.json": raw})
        assert told(made, tmp_path, signed[1])[0] is Word.TOUCHED


@pytest.mark.parametrize("id_", [["x"], None, 7, {}])
def test_key_ids_that_are_none(signed: tuple[Path, Path], tmp_path: Path, id_: object) -> None:
    """What names a key is a word."""
    files = contents(signed[0])
    envelope = json.loads(files["statement.dsse.json"])
    envelope["signatures"][0]["keyid"] = id_
    raw = (json.dumps(envelope, indent=1) + "\n").encode()
    made = remade(tmp_path, files | {"statement.dsse.json": raw})
    assert told(made, tmp_path)[0] is Word.TOUCHED
    assert told(made, tmp_path, signed[1])[0] is Word.TOUCHED


@pytest.mark.parametrize("stranger", ["a true one", "no signature at all"])
@pytest.mark.parametrize("place", [0, 1])
def test_a_signature_that_somebody_added(
    signed: tuple[Path, Path], tmp_path: Path, stranger: str, place: int
) -> None:
    """Whatever it is and wherever it stands: the envelope is not as it was signed. Who gives both
    keys has both verified."""
    from vmfex.bundle import keys

    private, public = keys_in(tmp_path, "ecdsa")
    files = contents(signed[0])
    envelope = json.loads(files["statement.dsse.json"])
    added = json.loads(keys.signed(files["statement.json"], keys.signer_at(private)))
    [another] = added["signatures"]
    if stranger == "no signature at all":
        another["sig"] = "AAAA"
    envelope["signatures"].insert(place, another)
    raw = (json.dumps(envelope, indent=1) + "\n").encode()
    made = remade(tmp_path, files | {"statement.dsse.json": raw})
    word, wrong = told(made, tmp_path, signed[1])
    assert word is Word.TOUCHED
    assert [each.what for each in wrong] == ["statement.dsse.json"]
    both = verify(tmp_path / "touched.tar", [signed[1], public]).word
    assert both is (Word.HOLDS if stranger == "a true one" else Word.TOUCHED)


def test_another_order_of_the_files(signed: tuple[Path, Path], tmp_path: Path) -> None:
    """Each is as it was, and the archive is not."""
    files = contents(signed[0])
    names = [*files]
    for order in (names[::-1], [*names[1:3], names[0], *names[3:]], [*names[:-2], *names[:-3:-1]]):
        made = remade(tmp_path, {name: files[name] for name in order})
        word, wrong = told(made, tmp_path, signed[1])
        assert (word, [each.what for each in wrong]) == (Word.TOUCHED, ["the archive"])
    assert told(remade(tmp_path, files), tmp_path, signed[1])[0] is Word.HOLDS


@pytest.mark.parametrize("name", ["gone.tar", "."])
def test_file_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    """Is wrong usage, in a sentence."""
    done = vmfex("verify", tmp_path / name)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (4, "", 1)
