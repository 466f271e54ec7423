"""How far a run over many hosts is, in a few words."""

from collections import Counter
from collections.abc import Callable
from time import monotonic

from vmfex.checks.result.certification import Decision

NO_DECISION = "without a decision"


class Tally:
    """Of so many `hosts`; `now` tells seconds."""

    def __init__(self, hosts: int, now: Callable[[], float] = monotonic) -> None:
        self._hosts = hosts
        self._now = now
        self._began = now()
        self._judged = 0  # since then, which a run that is resumed has not all
        self._decisions: Counter[str] = Counter()

    def add(self, decision: Decision | None, *, before: bool = False) -> None:
        """A host is judged, or was `before` this run was resumed."""
        self._decisions[decision or NO_DECISION] += 1
        self._judged += not before

    def __str__(self) -> str:
        """Judged, by decision (the worst first), with the rate and the time that is left."""
        done = self._decisions.total()
        order = (NO_DECISION, *reversed(Decision))
        told = [f"{self._decisions[name]} {name}" for name in order if self._decisions[name]]
        text = f"{done} of {self._hosts} judged" + (f" ({', '.join(told)})" if told else "")
        spent = self._now() - self._began
        if not self._judged or spent <= 0:
            return text
        left = round((self._hosts - done) * spent / self._judged)
        return f"{text}, {self._judged / spent:.1f} a second, {_told(left)} left"


def _told(seconds: int) -> str:
    return f"{seconds} s" if seconds < 100 else f"{round(seconds / 60)} min"
