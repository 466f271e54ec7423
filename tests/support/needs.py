"""What a test needs and the machine may not have. On CI nothing is skipped for that."""

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

ON_CI = os.environ.get("CI") == "true"


def lacking(reason: str) -> NoReturn:
    """Skips the test for a reason; on CI, where set-up must have seen to it, fails it."""
    if ON_CI:
        pytest.fail(f"{reason}: on CI nothing is skipped")
    pytest.skip(reason)


def missing(what: str) -> NoReturn:
    """Ends the test that needs `what`, which the set-up installs."""
    lacking(f"{what} is missing (make test installs it)")


def only_where(present: bool, reason: str) -> pytest.MarkDecorator:
    """Marks a test that is skipped where something is not there, and run on CI all the same."""
    return pytest.mark.skipif(not present and not ON_CI, reason=reason)


def program(*names: str) -> Path:
    """Where the first of these programs is."""
    for name in names:
        if path := shutil.which(name):
            return Path(path)
    missing(" or ".join(names))
