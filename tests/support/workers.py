"""How the tests are spread over processes, as many as the machine has cores (pytest-xdist).

A file's tests stay together, since they share what its fixtures make, and so do the lab's. One
process begins with the lab and waits for it, while its QEMU has that process's core.
"""

from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

LAB = "tests/lab/"
ALONE = f"{LAB}test_machine.py"  # boots guests of its own


def is_of_the_lab(nodeid: str) -> bool:
    """Whether it looks at what the lab's one run left."""
    return nodeid.startswith(LAB) and not nodeid.startswith(ALONE)


def kept_together(nodeid: str) -> str:
    """The name of the tests that one process runs, this one among them."""
    return LAB if is_of_the_lab(nodeid) else nodeid.partition("::")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Hands out what is collected first first."""
    config.option.loadscopereorder = False
    scheduler = LoadFileScheduling(config, log)
    scheduler._split_scope = kept_together
    return scheduler


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In one of several processes the lab comes first; in one alone it comes where its folder
    does."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: not is_of_the_lab(item.nodeid))
