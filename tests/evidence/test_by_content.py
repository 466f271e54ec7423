"""What is made of evidence that many hosts have in common is made once, and is no other's."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.tree import DictTree
from vmfex.evidence.by_content import EACH, MOST, by_content
from vmfex.evidence.parsers.fabric import objects

SIZES = (0, 1, MOST // 2 - EACH, MOST // 2, MOST, MOST + 1)
RAW = [letter * size for letter in (b"a", b"b") for size in SIZES]


@given(st.lists(st.tuples(st.sampled_from(RAW), st.sampled_from("xy"))))
def test_it_is_what_would_be_made(asked: list[tuple[bytes, str]]) -> None:
    """Whatever was asked before."""
    made = by_content(lambda raw, what: (len(raw), raw[:1], what))
    for raw, what in asked:
        assert made(raw, what) == (len(raw), raw[:1], what)


@pytest.mark.parametrize(("size", "times"), [(0, 1), (1, 1), (MOST, 1), (MOST + 1, 2)])
def test_it_is_made_once(size: int, times: int) -> None:
    """Of equal bytes, which need not be the same; what is huge is not kept."""
    calls = []

    @by_content
    def made(raw: bytes, what: str) -> str:
        calls.append(what)
        return what

    assert [made(b"a" * size, "x"), made(bytes(bytearray(b"a" * size)), "x")] == ["x", "x"]
    assert len(calls) == times


def test_no_more_is_kept_than_has_room() -> None:
    """Of hosts that have nothing in common."""
    made = by_content(lambda raw, _what: raw)
    tracemalloc.start()
    for number in range(100):
        made(number.to_bytes(1) * (MOST // 4), "")
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 1.5 * MOST


def test_small_ones_have_a_bound_too() -> None:
    """A hundred thousand answers of a few bytes, each of which makes an object."""
    made = by_content(lambda raw, _what: list(raw))
    tracemalloc.start()
    for number in range(100_000):
        made(number.to_bytes(4), "")
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < MOST


def answer(class_id: str, name: str) -> bytes:
    """One of UCS Manager's."""
    listed = "".join(f'<{class_id} dn="{name}{n}"/>' for n in range(500))
    return (
        f'<configResolveClass classId="{class_id}"><outConfigs>{listed}</outConfigs>'
        "</configResolveClass>"
    ).encode()


def test_answers_of_ucs_manager_are_parsed_once() -> None:
    """For all hosts that have them; another answer, or one about another class, is none of them."""
    here, there = answer("vmNic", "a"), answer("vmNic", "b")
    first, second, other = (
        objects(DictTree({"ucsm/vmNic.xml": raw}), "vmNic").need()
        for raw in (here, here[:-1] + here[-1:], there)
    )
    assert first is second
    assert [o["dn"] for o in other] == [f"b{n}" for n in range(500)]
    wrong = objects(DictTree({"ucsm/vmVif.xml": here}), "vmVif")
    assert "is an answer about" in getattr(wrong, "reason", "")
