"""Inventories as tests write them."""

from pathlib import Path

import pytest

from vmfex.errors import UsageError
from vmfex.fleet.inventory import read_inventory
from vmfex.fleet.settings import Entry


def entries(folder: Path, text: str) -> tuple[Entry, ...]:
    file = folder / "site"
    file.write_text(text, encoding="utf-8")
    return read_inventory(file)


def refused(folder: Path, text: str) -> str:
    with pytest.raises(UsageError) as raised:
        entries(folder, text)
    [line] = str(raised.value).splitlines()
    return line.replace(f"{folder}/", "")
