"""Mutants that no test can kill, each with the reason: `explained.toml`."""

import tomllib
from collections.abc import Collection
from pathlib import Path

from tests.mutation.mutants import Mutant

FILE = Path(__file__).with_name("explained.toml")
Change = tuple[str, str, str, str]


def explained() -> Collection[Change]:
    """By file, function, and the change, whatever its line."""
    tables = tomllib.loads(FILE.read_text())["mutant"]
    for table in tables:
        if not table["why"]:
            raise ValueError(f"{table['file']}: {table['was']}: no reason")
    return {(t["file"], t["function"], t["was"], t["becomes"]) for t in tables}


def change(path: str, mutant: Mutant) -> Change:
    return path, mutant.function, mutant.was, mutant.becomes
