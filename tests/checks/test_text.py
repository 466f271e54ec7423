"""Text from outside, as sentences quote it."""

from pathlib import Path

from vmfex.checks.text import shown, shown_path


def test_path_keeps_its_end() -> None:
    """A message about a file names the file, however deep it lies."""
    path = Path("/", *["folder"] * 30, "blade-7.tar")
    assert shown_path(path).endswith("/blade-7.tar'")
    assert shown(str(path)).endswith("'...")


def test_path_is_harmless_and_bounded() -> None:
    """On one line, escaped, and not without end."""
    assert shown_path("a\nb\x1b[2J") == r"'a\nb\x1b[2J'"
    assert len(shown_path("a" * 10_000)) < 600
