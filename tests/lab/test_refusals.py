"""Every refusal, asked of three generations of libvirt: its answer and the verdict are the same.

Each host was captured before anything on it was started, as an operator certifies it. The captures
are judged out here.
"""

import re
from collections.abc import Callable, Mapping

import pytest

from tests.lab import generations
from tests.lab.parts import Parts
from tests.lab.refusals.asking import Answers, Asked, ask
from tests.lab.refusals.refusal import REFUSED, TWIN, Refusal, load, names
from tests.support.judging import judge_tree
from tests.support.needs import lacking
from tests.support.opened import opened
from vmfex.checks.result.verdict import Verdict

Answering = Callable[[str], Answers]


@pytest.fixture(scope="session")
def answering(lab_parts: Parts, tmp_path_factory: pytest.TempPathFactory) -> Answering:
    """What the libvirt of a suite said to all of them, in one boot; or why it could not, once."""
    said: dict[str, Answers] = {}

    def of(suite: str) -> Answers:
        if suite not in said:
            found = generations.find(suite)
            if isinstance(found, str):
                lacking(found)
            said[suite] = ask(lab_parts, found, names(), tmp_path_factory.mktemp(suite))
        return said[suite]

    return of


@pytest.fixture(scope="session", params=tuple(generations.VERSIONS))
def answers(request: pytest.FixtureRequest, answering: Answering) -> Answers:
    return answering(request.param)


@pytest.fixture(params=names())
def refusal(request: pytest.FixtureRequest) -> Refusal:
    return load(request.param)


def asked_of(refusal: Refusal, variant: str, answers: Answers) -> tuple[Asked, str | None]:
    """What was asked, and libvirt's refusal of the domain that the refusal is about."""
    asked = answers.of(refusal.name, variant)
    return asked, asked.refusal(refusal.variants[variant].asked)


def test_the_generation_is_the_one_that_is_meant(answers: Answers) -> None:
    """The three differ, and the table has a column for each."""
    assert answers.version == generations.VERSIONS[answers.suite]


def test_libvirt_says_what_the_case_says(refusal: Refusal, answers: Answers) -> None:
    """It refuses with the words of the case, and starts where the case has none."""
    _, said = asked_of(refusal, REFUSED, answers)
    words = refusal.words(answers.version)
    if words is None:
        assert said is None
    else:
        assert said is not None, "it was started"
        assert words in re.sub(r"\s+", " ", said)


@pytest.mark.parametrize("variant", [REFUSED, TWIN])
def test_the_verdict_is_libvirt_s(refusal: Refusal, variant: str, answers: Answers) -> None:
    """What libvirt refuses to start violates the rule of the case, and what it starts does not."""
    asked, said = asked_of(refusal, variant, answers)
    judged = judge_tree(opened(asked.capture), None, refusal.rule)
    verdict = judged.verdicts[refusal.rule]
    if said is None:
        assert verdict is not Verdict.VIOLATED, judged.of(refusal.rule)
    else:
        expected = Verdict.UNDETERMINED if refusal.untold else Verdict.VIOLATED
        assert verdict is expected, f"libvirt: {said}\n{judged.of(refusal.rule)}"


def test_the_twin_starts(refusal: Refusal, answers: Answers) -> None:
    """So the one thing in which they differ is what libvirt refuses."""
    _, said = asked_of(refusal, TWIN, answers)
    assert said is None


def test_all_but_the_last_start(refusal: Refusal, answers: Answers) -> None:
    """Where there are two VMs, it is the second that libvirt refuses."""
    asked = answers.of(refusal.name, REFUSED)
    others: Mapping[str, str | None] = {
        domain: asked.refusal(domain) for domain in list(refusal.variants[REFUSED].domains)[:-1]
    }
    assert set(others.values()) <= {None}
