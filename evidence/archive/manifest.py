"""A recording's manifest and the list of what was asked, as JSON documents, validated."""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

from vmfex.checks.text import shown
from vmfex.evidence.archive.entries import FILE_LIMIT, RecordingError, flaw
from vmfex.evidence.archive.inventory import Inventory, seal

MANIFEST = "manifest.json"
ASKED = "asked.json"
HOLDS = "holds"
KEYS = ("name", "constructed", "note", "unreadable", "recorded", HOLDS)
MANIFEST_LIMIT = FILE_LIMIT  # bytes; a host of 256 VFs takes one MiB
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
CONTENT = "/."  # ends an entry of `unreadable` that speaks of a file's or directory's content alone

Question = Literal["read", "names", "link", "exists"]
QUESTIONS: tuple[Question, ...] = get_args(Question)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a recording says of itself; `unreadable` maps paths to reasons, `recorded` is when the
    evidence was read (empty where it does not tell). `inventory` is what it was made with; None
    where it does not tell."""

    name: str
    constructed: bool = False
    note: str = ""
    unreadable: Mapping[str, str] = field(default_factory=dict)
    inventory: Inventory | None = None
    recorded: str = ""

    @classmethod
    def parse(cls, document: object, name: str) -> "Manifest":
        """Raises RecordingError for anything but the six keys, each of its type."""
        checked = _object(document, MANIFEST, KEYS)
        constructed = checked.get("constructed", False)
        if not isinstance(constructed, bool):
            raise RecordingError(f"`constructed` in {MANIFEST} is neither true nor false")
        unreadable = _object(checked.get("unreadable", {}), f"`unreadable` in {MANIFEST}")
        for path in unreadable:
            if fault := flaw(path.removesuffix(CONTENT)):
                raise RecordingError(f"`unreadable` in {MANIFEST}: {shown(path)} {fault}")
        reasons = {path: _line(reason, "unreadable") for path, reason in unreadable.items()}
        holds = checked.get(HOLDS)
        return cls(
            _line(checked.get("name", name), "name"),
            constructed,
            _text(checked.get("note", ""), "note"),
            reasons,
            None if HOLDS not in checked else Inventory.parse(holds, reasons),
            moment(checked.get("recorded", "")),
        )

    def document(self) -> dict[str, object]:
        """All but the inventory, which is of what was written and not of what is written next."""
        return {
            "name": self.name,
            "constructed": self.constructed,
            "note": self.note,
            "unreadable": dict(self.unreadable),
            **({"recorded": self.recorded} if self.recorded else {}),
        }

    def reason(self, path: str) -> str | None:
        """Why `path` could not be read, from the nearest entry that covers it; None if it could."""
        while self.unreadable and path:
            if path in self.unreadable:
                return self.unreadable[path]
            path = path.rpartition("/")[0]
        return None


@dataclass(frozen=True, slots=True)
class AskedQuestions:
    """The questions that were put to a host when it was recorded, and the areas they cover: there,
    what was not asked is unknown rather than absent."""

    areas: frozenset[str]
    questions: frozenset[tuple[Question, str]]

    @classmethod
    def parse(cls, document: object) -> "AskedQuestions":
        checked = _object(document, ASKED, ("areas", *QUESTIONS))
        return cls(
            frozenset(_paths(checked.get("areas", []))),
            frozenset((q, path) for q in QUESTIONS for path in _paths(checked.get(q, []))),
        )

    def document(self) -> dict[str, object]:
        asked: dict[str, object] = {
            q: sorted(path for kind, path in self.questions if kind == q) for q in QUESTIONS
        }
        return {"areas": sorted(self.areas)} | asked

    def covers(self, question: Question, path: str) -> bool:
        return path.partition("/")[0] not in self.areas or (question, path) in self.questions


def moment(stated: object) -> str:
    """A time in UTC, as recordings and captures have it; empty for anything else."""
    return stated if isinstance(stated, str) and _MOMENT.fullmatch(stated) else ""


def decode(raw: bytes, where: str) -> object:
    """A JSON document without duplicate keys; raises RecordingError for anything else."""

    def unique(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
        found = dict(pairs)
        if len(found) < len(pairs):
            [(twice, _)] = Counter(key for key, _ in pairs).most_common(1)
            raise RecordingError(f"{where} has the key {shown(twice)} twice")
        return found

    if where == MANIFEST and len(raw) > MANIFEST_LIMIT:
        raise RecordingError(f"{where} is larger than {MANIFEST_LIMIT // 2**20} MiB")
    try:
        document: object = json.loads(raw.decode("utf-8"), object_pairs_hook=unique)
    except (ValueError, RecursionError):
        raise RecordingError(f"{where} is not a JSON document in UTF-8") from None
    return document


def encode(document: Mapping[str, object]) -> bytes:
    return (json.dumps(document, indent=2) + "\n").encode()


def sealed(manifest: Mapping[str, object], inventory: Inventory) -> dict[str, object]:
    """The manifest of a recording that is written with what the inventory names."""
    unreadable = _object(manifest.get("unreadable", {}), f"`unreadable` in {MANIFEST}")
    reasons = {path: str(reason) for path, reason in unreadable.items()}
    return {**manifest, HOLDS: inventory.document(reasons)}


def read_documents(
    read: Callable[[str], bytes | None], name: str
) -> tuple[Manifest, AskedQuestions | None]:
    """The manifest (by default just `name`) and the list of what was asked, if there is one.
    Raises RecordingError where one of them is, and the other that was written with it is not."""
    manifest, asked = read(MANIFEST), read(ASKED)
    if asked is not None and manifest is None:
        raise RecordingError(
            f"it has an {ASKED}, and the {MANIFEST} that was written with it is gone, which says "
            "what it holds and what could not be read"
        )
    parsed = Manifest.parse({} if manifest is None else decode(manifest, MANIFEST), name)
    _hold_against_its_seal(asked, parsed.inventory)
    return parsed, None if asked is None else AskedQuestions.parse(decode(asked, ASKED))


def _hold_against_its_seal(asked: bytes | None, inventory: Inventory | None) -> None:
    """Line ends mean nothing in JSON, so that a copy that changed them is as good."""
    if inventory is None:
        return
    wanted = inventory.files.get(ASKED)
    if wanted is None and asked is not None:
        raise RecordingError(f"{ASKED} is not from when the recording was made")
    if wanted is not None and asked is None:
        raise RecordingError(f"{ASKED} is gone, which says what the host was asked")
    if wanted and asked and wanted not in (seal(asked), seal(asked.replace(b"\r\n", b"\n"))):
        raise RecordingError(f"{ASKED} is not what was recorded")


def _object(document: object, where: str, keys: tuple[str, ...] = ()) -> Mapping[str, object]:
    if not isinstance(document, Mapping) or not all(isinstance(key, str) for key in document):
        raise RecordingError(f"{where} is not a JSON object")
    for key in document:
        if keys and key not in keys:
            raise RecordingError(f"{where} has the unknown key {shown(key)}")
    return document


def _text(value: object, key: str) -> str:
    if not isinstance(value, str):
        raise RecordingError(f"`{key}` in {MANIFEST} is not text")
    if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise RecordingError(f"`{key}` in {MANIFEST} holds a NUL byte or is not UTF-8")
    return value


def _line(value: object, key: str) -> str:
    line = _text(value, key)
    if not line.strip() or len(line.splitlines()) > 1:
        raise RecordingError(f"`{key}` in {MANIFEST} is not a single line of text")
    return line


def _paths(value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(path, str) for path in value):
        raise RecordingError(f"{ASKED} holds something that is not a list of paths")
    return value
