"""Writes fixtures/hosts anew: `python -m tests.support.construct`."""

import shutil
from pathlib import Path

from tests.support.construct.hosts import HOSTS, make

DIRECTORY = Path(__file__).parents[3] / "fixtures" / "hosts"

for name in HOSTS:
    shutil.rmtree(DIRECTORY / name, ignore_errors=True)
    make(name).write(DIRECTORY / name)
    print(DIRECTORY / name)
