"""A host's evidence by what a user calls the host."""

from pathlib import Path

from vmfex.evidence.host_spec import parse_host
from vmfex.evidence.opening import open_tree
from vmfex.evidence.tree import Tree


def opened(host: str | Path) -> Tree:
    """Raises RecordingError, like the program."""
    return open_tree(parse_host(str(host)))
