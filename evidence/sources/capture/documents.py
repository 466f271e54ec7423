"""The documents of a capture: who it is of, what directories list, what became of each path.

They come from a machine that may be anybody's. What in them contradicts the files, or itself, makes
the paths that it is about unknown.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from vmfex.checks.model.fact import Fact, Known, Unknown
from vmfex.checks.text import one_line, shown
from vmfex.evidence.archive.entries import RecordingError, flaw

BEGIN, MANIFEST, NAMES = "capture/begin", "capture/manifest", "capture/names"
REPLIES = "netlink/replies"
FORMAT = "1"
NAMES_LIMIT = 100_000  # rows and listed names; a host of 512 PCI functions lists 30,000
KINDS = ("command", "failed", "absent", "unreadable")


class Row(NamedTuple):
    """What became of a path: its content was printed by a command, or a command failed, or it is
    absent, or it could not be read. `took` is in seconds."""

    kind: str
    path: str
    status: str
    took: str
    command: str
    error: str

    @property
    def reason(self) -> str:
        said = told(self.error.replace("\\n", " ").replace("\\t", " ")).replace("\\\\", "\\")
        if self.kind == "unreadable":
            return f"{said or 'it could not be read'} ({told(self.command)})"
        if self.status == "124":
            end = said or f"had no answer after {told(self.took)} s"
            return f"`{told(self.command)}`: {end}"
        return f"`{told(self.command)}` ended with {told(self.status)}: {said or 'no message'}"


def parse_begin(raw: bytes) -> Mapping[str, str]:
    """Raises RecordingError for a format that is not known."""
    pairs = (line.partition(" ") for line in _text(raw).splitlines())
    begin = {key: value.strip() for key, _, value in pairs}
    if begin.get("format") != FORMAT:
        raise RecordingError(
            f"it is a capture of format {shown(begin.get('format', ''))}, and this version of "
            f"vmfex reads {FORMAT} only"
        )
    return begin


def parse_names(documents: Iterator[bytes]) -> tuple[dict[str, tuple[str, ...]], set[str]]:
    """The names that directories list, and the directories that are listed in two ways. Raises
    RecordingError where they are too many."""
    listings: dict[str, tuple[str, ...]] = {}
    count = 0
    contradicted: set[str] = set()
    for raw in documents:
        for line in _text(raw).split("\n"):
            count += 1 + line.count("\t")
            if count > NAMES_LIMIT:
                raise RecordingError(f"it lists more than {NAMES_LIMIT:,} names")
            path, *names = line.split("\t")
            if flaw(path):
                continue
            listing = tuple(sorted(names))
            if listings.setdefault(path, listing) != listing or len(set(names)) < len(names):
                contradicted.add(path)
    return listings, contradicted


def parse_manifest(raw: bytes) -> Iterator[Row]:
    """Its rows, those that are none left out. Raises RecordingError where they are too many."""
    if raw.count(b"\n") > NAMES_LIMIT:
        raise RecordingError(f"{MANIFEST} has more than {NAMES_LIMIT:,} lines")
    for line in _text(raw).split("\n"):
        fields = line.split("\t")
        if len(fields) == len(Row._fields) and fields[0] in KINDS and not flaw(fields[1]):
            yield Row(*fields)


def parse_replies(raw: bytes) -> dict[str, Fact[bytes | None]]:
    """Netlink's messages, which are there in hexadecimal digits, by their paths in a recording."""
    replies: dict[str, Fact[bytes | None]] = {}
    for line in _text(raw).split("\n"):
        path, fact = _reply(line)
        if path in replies:
            fact = Unknown(f"{REPLIES} has {shown(path)} twice")
        if path:
            replies[path] = fact
    return replies


def _reply(line: str) -> tuple[str, Fact[bytes | None]]:
    words = line.split(" ", 2)
    try:
        if words[0] == "links":
            return "netlink/links.bin", Known(bytes.fromhex(words[1]))
        if words[0] == "pf":
            name = bytes.fromhex(words[1]).decode("utf-8", "surrogateescape")
            path = f"netlink/pf/{name}.bin"
            if words[2].startswith("error "):
                return path, Unknown(f"{path}: {told(words[2][6:])}")
            return path, Known(bytes.fromhex(words[2]))
    except (ValueError, IndexError):
        pass
    return "", Known(None)


def told(text: str) -> str:
    """What a capture tells, as a reason can hold it: on one line, and not long."""
    plain = one_line(" ".join(text.split()))
    return plain if len(plain) <= 300 else f"{plain[:300]}..."


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "backslashreplace")
