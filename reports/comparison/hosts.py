"""Several hosts compared: those that both runs have, and those that came or went."""

from collections.abc import Mapping
from dataclasses import dataclass

from vmfex.checks.result.certification import Certification
from vmfex.reports.comparison.compare import Comparison, Trend, compare


@dataclass(frozen=True, slots=True)
class Compared:
    """`pairs` by the label of the host. A host that `went` is known no more, which is worse."""

    pairs: Mapping[str, Comparison]
    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()

    @property
    def trend(self) -> Trend:
        trends = {comparison.trend for comparison in self.pairs.values()}
        if self.went or Trend.WORSE in trends:
            return Trend.WORSE
        return Trend.BETTER if Trend.BETTER in trends else Trend.NEITHER


def compare_hosts(old: Mapping[str, Certification], new: Mapping[str, Certification]) -> Compared:
    """By label. Where both sides have one host, these two are compared, whatever they are
    called."""
    if len(old) == len(new) == 1:
        old = dict.fromkeys(new, *old.values())
    return Compared(
        {label: compare(old[label], new[label]) for label in new if label in old},
        tuple(label for label in new if label not in old),
        tuple(label for label in old if label not in new),
    )
