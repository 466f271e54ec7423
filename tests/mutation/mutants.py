"""What is changed in a source: its conditions, one at a time.

For each condition, the changes that no other one on it implies: the whole fixed to True and to
False; of `and`, `or` and a chain of comparisons, one operand left out; a bound moved by one; `any`
for `all`, `min` for `max`; a `case` that matches nothing, an `except` that catches nothing.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

SIGNS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
}
BOUNDS = {"<": ("<=",), "<=": ("<",), ">": (">=",), ">=": (">",), "==": ("<=", ">=")}
NUMERIC_CALLS = ("len", "sum", "max", "min", "int")
SWAPPED = {"any": "all", "all": "any", "min": "max", "max": "min"}
TRUTHS = ("isinstance", "any", "all", "bool")
NEVER = "ZeroDivisionError"  # in an `except`: nothing here divides

Edit = tuple[ast.AST, str]


class Place(Enum):
    """Where an expression stands: where its truth decides, as an operand of what stands there, or
    where it is a value."""

    CONDITION = auto()
    OPERAND = auto()
    VALUE = auto()


@dataclass(frozen=True, slots=True)
class Mutant:
    """`source` is the whole module with `was`, in `function` on `lines`, changed to `becomes`."""

    function: str
    lines: range
    was: str
    becomes: str
    source: str


def mutants(source: str) -> list[Mutant]:
    """Every mutant of a module, in the order of its lines."""
    text = _Text(source)
    made = (text.mutant(function, *edit) for function, edit in _edits(ast.parse(source), text))
    return sorted({m.source: m for m in made}.values(), key=lambda m: m.lines.start)


class _Text:
    """A source whose nodes can be cut out: their columns count bytes."""

    def __init__(self, source: str) -> None:
        self._source = source.encode()
        lengths = [len(line) for line in self._source.splitlines(keepends=True)]
        self._starts = [sum(lengths[:n]) for n in range(len(lengths))]

    def of(self, node: ast.AST) -> str:
        start, end = self._span(node)
        return self._source[start:end].decode()

    def mutant(self, function: str, node: ast.AST, new: str) -> Mutant:
        start, end = self._span(node)
        source = self._source[:start] + new.encode() + self._source[end:]
        was = self.of(node)
        first = self._source[:start].count(b"\n") + 1
        lines = range(first, first + was.count("\n") + 1)
        return Mutant(function, lines, _one_line(was), _one_line(new), source.decode())

    def _span(self, node: ast.AST) -> tuple[int, int]:
        assert isinstance(node, ast.expr | ast.pattern)
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        start = self._starts[node.lineno - 1] + node.col_offset
        return start, self._starts[node.end_lineno - 1] + node.end_col_offset


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _edits(
    node: ast.AST, text: _Text, function: str = "", place: Place = Place.VALUE
) -> Iterator[tuple[str, Edit]]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        function = f"{function}.{node.name}" if function else node.name
    for edit in _edits_of(node, text, place):
        yield function, edit
    conditions = {id(child) for child in _conditions(node)}
    operands = isinstance(node, ast.BoolOp | ast.UnaryOp)
    for child in ast.iter_child_nodes(node):
        inner = Place.CONDITION if id(child) in conditions else Place.VALUE
        if operands and (place is not Place.VALUE or not isinstance(node, ast.BoolOp)):
            inner = Place.OPERAND
        yield from _edits(child, text, function, inner)


def _conditions(node: ast.AST) -> list[ast.expr]:
    """What of a node is asked for nothing but its truth."""
    match node:
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            return [test]
        case ast.comprehension(ifs=ifs):
            return ifs
        case ast.match_case(guard=ast.expr() as guard):
            return [guard]
        case ast.Call(func=ast.Name(id="any" | "all"), args=[ast.GeneratorExp(elt=elt)]):
            return [elt]
    return []


def _edits_of(node: ast.AST, text: _Text, place: Place) -> Iterator[Edit]:
    match node:
        case ast.BoolOp(op=op, values=values):
            sign = " or " if isinstance(op, ast.Or) else " and "
            # `or ""` is for the type alone
            needed = values[:-1] if _is_empty(values[-1]) else values
            for left_out in needed:
                rest = [f"({text.of(v)})" for v in values if v is not left_out]
                yield node, f"({sign.join(rest)})"
        case ast.Compare():
            yield from _edits_of_comparison(node, text)
        case ast.Call(func=ast.Name(id=name) as called) if name in SWAPPED:
            yield called, SWAPPED[name]
        case ast.ExceptHandler(type=ast.expr() as caught):
            yield caught, NEVER
        case ast.match_case(pattern=ast.MatchAs(pattern=None)):
            pass  # catches all, or all that its guard lets pass
        case ast.match_case(pattern=pattern, guard=None):
            yield pattern, f"{text.of(pattern)} if False"
    if place is Place.CONDITION or (place is Place.VALUE and _is_truth(node)):
        yield node, "True"
        yield node, "False"


def _edits_of_comparison(node: ast.Compare, text: _Text) -> Iterator[Edit]:
    operands, signs = [node.left, *node.comparators], [SIGNS[type(op)] for op in node.ops]
    for n, sign in enumerate(signs):
        numeric = sign != "==" or any(map(_is_number, operands[n : n + 2]))
        for bound in BOUNDS.get(sign, ()) if numeric else ():
            yield node, _chain(operands, [*signs[:n], bound, *signs[n + 1 :]], text)
    if len(signs) > 1:
        for n in range(len(signs)):
            left = _chain(operands[: n + 1], signs[:n], text)
            right = _chain(operands[n + 1 :], signs[n + 1 :], text)
            yield node, f"({' and '.join(part for part in (left, right) if part)})"
    for operand in operands:
        if isinstance(operand, ast.Constant) and type(operand.value) is int:
            yield operand, str(operand.value + 1)
            yield operand, str(operand.value - 1)


def _chain(operands: list[ast.expr], signs: list[str], text: _Text) -> str:
    """The comparison; empty where one operand is all that is left of it."""
    if not signs:
        return ""
    first, *rest = (f"({text.of(operand)})" for operand in operands)
    return f"({first}{''.join(f' {s} {o}' for s, o in zip(signs, rest, strict=True))})"


def _is_empty(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == ""


def _is_number(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=value):
            return type(value) is int
        case ast.Call(func=ast.Name(id=name)):
            return name in NUMERIC_CALLS
    return False


def _is_truth(node: ast.AST) -> bool:
    match node:
        case ast.Compare() | ast.UnaryOp(op=ast.Not()):
            return True
        case ast.Call(func=ast.Name(id=name)):
            return name in TRUTHS
    return False
