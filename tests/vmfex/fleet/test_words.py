"""What a worker answers and the journal keeps: words, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.checks.rules.test_move import EMULATION, UNREAD, WEB, site
from tests.rules.table import REFERENCE
from vmfex.checks.model.fact import Known, Unknown
from vmfex.checks.model.plan import Topology
from vmfex.checks.result.certification import Decision
from vmfex.checks.rules.move import Mover
from vmfex.checks.rules.site import site_of
from vmfex.fleet.fabric import Answers, hand_over
from vmfex.fleet.judging import Done
from vmfex.fleet.words import Kept, from_words, to_words
from vmfex.reports.summary import Held, HostSummary

SUMMARY = HostSummary(
    source="./a.tar\udcff",
    label="a",
    host="a",
    constructed=False,
    decision=Decision.INCOMPLETE,
    status=6,
    topologies={"MacVTap direct": 2},
    counts={"violated": 1},
    tally="1 violated",
    violated=("VIC-02",),
    undetermined=(),
    directory="hosts/a",
    reason="",
    notes=("a note\nin two lines",),
    held=(Held(("VIC-02",), "violated", "what", "do"),),
    beside={"Judged": "now"},
)


def test_a_host_comes_back_as_it_was() -> None:
    """In one line; with decisions and topologies that are such, for they are compared as such."""
    done = Done(SUMMARY, site_of("a", REFERENCE.judged().scope))
    line = done.words()
    assert line.isascii()
    assert "\n" not in line
    back = Done.of_words(line)
    assert back == done
    assert back.summary.decision is Decision.INCOMPLETE
    assert back.site
    assert {type(key) for key in back.site.movers[0].topologies} == {Topology}


def test_what_is_unknown_stays_unknown() -> None:
    done = Done(SUMMARY, site("a", room=UNREAD, movers=(EMULATION,), unread=("refused",)))
    assert Done.of_words(done.words()) == done
    assert Done.of_words(Done(SUMMARY, None).words()).site is None


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from([WEB, *Topology]),
    lambda inner: (
        st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(), inner, max_size=3)
        | st.builds(Known, inner)
        | st.frozensets(st.text(), max_size=3)
    ),
)


@given(plain)
def test_words_say_all(value: object) -> None:
    assert from_words(to_words(value)) == value


@given(st.lists(plain, max_size=4))
def test_what_is_the_same_is_kept_once_and_stays_what_it_was(values: list[object]) -> None:
    """Equal values of several lines are one object, and 1 is not True, though Python takes them
    for equal."""
    kept: Kept = {}
    for value in values:
        back = from_words(to_words(value), kept)
        assert repr(back) == repr(from_words(to_words(value)))
        assert from_words(to_words(value), kept) is back


def test_what_only_one_host_has_is_not_kept() -> None:
    """Of a thousand alike hosts there is one of what they share, and a thousand of the rest."""
    line = Done(SUMMARY, site("a", room=UNREAD, movers=(EMULATION,))).words()
    kept: Kept = {}
    one, two = Done.of_words(line, kept), Done.of_words(line, kept)
    assert one == two
    assert one.summary.held is two.summary.held
    assert one.summary.counts is two.summary.counts
    assert one.site
    assert two.site
    assert one.site.room is two.site.room
    assert not [v for v in kept.values() if isinstance(v, HostSummary | type(one.site) | Mover)]
    before = len(kept)
    Done.of_words(line, kept)
    assert len(kept) == before


@pytest.mark.parametrize(
    "line",
    [
        *("", "{", "null", "[]", "[1, 2]", "[" * 10**5, '{"is": "Path"}', '{"value": 1}'),
        *(
            '{"is": "Known"}',
            '{"is": "dict", "of": [1]}',
            '{"is": ["Known"]}',
            '{"is": "Topology"}',
        ),
    ],
)
def test_other_lines_are_refused(line: str) -> None:
    """Nothing but what is listed is made of them."""
    with pytest.raises(ValueError, match=r"."):
        Done.of_words(line)


class Told:
    """A UCS Manager of two answers, one of which failed."""

    def read(self, path: str) -> Known[bytes | None] | Unknown:
        known = {"ucsm/a.xml": "<é/>".encode(), "ucsm/b.xml": None}
        return Known(known[path]) if path in known else Unknown("no answer", remedy="ask again")

    def names(self, path: str) -> Known[tuple[str, ...] | None]:
        return Known(("a.xml", "c.xml") if path == "ucsm" else None)


def test_answers_are_handed_over_as_they_were(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What failed too; what is not among them is nothing."""
    file = tmp_path_factory.mktemp("answers") / "ucsm"
    hand_over(Told(), file)
    answers = Answers.at(file)
    assert answers.names("ucsm") == Told().names("ucsm")
    assert answers.names("ucsm/a.xml") == Known(None)
    for path in ("ucsm/a.xml", "ucsm/c.xml"):
        assert answers.read(path) == Told().read(path)
    assert answers.read("ucsm/d.xml") == Known(None)
