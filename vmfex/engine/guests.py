"""`--guest NAME=FILE`: captures that were taken inside a host's VMs."""

from collections.abc import Iterable
from pathlib import Path

from vmfex.errors import UsageError


def guests(words: Iterable[str]) -> dict[str, Path]:
    """Each guest's capture by the name or UUID of its domain. Raises UsageError."""
    found: dict[str, Path] = {}
    for word in words:
        name, _, file = word.partition("=")
        if not name or not file:
            raise UsageError(f"--guest takes NAME=FILE, a VM and its capture, and not {word!a}")
        if name in found:
            raise UsageError(f"--guest names {name!a} twice")
        found[name] = Path(file)
    return found
