"""From what was asked of a tree and answered to the files, links and manifest that answer so."""

from collections.abc import Iterator, Mapping

from vmfex.checks.model.fact import Fact, Known, Unknown
from vmfex.checks.text import one_line, shown
from vmfex.evidence.archive.entries import RecordingError, flaw
from vmfex.evidence.archive.manifest import CONTENT, Question
from vmfex.evidence.archive.resolve import LINK_LIMIT

Answer = Fact[bytes | None] | Fact[tuple[str, ...] | None] | Fact[str | None] | Fact[bool]
ADDED_BY_HAND = ("guests", "ucsm")  # one entry of `unreadable` for all is easier to take out

Answers = Mapping[tuple[Question, str], Answer]


class Arrangement:
    """Where each answer goes. A path that was reached by a link whose target is known is kept
    behind that target."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self.links: dict[str, str] = {}
        self.files: dict[str, bytes] = {}
        self.directories: set[str] = set()
        self.unreadable: dict[str, str] = {}
        self._there: set[str] = set()
        self._areas: set[str] = set()
        self._arrange_links()
        self._arrange_contents()
        self._arrange_ways()
        self._arrange_unknowns()
        self._arrange_the_rest()

    @property
    def areas(self) -> frozenset[str]:
        """The first components of all that is kept."""
        kept = (*self.files, *self.links, *self.directories)
        return frozenset(path.partition("/")[0] for path in kept)

    def _known(self, question: Question) -> Iterator[tuple[str, object]]:
        for (asked, path), answer in self._answers.items():
            if asked == question and isinstance(answer, Known):
                yield path, answer.value

    def _reasons(self, area: str) -> Iterator[str | None]:
        """Of every answer in an area; None for what is known there."""
        for (_, path), answer in self._answers.items():
            if path.partition("/")[0] == area:
                yield answer.reason if isinstance(answer, Unknown) else None

    def _arrange_links(self) -> None:
        """Again until nothing moves: a link's own place may lie behind other links."""
        targets = {p: target for p, target in self._known("link") if isinstance(target, str)}
        for _ in range(LINK_LIMIT):
            placed = {self._place(path, follow=False): to for path, to in targets.items()}
            if placed == self.links:
                return
            self.links = placed

    def _arrange_contents(self) -> None:
        for path, content in self._known("read"):
            if isinstance(content, bytes):
                self.files.setdefault(self._place(path), content)
        for path, names in self._known("names"):
            if isinstance(names, tuple):
                self.directories.add(self._place(path))
                for name in names:
                    if flaw(name) or "/" in name:
                        raise RecordingError(f"{shown(path)} lists the name {shown(name)}")
                    self._there.add(self._place(f"{path}/{name}", follow=False))
        for path, there in self._known("exists"):
            if there is True:
                self._there.add(self._place(path, follow=False))

    def _arrange_ways(self) -> None:
        """What an answer says of the way to it: an area that holds nothing is no absence."""
        for (question, path), answer in self._answers.items():
            if isinstance(answer, Unknown):
                continue
            *way, end = _way(path, self.links, follow=question in ("read", "names"))
            self._areas.update(place.partition("/")[0] for place in (*way, end) if "/" in place)
            if answer.value is not None and answer.value is not False:
                self.directories.update(way)
            if "/" not in end and answer.value is not False:
                self._there.add(end)

    def _arrange_unknowns(self) -> None:
        known = {path for (_, path), answer in self._answers.items() if isinstance(answer, Known)}
        reasons = {area: set(self._reasons(area)) for area in ADDED_BY_HAND}
        at_or_above_known = known | {above for path in known for above in _above(path)}
        for (question, path), answer in self._answers.items():
            if not isinstance(answer, Unknown) or flaw(path):
                continue
            reason = recorded_reason(answer.reason)
            area = path.partition("/")[0]
            if area in ADDED_BY_HAND and reasons[area] == {answer.reason}:
                self.unreadable[area] = reason
                continue
            if question in ("link", "exists") or path not in at_or_above_known:
                self.unreadable.setdefault(path, reason)
                continue
            self.unreadable.setdefault(path + CONTENT, reason)
            if question == "names":
                self.directories.add(self._place(path))
            else:
                self._there.add(self._place(path))

    def _arrange_the_rest(self) -> None:
        """What is there, but was not read, becomes what agrees with the other answers on it."""
        no_file = {self._place(path) for path, content in self._known("read") if content is None}
        no_directory = {self._place(path) for path, names in self._known("names") if names is None}
        kept = {*self.files, *self.links, *self.directories, *self._there}
        inner = {above for path in kept for above in _above(path)}
        for place in sorted(self._there - self.files.keys() - self.links.keys() - {""}):
            if place in self.directories or place in inner:
                continue
            if place in self._areas and place not in no_directory:
                self.directories.add(place)
            elif place not in no_file:
                self.files[place] = b""
            elif place not in no_directory:
                self.directories.add(place)
            else:
                self.links[place] = f"{place.rpartition('/')[2]}.gone"
        self.directories |= self._areas - self.files.keys()
        self.directories -= self.links.keys()

    def _place(self, path: str, *, follow: bool = True) -> str:
        return _way(path, self.links, follow=follow)[-1]


def _way(path: str, links: Mapping[str, str], *, follow: bool) -> list[str]:
    """The directories that a path turns back from by `..`, and last where it leads."""
    done: list[str] = []
    turned: list[str] = []
    waiting = path.split("/")[::-1]
    hops = 0
    while waiting:
        name = waiting.pop()
        if name == ".." and done:
            turned.append("/".join(done))
            done.pop()
        if name in ("", ".", ".."):
            continue
        done.append(name)
        target = links.get("/".join(done))
        if target is not None and (waiting or follow) and hops < LINK_LIMIT:
            hops += 1
            done = [] if target.startswith("/") else done[:-1]
            waiting += reversed(target.split("/"))
    return [*turned, "/".join(done)]


def recorded_reason(reason: str) -> str:
    """As a manifest can hold it: a line, and not an empty one."""
    return one_line(" ".join(reason.split())) or "no reason was given"


def _above(path: str) -> Iterator[str]:
    while path := path.rpartition("/")[0]:
        yield path
