"""UCS Manager's answer about many classes, taken apart into one document for each class."""

from codecs import getincrementaldecoder
from collections.abc import Callable, Mapping
from functools import partial
from xml.sax.saxutils import quoteattr

from vmfex.checks.text import encodable, shown
from vmfex.evidence.parsers.limits import OBJECTS
from vmfex.evidence.sources.ucsm.channel import MIB, Trouble, refuse_foreign
from vmfex.evidence.sources.ucsm.classes import Properties

KEPT_LIMIT = 12 * MIB  # bytes of one answer that are evidence; 1,000 VMs come to a fraction of one
_PIECE = 2**16
_OVERLAP = 2**8  # characters; what is refused may stand where two pieces meet
_HEAD = '<configResolveClass cookie="" response="yes" classId="{}">\n<outConfigs>\n'
_FOOT = "</outConfigs>\n</configResolveClass>\n"


def take_apart(
    raw: bytes, wanted: Mapping[str, Properties], mask: Callable[[str], str] = str
) -> dict[str, bytes]:
    """The document of each class of `wanted`, as `ucsm/<classId>.xml` has it: every object with
    its listed properties. Raises Trouble, whose message shows what the answer says as `mask` makes
    it: without the password."""
    answer = Answer(wanted, mask)
    answer.feed(raw)
    return answer.documents()


class Answer:
    """An answer as it arrives, in pieces: neither its text nor a tree of it is ever in memory.
    Every method raises Trouble."""

    def __init__(self, wanted: Mapping[str, Properties], mask: Callable[[str], str] = str) -> None:
        from lxml import etree

        self._collector = _Collector(wanted, mask)
        self._mask = mask
        self._error = etree.XMLSyntaxError
        # Without a DTD there are no entities but XML's own, which a target parser told not to
        # resolve them would hand on as they are written.
        self._parser = etree.XMLParser(
            target=self._collector,
            encoding="utf-8",
            no_network=True,
            load_dtd=False,
            huge_tree=False,
        )
        self._text = getincrementaldecoder("utf-8")()
        self._last = ""

    def feed(self, raw: bytes) -> None:
        """Takes the next piece."""
        for start in range(0, len(raw), _PIECE):
            piece = raw[start : start + _PIECE]
            text = self._last + self._decode(piece)
            refuse_foreign(text.encode())
            self._last = text[-_OVERLAP:]
            self._try(partial(self._parser.feed, piece))

    def documents(self) -> dict[str, bytes]:
        """Each class's, when all has been fed."""
        self._decode(b"", final=True)
        self._try(self._parser.close)
        if not self._collector.whole:
            raise Trouble("gave an answer without <outConfigs>, so it is not a complete answer")
        return {
            class_id: f"{_HEAD.format(class_id)}{''.join(rows)}{_FOOT}".encode()
            for class_id, rows in self._collector.objects.items()
        }

    def _decode(self, piece: bytes, final: bool = False) -> str:
        """The letters that are complete by now."""
        try:
            return self._text.decode(piece, final)
        except UnicodeDecodeError:
            if b"\0" in piece:
                refuse_foreign(piece)  # which says so
            raise Trouble("gave an answer that is not UTF-8 text") from None

    def _try(self, parse: Callable[[], object]) -> None:
        try:
            parse()
        except self._error as error:
            reason = encodable(self._mask((error.msg or "").partition("\n")[0])[:200])
            raise Trouble(f"gave an answer that is not well-formed XML: {reason}") from None


class _Collector:
    """What the parser tells element by element: the answer is never in memory as a tree."""

    def __init__(self, wanted: Mapping[str, Properties], mask: Callable[[str], str]) -> None:
        self.objects: dict[str, list[str]] = {class_id: [] for class_id in wanted}
        self.whole = False
        self._wanted = wanted
        self._mask = mask
        self._path: list[str] = []
        self._size = 0  # characters

    def start(self, tag: str | bytes, attrib: dict[str | bytes, str | bytes]) -> None:
        name, attributes = str(tag), {str(key): str(value) for key, value in attrib.items()}
        if not self._path:
            _check(self._mask(name), attributes, self._mask)
        elif self._path == ["configResolveClasses", "outConfigs"]:
            self._keep(name, attributes)
        self._path.append(name)

    def end(self, tag: str | bytes) -> None:
        self._path.pop()
        self.whole = self.whole or (tag == "outConfigs" and len(self._path) == 1)

    def data(self, data: str | bytes) -> None:
        """Nothing: UCS Manager tells everything in attributes."""

    def comment(self, text: str | bytes) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing: what was collected is asked for."""

    def _keep(self, class_id: str, attributes: Mapping[str, str]) -> None:
        if class_id not in self._wanted:
            other = shown(self._mask(class_id))
            raise Trouble(f"gave an object of class {other}, which nobody asked for")
        kept = ((name, attributes.get(name)) for name in self._wanted[class_id])
        told = "".join(f" {name}={quoteattr(v)}" for name, v in kept if v is not None)
        rows = self.objects[class_id]
        rows.append(f"<{class_id}{told}/>\n")
        self._size += len(rows[-1])
        if len(rows) > OBJECTS:
            raise Trouble(f"has more than the {OBJECTS:,} objects of {class_id} that are read")
        if self._size > KEPT_LIMIT:
            most = f"{KEPT_LIMIT // MIB} MiB"
            raise Trouble(f"tells more than {most} of what was asked: it is not read")


def _check(tag: str, attributes: Mapping[str, str], mask: Callable[[str], str]) -> None:
    """The first element. Raises Trouble for an error, and for an answer to something else."""
    if code := attributes.get("errorCode"):
        raise Trouble(refusal(mask(code), mask(attributes.get("errorDescr", ""))))
    if tag != "configResolveClasses":
        raise Trouble(f"answered with {shown(tag)}, not about classes of objects")


def refusal(code: str, description: str) -> str:
    """UCS Manager's own error, as the end of a sentence."""
    said = " ".join(description.split()) or "no description"
    return f"refused: {shown(said, 200)[1:-1]} (error {shown(code)[1:-1]})"
