"""A mutant in place of a module that is imported already: its functions get other code."""

import gc
from collections.abc import Iterator, Sequence
from types import CodeType, FunctionType

Key = tuple[str, int]  # a function's qualified name and its first line


class Functions:
    """The functions that a module has made, by what their code is called. A function within one is
    part of its code. Every line of a mutant is where it was."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._functions = [
            o
            for o in gc.get_objects()
            if isinstance(o, FunctionType) and o.__code__.co_filename == self._path
        ]

    def changed_by(self, source: str) -> Sequence[tuple[FunctionType, CodeType]]:
        """The functions that a mutant changes, each with its new code."""
        codes = {_key(code): code for code in _codes(compile(source, self._path, "exec"))}
        new = ((function, codes[_key(function.__code__)]) for function in self._functions)
        changed = [(function, code) for function, code in new if code != function.__code__]
        if not changed:
            raise ValueError(f"{self._path}: a mutant that changes no function")
        return changed


def _key(code: CodeType) -> Key:
    return code.co_qualname, code.co_firstlineno


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)
