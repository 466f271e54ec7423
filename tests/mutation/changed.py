"""A mutant in place of a module that is imported already: its functions get other code."""

import gc
from collections.abc import Iterator, Sequence
from types import CodeType, FunctionType

Key = tuple[str, int]  # a function's qualified name and its first line


def all_functions() -> dict[str, list[FunctionType]]:
    """Every function that there is, by the file of its code."""
    found: dict[str, list[FunctionType]] = {}
    for o in gc.get_objects():
        if isinstance(o, FunctionType):
            found.setdefault(o.__code__.co_filename, []).append(o)
    return found


class Functions:
    """The functions that a module has made. A function within one is part of its code. Every line
    of a mutant is where it was."""

    def __init__(self, path: str, functions: Sequence[FunctionType]) -> None:
        self._path, self._functions = path, functions

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
