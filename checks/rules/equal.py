"""Values that are equal, of which one is enough."""

from typing import TypeVar, cast

T = TypeVar("T")


class Equal:
    """Numbers for values, the same for equal ones: by what a value says of itself (`repr`), which
    is read once of each object, for many hosts share what is large."""

    def __init__(self) -> None:
        self._by_text: dict[str, tuple[object, int]] = {}
        self._by_object: dict[int, tuple[object, int]] = {}

    def number(self, value: object) -> int:
        """Which number it has."""
        return self._found(value)[1]

    def first(self, value: T) -> T:
        """The first value that was equal to it."""
        return cast("T", self._found(value)[0])

    def _found(self, value: object) -> tuple[object, int]:
        known = self._by_object.get(id(value))
        if known is None:
            known = self._by_text.setdefault(repr(value), (value, len(self._by_text)))
            if known[0] is value:  # it stays, and nothing else can have its id
                self._by_object[id(value)] = known
        return known
