"""What of a bundle holds, and what was touched, down to the file. Nothing is unpacked."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from vmfex.bundle import keys, statement, sums
from vmfex.bundle.archive import Keep, Member, members
from vmfex.checks.result.certification import Certification
from vmfex.checks.text import one_line, shown_path
from vmfex.errors import UsageError
from vmfex.folder.names import RECORD, SUMMARY
from vmfex.reports import ReportError
from vmfex.reports.json_document import SIZE_LIMIT, parsed_json
from vmfex.reports.loading import parse

if TYPE_CHECKING:
    from securesystemslib.signer import SSlibKey

MOST_TOLD = 200  # lines; an archive can have a million things wrong
TRAILERS = (sums.NAME, statement.NAME, keys.NAME)  # what SHA256SUMS does not list
KEPT = Keep(frozenset({*TRAILERS, RECORD, SUMMARY}), (f"/{RECORD}",), SIZE_LIMIT)


class Word(StrEnum):
    HOLDS = "holds"
    TOUCHED = "touched"
    MISSING = "missing"
    ADDED = "added"
    OPEN = "open"  # nothing is wrong, and nobody vouches for it


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of a file of the bundle, or of the bundle itself."""

    word: Word
    what: str
    why: str

    @property
    def line(self) -> str:
        return one_line(f"{self.word:<8} {self.what}: {self.why}")


@dataclass(frozen=True, slots=True)
class Verified:
    told: tuple[Told, ...]

    @property
    def word(self) -> Word:
        """TOUCHED where anything was, else OPEN where nobody vouches for it, else HOLDS."""
        words = {each.word for each in self.told}
        if words & {Word.TOUCHED, Word.MISSING, Word.ADDED}:
            return Word.TOUCHED
        return Word.OPEN if Word.OPEN in words else Word.HOLDS


def verify(path: Path, public: Sequence[Path]) -> Verified:
    """Raises UsageError for a file or key that cannot be read."""
    wanted = keys.keys_of(public)
    try:
        with path.open("rb") as stream:
            size = path.stat().st_size
            read = _Read.of(members(stream, size, KEPT))
    except OSError as error:
        raise UsageError(f"{shown_path(path)} cannot be read: {error.strerror}") from None
    told = [*read.faults, *_files(read), *_statement(read)]
    for each, key in wanted.items():
        told.append(_signature(read, each, key))
    if all(each.word is Word.HOLDS for each in told):
        told += [*_order(read), *_strangers(read, wanted.values())]
    if not wanted:
        told.append(_unchecked(read))
    return Verified(tuple(told))


@dataclass(frozen=True, slots=True)
class _Read:
    digests: Mapping[str, str]
    contents: Mapping[str, bytes]
    faults: tuple[Told, ...]

    @classmethod
    def of(cls, found: Iterator[Member]) -> "_Read":
        digests: dict[str, str] = {}
        contents: dict[str, bytes] = {}
        faults: list[Told] = []
        for each in found:
            if not each.digest:
                faults.append(Told(Word.TOUCHED, "the archive", each.fault))
                continue
            if each.name in digests:
                faults.append(Told(Word.ADDED, each.name, "it is in the archive twice"))
            elif each.fault:
                faults.append(Told(Word.TOUCHED, each.name or "a file", each.fault))
            digests.setdefault(each.name, each.digest)
            if each.content is not None:
                contents.setdefault(each.name, each.content)
        return cls(digests, contents, tuple(faults))


def _files(read: _Read) -> Iterator[Told]:
    """Each file against SHA256SUMS."""
    raw = read.contents.get(sums.NAME)
    if raw is None:
        yield Told(Word.MISSING, sums.NAME, "nothing tells what the files have to be")
        return
    try:
        listed = sums.parse(raw)
    except ValueError as error:
        yield Told(Word.TOUCHED, sums.NAME, str(error))
        return
    wrong = 0
    for name in sorted({*listed, *read.digests} - {*TRAILERS}):
        if name not in read.digests:
            yield Told(Word.MISSING, name, "it is listed and not there")
        elif name not in listed:
            yield Told(Word.ADDED, name, "it is there and not listed")
        elif read.digests[name] != listed[name]:
            yield Told(Word.TOUCHED, name, "its SHA-256 is another")
        else:
            continue
        wrong += 1
    if not wrong:
        yield Told(Word.HOLDS, sums.NAME, f"{len(listed)} files are as it lists them")


def _statement(read: _Read) -> Iterator[Told]:
    """The statement against the digests, and against what the records say."""
    raw = read.contents.get(statement.NAME)
    if raw is None:
        yield Told(Word.MISSING, statement.NAME, "nothing says what was tested")
        return
    try:
        document = parsed_json(raw)
        digests = {each["name"]: each["digest"] for each in document["subject"]}
        records = {n: d for n, d in read.digests.items() if n.rpartition("/")[2] == RECORD}
        vouched = {sums.NAME: read.digests.get(sums.NAME, ""), **records}
        wrong = [
            name for name, digest in vouched.items() if digests.get(name) != {"sha256": digest}
        ]
        if wrong:
            yield Told(Word.TOUCHED, wrong[0], "the statement is about another one")
        again = statement.statement(vouched, _hosts(read))
    except ReportError as error:
        yield Told(Word.TOUCHED, "the record", str(error))
        return
    except (ValueError, LookupError, TypeError, RecursionError):
        yield Told(Word.TOUCHED, statement.NAME, "it is no statement")
        return
    if raw != again:
        yield Told(Word.TOUCHED, statement.NAME, "it is not what the records say")
    elif not wrong:
        result = document["predicate"]["result"]
        yield Told(Word.HOLDS, statement.NAME, f"{result}, as the records say")


def _hosts(read: _Read) -> Mapping[str, Certification | None]:
    """As `contents.py` has them of a run."""
    if RECORD in read.contents:
        return {"": _record(read, RECORD)}
    document = json.loads(read.contents[SUMMARY])
    return {
        host["label"]: None
        if host["directory"] is None
        else _record(read, f"{host['directory']}/{RECORD}")
        for host in document["hosts"]
    }


def _record(read: _Read, name: str) -> Certification:
    return parse(parsed_json(read.contents[name]), name)


def _signature(read: _Read, path: Path, key: "SSlibKey") -> Told:
    envelope = read.contents.get(keys.NAME)
    who = f"the key in {path}"
    if envelope is None:
        return Told(Word.TOUCHED, keys.NAME, f"nobody signed this bundle, so not {who}")
    if fault := keys.fault_of(envelope, read.contents.get(statement.NAME, b"")):
        return Told(Word.TOUCHED, keys.NAME, fault)
    if keys.verifies(envelope, key):
        return Told(Word.HOLDS, keys.NAME, f"signed by {who}")
    return Told(Word.TOUCHED, keys.NAME, f"not signed by {who}, or touched since")


def _order(read: _Read) -> Iterator[Told]:
    """The same files in another order are other bytes."""
    files = sorted(read.digests.keys() - {*TRAILERS})
    written = [*files, *(name for name in TRAILERS if name in read.digests)]
    if [*read.digests] != written:
        why = "its files are not in the order in which they were written"
        yield Told(Word.TOUCHED, "the archive", why)


def _strangers(read: _Read, wanted: Collection["SSlibKey"]) -> Iterator[Told]:
    """Signatures beside those of the keys that were given."""
    envelope = read.contents.get(keys.NAME)
    known = {key.keyid for key in wanted}
    if wanted and envelope and (others := {*keys.key_ids(envelope)} - known):
        why = f"it has {len(others)} signatures more, which no --key made"
        yield Told(Word.TOUCHED, keys.NAME, why)


def _unchecked(read: _Read) -> Told:
    envelope = read.contents.get(keys.NAME)
    if envelope is None:
        why = "nobody signed this bundle: whoever changed it could have made the digests anew"
        return Told(Word.OPEN, keys.NAME, why)
    if fault := keys.fault_of(envelope, read.contents.get(statement.NAME, b"")):
        return Told(Word.TOUCHED, keys.NAME, fault)
    ids = ", ".join(keys.key_ids(envelope))
    return Told(Word.OPEN, keys.NAME, f"signed, by a key of the id {ids}: give it with --key")
