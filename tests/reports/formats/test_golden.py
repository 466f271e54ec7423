"""What each format makes of a host that has everything, to the letter."""

import pytest

from tests.reports.formats.remake_golden import path_of, shown
from vmfex.reports.formats import MODULES


@pytest.mark.parametrize("name", MODULES)
def test_the_whole_document(name: str) -> None:
    """A change of a format shows in the diff of its golden file."""
    with path_of(name).open(encoding="utf-8", newline="") as stream:
        assert shown(name) == stream.read()
