"""What holds the hosts of a site back: each cause once, by how many hosts wait for it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from vmfex.checks.result.verdict import Verdict

if TYPE_CHECKING:
    from vmfex.reports.summary import Held, HostSummary

MOST_CAUSES = 200
FIRST = 10  # hosts that are named for a cause

Json = dict[str, Any]


@dataclass(slots=True)
class Cause:
    """The same statement or reason, with the first host's remedy; `alone` counts the hosts that
    nothing else holds back."""

    held: "Held"
    hosts: list["HostSummary"] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)  # what each of them shows of it
    rules: dict[str, None] = field(default_factory=dict)  # ids, each once
    alone: int = 0

    @property
    def headline(self) -> str:
        """What is wrong: what all the hosts show, or else the rule, named as violated."""
        if self.held.verdict != Verdict.VIOLATED:
            return self.held.what
        return self.held.seen if len(self.seen) == 1 else f"this is violated: {self.held.what}"


def ranked(hosts: Iterable["HostSummary"]) -> list[Cause]:
    """By how many hosts each holds back, the most first."""
    causes: dict[tuple[str, str], Cause] = {}
    for host in hosts:
        for held in host.held:
            cause = causes.setdefault((held.verdict, held.what), Cause(held))
            cause.hosts.append(host)
            cause.seen.add(held.seen)
            cause.rules |= dict.fromkeys(held.rules)
            cause.alone += len(host.held) == 1
    return sorted(causes.values(), key=lambda cause: -len(cause.hosts))[:MOST_CAUSES]


def dump(causes: Sequence[Cause]) -> list[Json]:
    """For `summary.json`."""
    return [
        {
            "verdict": cause.held.verdict,
            "what": _utf8(cause.held.what),
            "rules": list(cause.rules),
            "remedy": _utf8(cause.held.remedy),
            "count": len(cause.hosts),
            "alone": cause.alone,
            "hosts": [host.label for host in cause.hosts[:FIRST]],
        }
        for cause in causes
    ]


def _utf8(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()
