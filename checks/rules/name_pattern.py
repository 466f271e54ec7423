"""Names that UCS Manager reads as patterns (`default$`, `.*`): untrusted regular expressions.

A subset without back references is read, and matched by the places that it can reach: no pattern
takes more time than its length and the name's allow. What is outside the subset is no pattern.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

LONGEST = 256  # characters of vmVnicProfCl's swName, dcName and orgPath (ucsmsdk 0.9.27)
DEEPEST = 20  # groups inside each other
_META = set(".^$*+?()[]{}|\\")
_CLASS = set("[]^\\")

Step = Callable[[str, int], frozenset[int]]  # where a part that begins at a place may end


@dataclass(frozen=True, slots=True)
class NamePattern:
    """A pattern. It is not documented where UCS Manager anchors it, so both are told apart."""

    step: Step

    def is_all_of(self, name: str) -> bool:
        """Whether it matches the whole name."""
        return len(name) in self.step(name, 0)

    def is_in(self, name: str) -> bool:
        """Whether it matches any part of the name."""
        return any(self.step(name, start) for start in range(len(name) + 1))


@lru_cache(maxsize=128)  # a port profile's clients are those of every host
def name_pattern(text: str) -> NamePattern | None:
    """The pattern; None for one that is empty, too long or outside the subset."""
    if not 0 < len(text) <= LONGEST:
        return None
    try:
        reader = _Reader(text)
        step = reader.either(0)
    except _NotRead:
        return None
    return NamePattern(step) if reader.at == len(text) else None


class _NotRead(Exception):
    """The pattern is outside the subset."""


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self.at = 0

    def _next(self) -> str:
        return self._text[self.at : self.at + 1]

    def _take(self) -> str:
        if not (found := self._next()):
            raise _NotRead
        self.at += 1
        return found

    def either(self, depth: int) -> Step:
        if depth > DEEPEST:
            raise _NotRead
        ways = [self._sequence(depth)]
        while self._next() == "|":
            self._take()
            ways.append(self._sequence(depth))
        return _either(ways)

    def _sequence(self, depth: int) -> Step:
        parts: list[Step] = []
        while self._next() not in ("", "|", ")"):
            parts.append(self._repeated(depth))
        return _sequence(parts)

    def _repeated(self, depth: int) -> Step:
        part = self._part(depth)
        sign = self._next()
        if sign and sign in "*+?":
            self._take()
            part = _repeated(part, sign)
            if self._next() and self._next() in "*+?{":
                raise _NotRead
        return part

    def _part(self, depth: int) -> Step:
        match self._take():
            case ".":
                return _character(lambda _: True)
            case "^":
                return _place(lambda _name, at: at == 0)
            case "$":
                return _place(lambda name, at: at == len(name))
            case "[":
                return self._class()
            case "(":
                if self._next() == "?":
                    raise _NotRead
                inner = self.either(depth + 1)
                if self._take() != ")":
                    raise _NotRead
                return inner
            case "\\":
                escaped = self._take()
                if escaped.isalnum():
                    raise _NotRead
                return _character(lambda c: c == escaped)
            case literal if literal not in _META:
                return _character(lambda c: c == literal)
        raise _NotRead

    def _class(self) -> Step:
        negated = self._next() == "^"
        self.at += negated
        members: set[str] = set()
        while (first := self._take()) != "]" or not members:
            if first in _CLASS:
                raise _NotRead
            members.add(first)
            if self._next() == "-" and self._text[self.at + 1 : self.at + 2] not in ("", "]"):
                self._take()
                last = self._take()
                if last in _CLASS or not first <= last or not (first + last).isascii():
                    raise _NotRead
                members |= {chr(code) for code in range(ord(first), ord(last) + 1)}
        return _character(lambda c: (c in members) != negated)


def _character(fits: Callable[[str], bool]) -> Step:
    return lambda name, at: (
        frozenset({at + 1}) if at < len(name) and fits(name[at]) else frozenset()
    )


def _place(fits: Callable[[str, int], bool]) -> Step:
    return lambda name, at: frozenset({at}) if fits(name, at) else frozenset()


def _sequence(parts: list[Step]) -> Step:
    def step(name: str, at: int) -> frozenset[int]:
        ends = frozenset({at})
        for part in parts:
            ends = frozenset().union(*(part(name, end) for end in ends))
        return ends

    return _remembered(step)


def _either(ways: list[Step]) -> Step:
    return lambda name, at: frozenset().union(*(way(name, at) for way in ways))


def _repeated(part: Step, sign: str) -> Step:
    def step(name: str, at: int) -> frozenset[int]:
        ends = set() if sign == "+" else {at}
        waiting, seen = [at], {at}
        while waiting:
            for end in part(name, waiting.pop()):
                ends.add(end)
                if sign != "?" and end not in seen:
                    seen.add(end)
                    waiting.append(end)
        return frozenset(ends)

    return _remembered(step)


def _remembered(step: Step) -> Step:
    """Each part is worked out once for each place of the name that is asked about."""
    known: dict[tuple[str, int], frozenset[int]] = {}

    def once(name: str, at: int) -> frozenset[int]:
        if (name, at) not in known:
            known[name, at] = step(name, at)
        return known[name, at]

    return once
