"""Hosts made up as raw evidence, in the layout of docs/recordings.md.

`construct(blade)` makes a tree of files and links from a short description of a host; the
descriptions of the committed ones are in `hosts`. A variant of one is `replace(REFERENCE, ...)`,
or an edit of the tree that it gives. `python -m tests.support.construct` writes fixtures/hosts.
"""

from tests.support.construct.blade import construct
from tests.support.construct.hosts import HOSTS, make
from tests.support.construct.raw import RawTree

__all__ = ["HOSTS", "RawTree", "construct", "make"]
