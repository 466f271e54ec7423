"""Hosts by rules: what of each rule is not as it should be on each host."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup, escape

from vmfex.checks.result.certification import Decision
from vmfex.checks.result.rule import Rule
from vmfex.checks.text import one_line
from vmfex.reports.certificate.page import CLASSES
from vmfex.reports.certificate.templates import told
from vmfex.reports.summary import HostSummary

NO_DECISION = "no decision"
MARKS = {  # the attribute of a summary: sign, class and meaning, the worst first
    "violated": ("✖", "v", "violated"),
    "undetermined": ("?", "u", "undetermined"),
    "waived": ("✎", "w", "waived"),
    "advice": ("!", "a", "violated, and decides nothing"),
    "unknown": ("·", "n", "undetermined, and decides nothing"),
}
_CELLS = {name: f'<td class="{kind}">{sign}' for name, (sign, kind, _) in MARKS.items()}
_EMPTY = "<td>"


@dataclass(frozen=True, slots=True)
class Column:
    """A rule that is not fine everywhere, and on how many hosts it has each of the marks."""

    id: str
    title: str
    counts: Mapping[str, int]


def columns_of(hosts: Sequence[HostSummary], rules: Mapping[str, Rule]) -> list[Column]:
    """In the order of the rules."""
    counts: dict[str, Counter[str]] = {}
    for host in hosts:
        for name in MARKS:
            for id_ in getattr(host, name):
                counts.setdefault(id_, Counter())[name] += 1
    order = {id_: place for place, id_ in enumerate(rules)}
    return [
        Column(id_, rules[id_].title if id_ in rules else "", counts[id_])
        for id_ in sorted(counts, key=lambda id_: (order.get(id_, len(order)), id_))
    ]


def worst_first(hosts: Sequence[HostSummary]) -> list[HostSummary]:
    """By decision; hosts of one decision stay in their order."""
    order = [None, *reversed(Decision)]
    return sorted(hosts, key=lambda host: order.index(host.decision))


def row(host: HostSummary, ids: Sequence[str]) -> Markup:
    """A row of the table. Tags that HTML lets end by themselves are left open: there are as many
    cells as rules on each of the hosts."""
    decision = host.decision or NO_DECISION
    kind = CLASSES.get(decision, CLASSES["NOT CERTIFIED"])
    numbers = (str(len(rules) or "") for rules in (host.violated, host.undetermined))
    marks = {id_: cell for name, cell in _CELLS.items() for id_ in getattr(host, name)}
    cells = "".join([marks.get(id_, _EMPTY) for id_ in ids])
    return Markup(
        f'<tr><th scope="row">{_name(host)}<td class="d {kind}">{decision}'
        f"<td>{'<td>'.join(numbers)}{cells}<td>{escape(told(' '.join(_remarks(host))))}\n"
    )


def _name(host: HostSummary) -> str:
    label = escape(told(host.label))
    constructed = " <small>constructed</small>" if host.constructed else ""
    if not host.directory:
        return f"{label}{constructed}"
    page = escape(quote(f"{host.directory}/certificate.html"))
    return f'<a href="{page}">{label}</a>{constructed}'


def _remarks(host: HostSummary) -> Iterator[str]:
    """What it calls itself, evidence that is old, and why something was not read."""
    own = one_line(host.host)
    if own != host.label:
        yield f"Calls itself {own}."
    for aged in host.aged:
        yield f"{aged}."
    if host.reason:
        yield host.reason
