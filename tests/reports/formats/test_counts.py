"""Every format counts what the record has, by its own mapping table, and none is greener."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.format_readers import READERS, nagios
from tests.support.formats import CONTEXT, EVERYTHING, HOSTS, STATED, host
from vmfex.checks.result.certification import Certification, RuleResult
from vmfex.checks.result.verdict import Verdict
from vmfex.reports.formats import MODULES, module_of

GOOD = (Verdict.COMPLIANT, Verdict.NOT_APPLICABLE)
SPLIT = ("sarif", "hdf", "oscal")  # they tell what was stated from what was waived
BEST = {  # the words that a reader takes for well; None: a format that names only what is not
    "cucumber": "passed",
    "sarif": None,
    "hdf": "passed",
    "csv": "compliant",
    "xlsx": "compliant",
    "prometheus": "compliant",
    "oscal": ("satisfied", "pass"),
    "actions": None,
}


def _expected(name: str, of: Certification) -> Counter[Any]:
    words = module_of(name).WORDS
    return Counter(_word(name, words, of, result) for result in of.results)


def _word(name: str, words: Any, of: Certification, result: RuleResult) -> Any:
    verdict = result.verdict
    if name == "cucumber" and verdict not in GOOD and not of.decides(result):
        return "skipped"  # advice, as in JUnit
    if name in SPLIT and result.rule.id == STATED.rule.id and verdict is Verdict.WAIVED:
        return words[Verdict.UNDETERMINED]
    return words[verdict]


def _read(name: str, of: Certification) -> dict[str, Any]:
    made = READERS[name](module_of(name).render([of], CONTEXT))
    ids = [result.rule.id for result in of.results]
    return {id_: made.get((of.host, id_)) for id_ in ids}


def test_every_format_is_held_here() -> None:
    """A format that is added has a reader in tests, and a word for each verdict."""
    assert READERS.keys() | {"nagios"} == MODULES.keys()
    assert all(module_of(name).WORDS.keys() == set(Verdict) for name in MODULES)


@pytest.mark.parametrize("of", HOSTS, ids=lambda of: str(of.host))
@pytest.mark.parametrize("name", READERS)
def test_counts_follow_from_the_record(name: str, of: Certification) -> None:
    """As many rules have a word as have the verdicts that the table gives it for."""
    assert Counter(_read(name, of).values()) == _expected(name, of)


@pytest.mark.parametrize("of", HOSTS, ids=lambda of: str(of.host))
def test_nagios_counts_the_rules(of: Certification) -> None:
    """Its performance data has the record's counts."""
    module = module_of("nagios")
    counts = {module.WORDS[verdict]: number for verdict, number in of.counts.items()}
    assert nagios(module.render([of], CONTEXT)) == counts | {"not_run": len(of.not_run)}


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=25)
@given(results=st.lists(st.sampled_from(EVERYTHING), unique_by=lambda r: r.rule.id, min_size=1))
def test_nothing_is_greener(name: str, results: list[RuleResult]) -> None:
    """Only what is compliant has the format's good word; where a format has none, whatever is not
    well has a word."""
    of = host(*results)
    verdicts = {result.rule.id: result.verdict for result in results}
    for id_, word in _read(name, of).items():
        if BEST[name] is None:
            assert (word is None) == (verdicts[id_] in GOOD)
        else:
            assert (word == BEST[name]) == (verdicts[id_] is Verdict.COMPLIANT)


@pytest.mark.parametrize("name", READERS)
def test_several_hosts_do_not_hide_each_other(name: str) -> None:
    """Each host has its own words beside the others'."""
    together = READERS[name](module_of(name).render(HOSTS, CONTEXT))
    for of in HOSTS:
        alone = READERS[name](module_of(name).render([of], CONTEXT))
        assert {place: word for place, word in together.items() if place[0] == of.host} == alone
