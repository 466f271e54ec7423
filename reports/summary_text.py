"""Several hosts as a person reads them on the terminal."""

import re
from collections.abc import Sequence

from vmfex.checks.result.certification import Decision
from vmfex.checks.rules.migration_matrix import Matrix
from vmfex.checks.text import one_line, shorten
from vmfex.reports import migration
from vmfex.reports.summary import REASON_LIMIT, HostSummary
from vmfex.reports.text_lines import COLOURS, folded

NO_DECISION = "INTERNAL ERROR"  # what stands in the place of one
MOST_IDS = 6


def render(
    hosts: Sequence[HostSummary],
    moves: Matrix,
    *,
    report: str,
    colour: bool,
    quiet: bool,
    verbose: bool,
    width: int = 100,
    wrapped: bool = False,
) -> str:
    """A line for each host, in the order in which they were named, and a last line with the totals;
    that alone when `quiet`, with what holds hosts back. Rules that keep a host from being certified
    are named, the first of them; when `verbose` all. Between the two is which VMs could move where.
    Lines are `wrapped` to the `width` for a terminal, and when `verbose`: else each host has one.
    The last line has no break in any case."""
    brief = _brief(hosts) if quiet else ""
    last = _totals(hosts, brief, report, colour)
    if quiet:
        return f"{last}\n"
    column = max(len(_name(host)) for host in hosts)
    lines = [_line(host, column, colour, verbose) for host in hosts]
    if verbose or wrapped:
        lines = [part for line in lines for part in _folded(line, width)]
    if moves.rows or moves.unread:
        lines += ["", *migration.render(moves, width)]
    return "\n".join([*lines, "", last]) + "\n"


def refused(host: HostSummary) -> str:
    """Why the host may not go live, in a line to be said as soon as that is known; empty where it
    may, and where it was read and nothing is violated."""
    if host.decision is Decision.NOT_CERTIFIED:
        why = f"violated: {', '.join(host.violated)}"
    elif host.decision is None or (host.reason and host.decision is Decision.INCOMPLETE):
        why = _short(host.reason)
    else:
        return ""
    return f"refused: {_name(host)}: {host.decision or NO_DECISION}; {why}"


def _folded(line: str, width: int) -> list[str]:
    """Below its first words, so that each host begins where the eye looks for it; a line that fits
    keeps its columns."""
    if _seen(line) <= width:
        return [line]
    return folded(line, width, 4)


def _seen(line: str) -> int:
    """How many columns it takes: what paints it takes none."""
    return len(re.sub(r"\x1b\[[\d;]*m", "", line))


def _brief(hosts: Sequence[HostSummary]) -> str:
    """The violated rules of all hosts, and the first cause with its host."""
    ids = sorted({id_ for host in hosts for id_ in host.violated})
    said = f"; violated: {_ids(ids, False)}" if ids else ""
    order = sorted(hosts, key=lambda host: host.decision is not Decision.NOT_CERTIFIED)
    for host in order:
        cause = host.reason or host.cause
        if cause:
            return f"{said}; cause: {host.label}: {_short(cause)}"
    return said


def _line(host: HostSummary, width: int, colour: bool, verbose: bool) -> str:
    decision = f"{host.decision or NO_DECISION:<23}"
    said = [_short(host.reason)] if host.reason else []
    if not host.reason or host.decision is Decision.NOT_CERTIFIED:
        said.append(host.tally)
        for word, ids in (("violated", host.violated), ("undetermined", host.undetermined)):
            said += [f"{word}: {_ids(ids, verbose)}"] if ids else []
    if host.constructed:
        said.append("constructed")
    said += [f"note: {_short(note)}" for note in host.notes]
    return f"{_painted(decision, host.decision, colour)}  {_name(host):<{width}}  {'; '.join(said)}"


def _ids(ids: Sequence[str], verbose: bool) -> str:
    shown = ids if verbose else ids[:MOST_IDS]
    more = f" and {len(ids) - len(shown)} more" if len(shown) < len(ids) else ""
    return ", ".join(shown) + more


def _name(host: HostSummary) -> str:
    own = shorten(one_line(host.host), 100)
    return host.label if own == host.label else f"{host.label} ({own})"


def _totals(hosts: Sequence[HostSummary], brief: str, report: str, colour: bool) -> str:
    order = [None, Decision.NOT_CERTIFIED, Decision.INCOMPLETE]
    order += [Decision.CERTIFIED_WITH_WAIVERS, Decision.CERTIFIED]
    parts = []
    for decision in order:
        if number := sum(host.decision is decision for host in hosts):
            parts.append(_painted(f"{number} {decision or NO_DECISION}", decision, colour))
    noun = "host" if len(hosts) == 1 else "hosts"
    told = dict.fromkeys(note for host in hosts for note in host.notes)
    notes = "".join(f"; note: {_short(note)}" for note in told)
    return f"{len(hosts)} {noun}: {', '.join(parts)}{brief}{notes}; reports: {one_line(report)}"


def _painted(text: str, decision: Decision | None, colour: bool) -> str:
    shade = COLOURS[decision or Decision.NOT_CERTIFIED]
    return f"\x1b[{shade}m{text}\x1b[0m" if colour else text


def _short(reason: str) -> str:
    return shorten(one_line(reason), REASON_LIMIT)
