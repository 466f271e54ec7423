"""Several hosts in one view: `summary.json`, and what it is made of."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vmfex.checks.result.certification import Certification, Decision
from vmfex.checks.result.verdict import Verdict
from vmfex.checks.rules.migration_matrix import Matrix
from vmfex.checks.text import harmless, one_line, shorten
from vmfex.reports import migration, site_capacity, site_causes
from vmfex.reports.actions import Action, actions_of
from vmfex.reports.allure.environment import beside
from vmfex.reports.record import write_whole
from vmfex.reports.site_capacity import Left, left_of
from vmfex.reports.text_todo import first_cause
from vmfex.reports.times import ages
from vmfex.reports.view import tally

SCHEMA = "urn:vmfex:summary:1"
SCHEMA_FILE = Path(__file__).with_name("summary.schema.json")
NOWHERE = Matrix()
REASON_LIMIT = 300  # characters
MOST_HELD = 20  # causes of one host

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Held:
    """What holds a host back: the rules (ids), the verdict, what is violated or why it is not
    known, what to do, and what the host shows of a violation."""

    rules: tuple[str, ...]
    verdict: str
    what: str
    remedy: str
    seen: str = ""


@dataclass(frozen=True, slots=True)
class HostSummary:
    """What is left of a host when its reports are written. `source` is the host as the user named
    it, `label` its folder's name, `host` what it calls itself. `decision` is None where a fault of
    the program left none. `reason` says why the host, or its end, was not read, `cause` is
    the first of what is wrong; `beside` is what Allure shows beside its results, `aged` when that
    evidence was read that is older than a day or tells no time. `violated` and `undetermined` are
    the rules that decide, `advice` and `unknown` those that do not; `left` is its capacity."""

    source: str
    label: str
    host: str
    constructed: bool
    decision: Decision | None
    status: int
    topologies: dict[str, int]
    counts: dict[str, int]
    tally: str
    violated: tuple[str, ...]
    undetermined: tuple[str, ...]
    directory: str | None
    reason: str
    notes: tuple[str, ...]
    held: tuple[Held, ...] = ()
    cause: str = ""
    beside: dict[str, str] = field(default_factory=dict)
    aged: tuple[str, ...] = ()
    waived: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    left: tuple[Left, ...] = ()


def _held(actions: Sequence[Action]) -> Iterator[Held]:
    for action in actions[:MOST_HELD]:
        if action.decides:
            what = action.cause or action.rules[0].rule.title
            remedy = shorten(harmless(action.remedies[0]), REASON_LIMIT)
            text = _in_brief(what, len(action.causes))
            violations = () if action.cause else action.findings
            seen = [f"{finding.subject}: {finding.observed}" for finding in violations]
            first = _in_brief(seen[0], len(seen)) if seen else ""
            yield Held(tuple(action.ids), str(action.verdict), text, remedy, first)


def _in_brief(first: str, number: int) -> str:
    more = f" (and {number - 1} more)" if number > 1 else ""
    return shorten(one_line(first), REASON_LIMIT) + more


def summarise(
    certification: Certification,
    source: str,
    label: str,
    *,
    status: int,
    directory: str | None,
    reason: str,
    misleads: bool = False,
) -> HostSummary:
    """`directory` is None where nothing was written; `misleads` where that is since the program
    could not judge."""

    def rules(verdict: Verdict, *, decide: bool) -> tuple[str, ...]:
        return tuple(
            result.rule.id
            for result in certification.results
            if result.verdict is verdict and certification.decides(result) is decide
        )

    actions = actions_of(certification)
    return HostSummary(
        source=source,
        label=label,
        host=certification.host,
        constructed=certification.constructed,
        decision=None if misleads else certification.decision,
        status=status,
        topologies=dict(sorted(certification.topologies.items())),
        counts={str(verdict): n for verdict, n in certification.counts.items()},
        tally=tally(certification),
        violated=rules(Verdict.VIOLATED, decide=True),
        undetermined=rules(Verdict.UNDETERMINED, decide=True),
        directory=directory,
        reason=reason,
        notes=certification.notes,
        held=tuple(_held(actions)),
        cause=first_cause(actions),
        beside=beside(certification),
        aged=tuple(f"{what}: {when}" for what, _, when, old in ages(certification) if old),
        waived=tuple(r.rule.id for r in certification.results if r.verdict is Verdict.WAIVED),
        advice=rules(Verdict.VIOLATED, decide=False),
        unknown=rules(Verdict.UNDETERMINED, decide=False),
        left=left_of(certification),
    )


def dump(hosts: Sequence[HostSummary], status: int, head: Json, moves: Matrix = NOWHERE) -> Json:
    """The summary as a JSON document, valid by `summary.schema.json`; `head` has `tool`, `started`,
    `finished`, `strict` and `guide_only`, as a record has them. `moves` tells which VMs could move
    where."""
    decisions: dict[str, int] = {str(decision): 0 for decision in Decision}
    for host in hosts:
        if host.decision and host.directory:  # else there is no record of it
            decisions[host.decision] += 1
    listed = [
        {
            "source": host.source.encode("utf-8", "backslashreplace").decode(),
            "label": host.label,
            "host": host.host.encode("utf-8", "backslashreplace").decode(),
            "constructed": host.constructed,
            "decision": str(host.decision) if host.decision and host.directory else None,
            "exit_status": host.status,
            "topologies": host.topologies,
            "counts": host.counts,
            "violated": list(host.violated),
            "undetermined": list(host.undetermined),
            "waived": list(host.waived),
            "advice": list(host.advice),
            "directory": host.directory,
            "reason": host.reason.encode("utf-8", "backslashreplace").decode(),
            "notes": [note.encode("utf-8", "backslashreplace").decode() for note in host.notes],
        }
        for host in hosts
    ]
    return {"schema": SCHEMA, "exit_status": status, **head, "decisions": decisions} | {
        "causes": site_causes.dump(site_causes.ranked(hosts)),
        "capacity": site_capacity.dump(site_capacity.site_capacity(hosts)),
        "hosts": listed,
        "migration": migration.dump(moves),
    }


def write(document: Json, path: Path) -> None:
    """Writes the summary whole or not at all. Raises OSError."""
    write_whole(path, _text(document))


def _text(document: Json) -> Iterator[str]:
    """A host, a VM and a cause in a line each: of a thousand hosts they are many."""
    document = {**document, **document["migration"]}
    names = ("causes", "capacity", "hosts", "vms", "unread")
    lists = {name: document.pop(name) for name in names}
    del document["migration"]
    yield json.dumps(document, indent=1).removesuffix("\n}")
    for name in ("causes", "capacity", "hosts"):
        yield f',\n "{name}": ['
        yield from _lines(lists[name])
    yield ',\n "migration": {\n "vms": ['
    yield from _lines(lists["vms"])
    yield ',\n "unread": ['
    yield from _lines(lists["unread"])
    yield "\n }\n}\n"


def _lines(listed: Sequence[Json]) -> Iterator[str]:
    for number, each in enumerate(listed):
        yield f"{',' if number else ''}\n  {json.dumps(each)}"
    yield "]"
