"""Which lines of the program an input runs: of a sample, since it takes many times as long."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).parents[2]
ROOMS = tuple(f"{ROOT / room}/" for room in ("checks", "evidence", "reports", "steps", "vmfex"))
Line = tuple[str, int]


class Coverage:
    """`seen` grows with every input that is watched."""

    def __init__(self) -> None:
        self.seen: set[Line] = set()
        self._ours: dict[str, bool] = {}

    @contextmanager
    def watching(self) -> Iterator[None]:
        sys.settrace(self._call)
        try:
            yield
        finally:
            sys.settrace(None)

    def _call(self, frame: FrameType, event: str, argument: Any) -> Callable[..., Any] | None:
        file = frame.f_code.co_filename
        if file not in self._ours:
            self._ours[file] = file.startswith(ROOMS) and not file.startswith(f"{ROOT}/.venv")
        return self._line if self._ours[file] else None

    def _line(self, frame: FrameType, event: str, argument: Any) -> Callable[..., Any]:
        self.seen.add((frame.f_code.co_filename, frame.f_lineno))
        return self._line
