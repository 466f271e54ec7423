"""What `vmfex lint` prints: a line for each problem, as compilers have them."""

from collections import Counter
from collections.abc import Iterator

from vmfex.checks.model.domain import Domain
from vmfex.checks.result.verdict import Finding
from vmfex.checks.text import harmless, one_line, shorten
from vmfex.lint.judged import Linted, Place, Problem

MOST_TEXT = 600  # characters of each part of a problem


def render(linted: Linted, *, verbose: bool = False) -> str:
    """Problems, what could not be seen, and a last line that promises nothing."""
    return "".join(f"{line}\n" for line in _lines(linted, verbose))


def _lines(linted: Linted, verbose: bool) -> Iterator[str]:
    for problem in linted.problems:
        yield from _problem(problem)
    for unseen in linted.unseen:
        yield f"{_at(unseen.place)}: not judged: {one_line(short(unseen.reason))}"
    if verbose:
        for id_, reason in linted.untold.items():
            yield f"{id_} needs the host: {one_line(short(reason))}"
    if linted.aside:
        others = _number(linted.aside, "other XML file")
        yield f"{others} left aside: neither domain nor network"
    yield summary(linted)


def _problem(problem: Problem) -> Iterator[str]:
    rule, finding = problem.rule, problem.finding
    kind = str(rule.severity) if problem.decides else f"{rule.severity}, advice"
    yield f"{_at(problem.place)}: {rule.id} ({kind}): {one_line(said(finding))}"
    yield f"    do: {one_line(short(finding.remedy or rule.remedy))}"


def said(finding: Finding) -> str:
    """What is wrong, in a sentence that no name makes a page of."""
    return f"{short(finding.subject)}: {short(finding.observed)}; wanted: {short(finding.wanted)}"


def short(text: str) -> str:
    return shorten(harmless(text), MOST_TEXT, "in the file")


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
