"""`certificate.html` of many hosts: which may go live, what holds the others back, and where."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from vmfex.checks.result.certification import Decision
from vmfex.reports.certificate.page import CLASSES
from vmfex.reports.certificate.templates import environment, short
from vmfex.reports.summary import Held, HostSummary

MOST_CAUSES = 200


@dataclass(slots=True)
class Cause:
    """What holds hosts back: the same statement or reason, with the first host's remedy."""

    held: Held
    hosts: list[HostSummary] = field(default_factory=list)
    rules: dict[str, None] = field(default_factory=dict)  # ids, each once


def render(hosts: Sequence[HostSummary], started: str, version: str, ruleset: str) -> str:
    """The whole page."""
    decisions = [host.decision for host in hosts]
    ids = sorted({id_ for host in hosts for id_ in (*host.violated, *host.undetermined)})
    return (
        environment()
        .get_template("fleet.html.j2")
        .render(
            hosts=hosts,
            counts=[(d, decisions.count(d)) for d in Decision if decisions.count(d)],
            lost=decisions.count(None),
            banner=_banner(decisions),
            banners=CLASSES,
            purpose=_purpose(hosts),
            aged=[host for host in hosts if host.aged],
            causes=ranked(hosts),
            ids=ids,
            cells=_cells,
            started=started,
            version=version,
            ruleset=short(ruleset),
        )
    )


def _banner(decisions: Sequence[Decision | None]) -> str:
    """How the worst of them looks; no decision is as bad as a bad one."""
    if None in decisions:
        return CLASSES["NOT CERTIFIED"]
    worst_first = reversed(Decision)
    return CLASSES[next(d for d in worst_first if d in decisions)]


def _purpose(hosts: Iterable[HostSummary]) -> str:
    """The topologies with the number of VM interfaces on all hosts."""
    number: Counter[str] = Counter()
    for host in hosts:
        number.update(host.topologies)
    told = ", ".join(f"{topology} ({n})" for topology, n in sorted(number.items()))
    return told or "no topology was judged"


def ranked(hosts: Iterable[HostSummary]) -> list[Cause]:
    """By how many hosts each holds back, the most first."""
    causes: dict[tuple[str, str], Cause] = {}
    for host in hosts:
        for held in host.held:
            cause = causes.setdefault((held.verdict, held.what), Cause(held))
            cause.hosts.append(host)
            cause.rules |= dict.fromkeys(held.rules)
    return sorted(causes.values(), key=lambda cause: -len(cause.hosts))[:MOST_CAUSES]


def _cells(host: HostSummary, ids: Sequence[str]) -> list[tuple[str, str]]:
    """A mark and its word for each rule."""
    marks: Mapping[str, tuple[str, str]] = {
        **dict.fromkeys(host.undetermined, ("?", "undetermined")),
        **dict.fromkeys(host.violated, ("✖", "violated")),
    }
    return [marks.get(id_, ("", "")) for id_ in ids]
