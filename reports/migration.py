"""Which VMs could move where: for `summary.json`, and for a person."""

from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Any

from vmfex.checks.rules.migration_matrix import ALL_NAMED, FIRST, Hosts, Matrix, Row
from vmfex.checks.rules.move import Answer, Move
from vmfex.checks.text import one_line, shorten
from vmfex.reports.text_lines import NARROWEST

MOST_HOSTS = 20  # columns that a person can follow; of more hosts there is a line for each VM
MOST_VMS, MOST_NAMED = 100, 4
NAME_LIMIT, REASON_LIMIT = 40, 300  # characters
SIGNS = {Answer.POSSIBLE: "+", Answer.NOT_POSSIBLE: "x", Answer.UNKNOWN: "?", Answer.HERE: "-"}

Json = dict[str, Any]


def dump(moves: Matrix) -> Json:
    """Of each VM the hosts that it could move to, and the others by the reason, counted; of many
    hosts the first of each."""
    unread = [{"host": label, "reason": _utf8(reason)} for label, reason in moves.unread]
    most = len(moves.labels) if len(moves.labels) <= ALL_NAMED else FIRST
    return {"vms": [_vm(row, most) for row in moves.rows], "unread": unread}


def _vm(row: Row, most: int) -> Json:
    possible = row.moves.get(Move(Answer.POSSIBLE))
    not_possible, unknown = Answer.NOT_POSSIBLE, Answer.UNKNOWN
    return {
        "host": row.label,
        "domain": _utf8(row.mover.name),
        "uuid": row.mover.uuid,
        "topologies": sorted(str(topology) for topology in row.mover.topologies),
        "possible": [*possible.first] if possible else [],
        "not_possible": _by_reason(row, not_possible)[:most],
        "unknown": _by_reason(row, unknown)[:most],
        "counts": {
            "possible": row.number(Answer.POSSIBLE),
            "not_possible": row.number(not_possible),
            "unknown": row.number(unknown),
        },
    }


def _by_reason(row: Row, answer: Answer) -> list[Json]:
    return [
        {"reason": _utf8(reason), "count": hosts.count, "hosts": [*hosts.first]}
        for reason, hosts in _grouped(row, answer).items()
    ]


def _grouped(row: Row, answer: Answer) -> Mapping[str, Hosts]:
    return {"; ".join(m.reasons): hosts for m, hosts in row.moves.items() if m.answer is answer}


def render(moves: Matrix, width: int) -> list[str]:
    """The lines of the matrix, none wider than `width`: a column for each host, with the reasons
    below. Where these are too many for a person or for the width there are numbers. Of many VMs the
    first are shown, `summary.json` has all."""
    return [part for line in _lines(moves, width) for part in _folded(line, width)]


def _folded(line: str, width: int) -> list[str]:
    """A line that fits keeps its columns; no word is wider than the terminal."""
    if len(line) <= width:
        return [line]
    return wrap(line, max(width, NARROWEST), subsequent_indent="    ", break_on_hyphens=False)


def _lines(moves: Matrix, most: int) -> list[str]:
    title = (
        "Live migration by the guide (cluster, port profiles, topology, networks, free functions):"
    )
    labels, rows = moves.labels, moves.rows[:MOST_VMS]
    more = len(moves.rows) - len(rows)
    foot = [f"  {more} more VMs in the summary"] if more else []
    foot += [
        f"  {label}  may have more: {shorten(one_line(reason), REASON_LIMIT)}"
        for label, reason in moves.unread
    ]
    if len(labels) > MOST_HOSTS:
        return [title, *(_count(row) for row in rows), *foot]
    if not rows:
        return [title, *foot]
    longest = max(len(row.label) for row in rows)
    names = [f"{row.label:<{longest}}  {_name(row.mover.name)}" for row in rows]
    widths = [len(str(number)) for number in range(1, len(labels) + 1)]
    width = max(map(len, names))
    if width + 2 + sum(2 + size for size in widths) > most:
        return [title, *(_count(row) for row in rows), *_reasons(rows), *foot]
    numbers = {label: str(number) for number, label in enumerate(labels, 1)}
    lines = [title, "  ".join([" " * (width + 2), *numbers.values()])]
    for name, row in zip(names, rows, strict=True):
        there = {label: SIGNS[m.answer] for m, hosts in row.moves.items() for label in hosts.first}
        signs = [there.get(label, SIGNS[Answer.HERE]) for label in labels]
        cells = [f"{sign:>{size}}" for sign, size in zip(signs, widths, strict=True)]
        lines.append("  ".join([f"  {name:<{width}}", *cells]))
    hosts = ", ".join(f"{number} {label}" for label, number in numbers.items())
    lines.append(f"  {hosts}; + possible, x not possible, ? not known, - where it is")
    return [*lines, *_reasons(rows, numbers), *foot]


def _reasons(rows: Sequence[Row], numbers: Mapping[str, str] | None = None) -> Iterator[str]:
    """Each reason once, with the first VMs that it concerns, and where they cannot go for it; hosts
    by their names where they have no `numbers`."""
    for answer in (Answer.NOT_POSSIBLE, Answer.UNKNOWN):
        concerned: dict[str, list[str]] = {}
        for row in rows:
            for reason, hosts in _grouped(row, answer).items():
                to = ", ".join(numbers[host] if numbers else host for host in hosts.first)
                vm = f"{row.label} {_name(row.mover.name)} ({to})"
                concerned.setdefault(reason, []).append(vm)
        for reason, vms in concerned.items():
            more = f" and {len(vms) - MOST_NAMED} more" if len(vms) > MOST_NAMED else ""
            said = shorten(one_line(reason), REASON_LIMIT)
            yield f"  {SIGNS[answer]} {said}: {', '.join(vms[:MOST_NAMED])}{more}"


def _count(row: Row) -> str:
    told = f"{row.number(Answer.POSSIBLE)} hosts possible"
    told += f", {row.number(Answer.NOT_POSSIBLE)} not possible"
    return f"  {row.label}  {_name(row.mover.name)}: {told}, {row.number(Answer.UNKNOWN)} unknown"


def _name(text: str) -> str:
    shown = one_line(text)
    return shown if len(shown) <= NAME_LIMIT else f"{shown[: NAME_LIMIT - 3]}..."


def _utf8(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()
