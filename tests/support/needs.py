"""What a test needs and the machine may not have."""

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest


def missing(what: str) -> NoReturn:
    """Skips the test that needs `what`; on CI, where set-up must have brought it, fails it."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing: set-up did not bring it")
    pytest.skip(f"{what} is missing (make test installs it)")


def program(*names: str) -> Path:
    """Where the first of these programs is."""
    for name in names:
        if path := shutil.which(name):
            return Path(path)
    missing(" or ".join(names))
