"""What is named twice: it would be judged, or counted, twice."""

from collections.abc import Hashable, Iterable

from vmfex.checks.text import shown_path
from vmfex.errors import UsageError


def refuse_twice(named: Iterable[tuple[Hashable, object]], what: str) -> None:
    """Each thing that is meant comes with the word that names it. Raises UsageError, with both
    words, for one that is meant twice; `what` is what these things are."""
    words: dict[Hashable, str] = {}
    for meant, word in named:
        said = shown_path(word)
        if meant not in words:
            words[meant] = said
        elif words[meant] == said:
            raise UsageError(f"{said} is named twice: name each {what} once")
        else:
            raise UsageError(f"{words[meant]} and {said} are one {what}: name it once")
