"""Which VMs could move where within each cluster of a site: across clusters none may (CLU-02)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from vmfex.checks.model.fabric import uuid_key
from vmfex.checks.model.fact import Unknown
from vmfex.checks.rules.equal import Equal
from vmfex.checks.rules.migration_matrix import Matrix, Row, matrix
from vmfex.checks.rules.move import Answer, Site
from vmfex.checks.text import one_line
from vmfex.reports.migration import MOST_HOSTS, SIGNS

MOST_VMS = 100  # of a cluster that are shown; `summary.json` has all


@dataclass(frozen=True, slots=True)
class Cluster:
    """`name` is empty where nobody knows which cluster its hosts are in; `moves` are those of its
    VMs among its own hosts."""

    name: str
    moves: Matrix

    @property
    def is_grid(self) -> bool:
        """Whether a person can follow a column for each host."""
        return len(self.moves.labels) <= MOST_HOSTS

    @property
    def stuck(self) -> int:
        """How many VMs can move to no other host."""
        return sum(
            not (row.number(Answer.POSSIBLE) or row.number(Answer.UNKNOWN))
            for row in self.moves.rows
        )

    @property
    def unknown(self) -> int:
        """Of how many nobody knows whether they can."""
        return sum(
            not row.number(Answer.POSSIBLE) and row.number(Answer.UNKNOWN) > 0
            for row in self.moves.rows
        )

    def rows(self) -> Sequence[Row]:
        """The VMs with the fewest hosts to go to come first."""
        fewest = sorted(self.moves.rows, key=lambda row: row.number(Answer.UNKNOWN))
        rows = sorted(fewest, key=lambda row: row.number(Answer.POSSIBLE))
        return rows[:MOST_VMS]

    def signs(self, row: Row) -> Iterator[tuple[str, str]]:
        """Of each host: a sign, and what it means."""
        there = {label: move.answer for move, hosts in row.moves.items() for label in hosts.first}
        for label in self.moves.labels:
            answer = there.get(label, Answer.HERE)
            yield SIGNS[answer], "it is here" if answer is Answer.HERE else str(answer)


def clusters(sites: Sequence[Site]) -> list[Cluster]:
    """Those that UCS Managers tell, by name; last the hosts of which none is known."""
    equal = Equal()
    groups: dict[tuple[int, str], list[Site]] = {}
    for site in sites:
        name = _cluster(site)
        groups.setdefault((equal.number(site.clusters) if name else -1, name), []).append(site)
    order = sorted(groups, key=lambda group: (not group[1], group[1], group[0]))
    return [Cluster(name, matrix(groups[manager, name])) for manager, name in order]


def _cluster(site: Site) -> str:
    if isinstance(site.clusters, Unknown) or isinstance(site.uuid, Unknown):
        return ""
    return site.clusters.value.get(uuid_key(site.uuid.value), "")


def why(row: Row) -> Mapping[str, int]:
    """What keeps a VM from moving, with the number of hosts, the most first."""
    told: dict[str, int] = {}
    for move, hosts in row.moves.items():
        if move.answer is not Answer.POSSIBLE:
            reason = one_line("; ".join(move.reasons))
            told[reason] = told.get(reason, 0) + hosts.count
    return dict(sorted(told.items(), key=lambda item: -item[1]))
