"""Several hosts compared: those that both runs have, and those that came or went."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from vmfex.checks.result.certification import Certification, Decision
from vmfex.reports.comparison.compare import Comparison, Trend, compare

Hosts = Mapping[str, Certification | None]  # by label; None: a host that left no record
GOOD = (Decision.CERTIFIED, Decision.CERTIFIED_WITH_WAIVERS)


@dataclass(frozen=True, slots=True)
class Compared:
    """`pairs` by the label of the host. A host that `went` is known no more, which is worse; so is
    one that `came` without a certificate. Of the `unknown` neither side has a record."""

    pairs: Mapping[str, Comparison]
    came: Mapping[str, Certification] = field(default_factory=dict)
    went: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def trend(self) -> Trend:
        trends = {comparison.trend for comparison in self.pairs.values()}
        if self.decision_is_worse or Trend.WORSE in trends:
            return Trend.WORSE
        return Trend.BETTER if Trend.BETTER in trends else Trend.NEITHER

    @property
    def decision_is_worse(self) -> bool:
        """Whether some host's is. One that is gone has none any more."""
        worse = any(each.decision is Trend.WORSE for each in self.pairs.values())
        return worse or bool(self.went) or any(of.decision not in GOOD for of in self.came.values())


def compare_hosts(old: Hosts, new: Hosts) -> Compared:
    """By label. Where both sides have one host, these two are compared, whatever they are
    called."""
    if len(old) == len(new) == 1:
        old = dict.fromkeys(new, *old.values())
    pairs: dict[str, Comparison] = {}
    came: dict[str, Certification] = {}
    went, unknown = [], []
    for label in dict.fromkeys((*new, *old)):
        before, after = old.get(label), new.get(label)
        if before and after:
            pairs[label] = compare(before, after)
        elif after:
            came[label] = after
        elif before:
            went.append(label)
        else:
            unknown.append(label)
    return Compared(pairs, came, tuple(went), tuple(unknown))
