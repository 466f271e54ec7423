"""Text from outside, as sentences quote it."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from vmfex.checks.text import one_line, shorten, shown, shown_path

PIECES = st.sampled_from(["::error::", "##vso[", "#", ":", "a", " ", "\x1b", "\n", "\ufe0f", "é"])


@given(st.lists(st.lists(PIECES).map("".join), max_size=4))
def test_texts_are_harmless_where_they_are_with_blanks_between(texts: list[str]) -> None:
    """Many are looked at together: no neighbour may hide what one of them would do by itself."""
    together = " ".join(texts)
    if one_line(together) == together:
        assert [*map(one_line, texts)] == texts


def test_path_keeps_its_end() -> None:
    """A message about a file names the file, however deep it lies."""
    path = Path("/", *["folder"] * 30, "blade-7.tar")
    assert shown_path(path).endswith("/blade-7.tar'")
    assert shown(str(path)).endswith("'...")


def test_path_is_harmless_and_bounded() -> None:
    """On one line, escaped, and not without end."""
    assert shown_path("a\nb\x1b[2J") == r"'a\nb\x1b[2J'"
    assert len(shown_path("a" * 10_000)) < 600


def test_text_of_several_lines_is_cut_between_two() -> None:
    """So that no half of an XML element stands there; a line that is too long is cut all the
    same."""
    lines = "12345678\n" * 4
    assert shorten(lines, 20) == "12345678\n12345678\n... (19 more characters in the record)"
    assert shorten("ab\n" + "c" * 40, 20).startswith("ab\n" + "c" * 17 + " ... (23 more")
    assert (
        shorten("c" * 40, 20, "in the file") == "c" * 20 + " ... (20 more characters in the file)"
    )


def test_no_element_is_cut_in_two() -> None:
    """What is shown of a remedy can be copied; a lone sign early in a text does not empty it."""
    assert shorten("write in it <a b='c'/> there", 18).startswith("write in it ... (16 more")
    assert shorten("write <a/> in it there", 12).startswith("write <a/> i ... (10 more")
    assert shorten("2 < 3 and so on without end", 20).startswith("2 < 3 and so on with ... (7")
