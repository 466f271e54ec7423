"""Capacities as a person reads them: one host with its limits, several as one table."""

from collections.abc import Iterator, Mapping, Sequence

from vmfex.checks.inventory.parts import Capacity
from vmfex.checks.model.plan import Topology
from vmfex.checks.text import shorten
from vmfex.checks.what_if.change import LABEL
from vmfex.reports.capacity.host import HostCapacity
from vmfex.reports.comparison.compare import RuleChange, SubjectChange
from vmfex.reports.text_lines import name

NOT_KNOWN = "not known"
NO_CAPACITY = "the record has no capacity: some rules alone were run"
OBSERVED = 200  # characters of a finding in a line of changes

Row = Sequence[str]


def render(hosts: Sequence[HostCapacity]) -> str:
    """The whole text; its first and last line say that it is no certificate, where it is of what
    might be."""
    return "".join(f"{line}\n" for line in _lines(hosts))


def _lines(hosts: Sequence[HostCapacity]) -> Iterator[str]:
    change = hosts[0].change
    label = f"{LABEL.upper()}: {'; '.join(map(name, change.sentences))}" if change else ""
    if label:
        yield from (label, "")
    if len(hosts) == 1:
        yield _title(hosts[0])
        yield from _table(["topology", "more VM interfaces", "what binds"], _limits(hosts[0]))
    else:
        rows = ([_title(host), *(_cell(host, topology) for topology in Topology)] for host in hosts)
        yield from _table(["host", *Topology], rows)
    for host in hosts:
        if host.changes:
            yield from ("", f"Verdicts that would change on {_title(host)}:")
            yield from _table([], map(_changed, host.changes))
    if label:
        yield from _unchanged(hosts)
        yield from ("", label)


def _unchanged(hosts: Sequence[HostCapacity]) -> Iterator[str]:
    same = sum(not host.changes for host in hosts)
    if same:
        where = "" if len(hosts) == 1 else f" on {same} of {len(hosts)} hosts"
        yield from ("", f"No verdict would change{where}.")


def _title(host: HostCapacity) -> str:
    own = name(host.now.host)
    told = host.label if own == host.label else f"{name(host.label)} ({own})"
    return f"{told}, constructed" if host.now.constructed else told


def _limits(host: HostCapacity) -> Iterator[Row]:
    for topology in Topology:
        yield topology, _number(host, topology), _binds(host.after.get(topology))


def _cell(host: HostCapacity, topology: Topology) -> str:
    """For a table: the number, and the name of what binds."""
    capacity = host.after.get(topology)
    known = capacity is not None and capacity.room is not None
    return (
        f"{_number(host, topology)} ({name(capacity.binds)})" if capacity and known else NOT_KNOWN
    )


def _number(host: HostCapacity, topology: Topology) -> str:
    after = _room(host.after, topology)
    return after if host.then is None else f"{_room(host.before, topology)} -> {after}"


def _room(capacities: Mapping[str, Capacity], topology: Topology) -> str:
    capacity = capacities.get(topology)
    if capacity is None or capacity.room is None:
        return NOT_KNOWN
    return str(capacity.room) if capacity.sure else f"at most {capacity.room}"


def _binds(capacity: Capacity | None) -> str:
    if capacity is None:
        return NO_CAPACITY
    known = [limit for limit in capacity.limits if limit.name == capacity.binds]
    told = [f"{name(limit.name)}: {name(limit.how)}" for limit in known]
    unread = [limit for limit in capacity.limits if limit.room is None and limit not in known]
    told += [f"not known: {name(limit.name)} ({name(limit.how)})" for limit in unread]
    return "; ".join(told)


def _changed(change: RuleChange) -> Row:
    """The rule, its verdicts, and the first of its findings that are other ones."""
    aside = "" if change.decides else " [decides nothing]"
    verdicts = f"{change.old} -> {change.new}" if change.old is not change.new else str(change.new)
    told = [_said(subject) for subject in change.subjects if subject.old != subject.new]
    more = f" (and {len(told) - 1} more)" if len(told) > 1 else ""
    return name(change.rule.id), f"{verdicts}{aside}", f"{told[0] if told else ''}{more}"


def _said(subject: SubjectChange) -> str:
    observed = subject.new[0].observed if subject.new else "not there"
    return shorten(name(f"{subject.subject}: {observed}"), OBSERVED)


def _table(heads: Row, rows: Iterator[Row]) -> Iterator[str]:
    """Columns as wide as they need to be; the last one is as long as it is."""
    table = [heads, *rows] if heads else [*rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for row in table:
        yield "  ".join(
            f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)
        ).rstrip()
