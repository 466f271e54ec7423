"""`certificate.html` of many hosts: which may go live, what holds the others back, and where."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from vmfex.checks.result.certification import Decision
from vmfex.checks.result.rule import Rule
from vmfex.checks.rules.move import Answer, Site
from vmfex.reports import same_name, site_capacity, site_clusters
from vmfex.reports.certificate.host_matrix import MARKS, NO_DECISION, columns_of, row, worst_first
from vmfex.reports.certificate.page import CLASSES
from vmfex.reports.certificate.templates import environment, short
from vmfex.reports.site_causes import ranked
from vmfex.reports.summary import HostSummary

OPEN_CAUSES = 12  # the others are folded
CHUNK = 200  # pieces of the template that are written at a time


def render(
    hosts: Sequence[HostSummary],
    started: str,
    version: str,
    ruleset: str,
    rules: Mapping[str, Rule] | None = None,
    sites: Sequence[Site] = (),
) -> Iterator[str]:
    """The page, in parts: of a thousand hosts it has a megabyte. `rules` are those of the run by
    id, in their order; `sites` the hosts as VMs could move between them, where anybody was asked
    for that."""
    decisions = [host.decision for host in hosts]
    columns = columns_of(hosts, rules or {})
    stream = (
        environment()
        .get_template("fleet.html.j2")
        .stream(
            hosts=worst_first(hosts),
            counts=[(d, decisions.count(d)) for d in Decision if decisions.count(d)],
            lost=decisions.count(None),
            no_decision=NO_DECISION,
            banner=_banner(decisions),
            purpose=_purpose(hosts),
            same_name=same_name.told(hosts),
            aged=[host for host in hosts if host.aged],
            causes=ranked(hosts),
            open_causes=OPEN_CAUSES,
            columns=columns,
            ids=[column.id for column in columns],
            marks=MARKS,
            row=row,
            fine=[id_ for id_ in rules or {} if id_ not in {column.id for column in columns}],
            capacity=site_capacity.site_capacity(hosts),
            binding=site_capacity.told,
            clusters=site_clusters.clusters(sites),
            why=site_clusters.why,
            possible=Answer.POSSIBLE,
            started=started,
            version=version,
            ruleset=short(ruleset),
        )
    )
    stream.enable_buffering(CHUNK)
    yield from stream


def _banner(decisions: Sequence[Decision | None]) -> str:
    """How the worst of them looks; no decision is as bad as a bad one."""
    if None in decisions:
        return CLASSES["NOT CERTIFIED"]
    worst = reversed(Decision)
    return CLASSES[next(d for d in worst if d in decisions)]


def _purpose(hosts: Iterable[HostSummary]) -> str:
    """The topologies with the number of VM interfaces on all hosts."""
    number: Counter[str] = Counter()
    for host in hosts:
        number.update(host.topologies)
    told = ", ".join(f"{topology} ({n})" for topology, n in sorted(number.items()))
    return told or "no topology was judged"
