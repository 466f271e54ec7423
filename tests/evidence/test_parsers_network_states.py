"""Whether libvirt's networks are active and start with the host."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.tree import DictTree
from vmfex.checks.model.fact import Fact, Known, Unknown
from vmfex.evidence.parsers.network_states import ACTIVE, ALL, PATH, State, network_states

HEAD = " Name                 State      Autostart     Persistent\n" + "-" * 58 + "\n"
TABLE = f"{HEAD} pool                 active     yes           yes\n b c   inactive   no   yes\n\n"


def told(files: dict[str, str], name: str = "pool") -> State:
    return network_states(DictTree(files)).of(name)


def values(state: State) -> tuple[bool | None, bool | None]:
    return _value(state.active), _value(state.autostart)


def _value(fact: Fact[bool]) -> bool | None:
    return fact.value if isinstance(fact, Known) else None


def test_libvirts_own_answer() -> None:
    """Each network by its name; one that it does not have, or does not tell of, is unknown."""
    files = {PATH: '{"pool": {"active": true, "autostart": false}, "odd": {"active": "yes"}}'}
    assert values(told(files)) == (True, False)
    assert values(told(files, "odd")) == (None, None)
    assert values(told(files, "other")) == (None, None)


@pytest.mark.parametrize("content", ["", "[]", "{", '{"pool": []}', "[" * 100_000])
def test_what_is_no_answer_is_unknown(content: str) -> None:
    assert values(told({PATH: content})) == (None, None)


def test_table_of_all_networks() -> None:
    """As virsh prints it, with names that have blanks, and with two or three columns of words."""
    assert values(told({ALL: TABLE})) == (True, True)
    assert values(told({ALL: TABLE}, "b c")) == (False, False)
    assert values(told({ALL: TABLE}, "other")) == (None, None)
    old = (
        "Name                 State      Autostart\n"
        + "-" * 41
        + "\npool  inactive   no        \n\n"
    )
    assert values(told({ALL: old})) == (False, False)


def test_table_of_active_networks() -> None:
    """Without --all, a network that is not listed is not active; its start stays open."""
    assert values(told({ACTIVE: TABLE})) == (True, True)
    assert values(told({ACTIVE: TABLE}, "other")) == (False, None)
    assert values(told({ACTIVE: f"{HEAD}\n"})) == (False, None)


@pytest.mark.parametrize("end", range(len(TABLE)))
def test_table_that_is_cut_off(end: int) -> None:
    """Whatever its end has lost, no network is told of."""
    assert values(told({ACTIVE: TABLE[:end]}, "other")) == (None, None)
    assert values(told({ALL: TABLE[:end]})) == (None, None)


def test_table_in_another_language() -> None:
    """Words that are not English tell nothing."""
    german = HEAD + " pool                 aktiv      ja            ja\n\n"
    assert values(told({ALL: german})) == (None, None)


def test_nobody_asked() -> None:
    """A recording from before says so; what would tell follows from the way in."""
    state = told({"libvirt/connection.json": "{}"})
    assert isinstance(state.active, Unknown)
    assert state.active.reason == "nobody asked libvirt for the network's state"


@given(st.text(), st.text(alphabet=" -\nactiveno", max_size=200))
def test_any_text(content: str, name: str) -> None:
    """No answer and no table raises."""
    told({PATH: content}, name)
    told({ACTIVE: f"{HEAD}{content}\n\n"}, name)
