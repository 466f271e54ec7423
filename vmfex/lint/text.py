"""What `vmfex lint` prints: a line for each problem, as compilers have them."""

from collections import Counter
from collections.abc import Iterator

from vmfex.checks.model.domain import Domain
from vmfex.checks.text import harmless, one_line
from vmfex.lint.judged import Linted, Place, Problem


def render(linted: Linted, *, verbose: bool = False) -> str:
    """Problems, what could not be seen, and a last line that promises nothing."""
    return "".join(f"{line}\n" for line in _lines(linted, verbose))


def _lines(linted: Linted, verbose: bool) -> Iterator[str]:
    for problem in linted.problems:
        yield from _problem(problem)
    for unseen in linted.unseen:
        yield f"{_at(unseen.place)}: not judged: {one_line(unseen.reason)}"
    if verbose:
        for id_, reason in linted.untold.items():
            yield f"{id_} needs the host: {one_line(reason)}"
    if linted.aside:
        others = _number(linted.aside, "other XML file")
        yield f"{others} left aside: neither domain nor network"
    yield summary(linted)


def _problem(problem: Problem) -> Iterator[str]:
    rule, finding = problem.rule, problem.finding
    kind = str(rule.severity) if problem.decides else f"{rule.severity}, advice"
    said = f"{finding.subject}: {finding.observed}; wanted: {finding.wanted}"
    yield f"{_at(problem.place)}: {rule.id} ({kind}): {one_line(said)}"
    yield f"    do: {one_line(harmless(finding.remedy or rule.remedy))}"


def _at(place: Place) -> str:
    return f"{one_line(place.path)}:{place.line}"


def summary(linted: Linted) -> str:
    """How much was seen, what of it is violated, and how many rules only the host can answer."""
    kinds = Counter(isinstance(file.value, Domain) for file in linted.files)
    seen = (
        f"{_number(kinds[True], 'domain')}, {_number(kinds[False], 'network')}, "
        f"{_number(linted.interfaces, 'VM-FEX interface')}"
    )
    deciding = sum(problem.decides for problem in linted.problems)
    advice = len(linted.problems) - deciding
    found = _number(deciding, "violation") if deciding else "no violation in what XML alone tells"
    found += f", {advice} of advice" if advice else ""
    left_out = f"; {_number(len(linted.unseen), 'interface')} not judged" if linted.unseen else ""
    rules = f"{len(linted.untold)} of {len(linted.rule_set.rules)} rules need the host too"
    return f"{seen}: {found}{left_out}; {rules} (`vmfex certify`)"


def _number(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
