"""The drawing of a host, as boxes and lines with their places; the page's template writes the SVG.

Rows are of one height. A PF, a VIC and a fabric interconnect are tall boxes beside their rows.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from vmfex.checks.inventory.parts import Inventory
from vmfex.reports.certificate.rows import NO_VIC, Cell, Marks, Row, rows_of

COLUMNS = (  # heading, width; between them a gap for the lines
    ("VM", 150),
    ("in the guest", 132),
    ("on the host", 132),
    ("VF or vNIC", 158),
    ("PF", 140),
    ("VIC", 118),
    ("port profile, veth", 150),
    ("fabric", 120),
)
GAP, ROW, BOX, TOP = 22, 44, 36, 26
CHARACTER = 6.1  # units of width of the small text, on average
GUEST_CELLS = 4
PF_COLUMN, VIC_COLUMN, VETH_COLUMN, FABRIC_COLUMN = 4, 5, 6, 7
WIDTH = sum(width for _, width in COLUMNS) + GAP * (len(COLUMNS) - 1)


@dataclass(frozen=True, slots=True)
class Box:
    x: int
    y: int
    width: int
    height: int
    title: str
    detail: str
    mark: str
    whole: str  # what a pointer over it shows: its texts uncut


@dataclass(frozen=True, slots=True)
class Line:
    x1: int
    x2: int
    y: int


@dataclass(frozen=True, slots=True)
class Drawing:
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    headings: tuple[tuple[int, str], ...]
    width: int = WIDTH


def draw(inventory: Inventory, marks: Marks) -> Drawing | None:
    """None where the host has neither a VIC nor a VM-FEX interface that could be drawn."""
    rows = rows_of(inventory, marks)
    if not rows:
        return None
    boxes = [*_rows(rows), *_tall(rows, inventory, marks), *_fabric(rows, inventory, marks)]
    headings = tuple((_x(n), heading) for n, (heading, _) in enumerate(COLUMNS))
    return Drawing(TOP + ROW * len(rows), tuple(boxes), tuple(_lines(rows)), headings)


def _x(column: int) -> int:
    return sum(width for _, width in COLUMNS[:column]) + GAP * column


def _y(row: int) -> int:
    return TOP + ROW * row


def _box(column: int, row: int, cell: Cell, rows: int = 1) -> Box:
    width = COLUMNS[column][1]
    fits = int((width - 14) / CHARACTER)
    whole = f"{cell.title}: {cell.detail}" if cell.detail else cell.title
    whole += f" ({cell.mark})" if cell.mark else ""
    title, detail = _cut(cell.title, fits - 2), _cut(cell.detail, fits)
    height = BOX + ROW * (rows - 1)
    return Box(_x(column), _y(row), width, height, title, detail, cell.mark, whole)


def _cut(text: str, fits: int) -> str:
    return text if len(text) <= fits else f"{text[: fits - 1]}…"


def _rows(rows: Sequence[Row]) -> Iterator[Box]:
    for number, row in enumerate(rows):
        for column, cell in enumerate(row.cells[:GUEST_CELLS]):
            if cell is not None:
                yield _box(column, number, cell)
        if (veth := row.cells[GUEST_CELLS]) is not None:
            yield _box(VETH_COLUMN, number, veth)


def _tall(rows: Sequence[Row], inventory: Inventory, marks: Marks) -> Iterator[Box]:
    functions = {f.address: f for f in inventory.functions}
    adapters = {a.address: a for a in inventory.adapters}
    for (_, pf), start, number in _runs(rows, lambda row: (row.adapter, row.pf)):
        if (function := functions.get(pf)) is not None:
            names = ", ".join([*function.netdevs[:1], function.driver or "no driver"])
            title = f"{function.kind} {pf.removeprefix('0000:')}"
            yield _box(PF_COLUMN, start, Cell(title, names, marks.get(function.label, "")), number)
    for (address,), start, number in _runs(rows, lambda row: (row.adapter,)):
        if (adapter := adapters.get(address)) is not None:
            title = f"VIC {adapter.model}" if adapter.model else "VIC"
            cell = Cell(title, f"at {address.removeprefix('0000:')}", marks.get(adapter.label, ""))
            yield _box(VIC_COLUMN, start, cell, number)


def _runs(
    rows: Sequence[Row], key: Callable[[Row], tuple[str, ...]]
) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """Each run of rows that are alike: what is alike, the first row, and how many there are."""
    start = 0
    for value, group in groupby(rows, key):
        number = len(list(group))
        yield value, start, number
        start += number


def _fabric(rows: Sequence[Row], inventory: Inventory, marks: Marks) -> Iterator[Box]:
    """The interconnects share the height of the rows that stand on a VIC."""
    on_vic = sum(row.adapter != NO_VIC for row in rows)
    if not on_vic:
        return
    cells = [Cell(i.name, i.model, marks.get(i.label, "")) for i in inventory.interconnects]
    cells = cells or [Cell("fabric", "not asked")]
    if len(cells) > on_vic:
        worst = next((cell.mark for cell in cells if cell.mark), "")
        cells = [Cell(f"{len(cells)} interconnects", cells[0].detail, worst)]
    share = on_vic // len(cells)
    for number, cell in enumerate(cells):
        last = number == len(cells) - 1
        height = on_vic - share * number if last else share
        yield _box(FABRIC_COLUMN, share * number, cell, height)


def _lines(rows: Sequence[Row]) -> Iterator[Line]:
    """From each box to its neighbour on the right."""
    for number, row in enumerate(rows):
        y = _y(number) + BOX // 2
        there = [column for column, cell in enumerate(row.cells[:GUEST_CELLS]) if cell]
        there += [PF_COLUMN] if row.pf else []
        there += [VIC_COLUMN] if row.adapter else []
        if row.cells[GUEST_CELLS] is not None and row.adapter:
            there += [VETH_COLUMN, FABRIC_COLUMN]
        for left, right in pairwise(there):
            yield Line(_x(left) + COLUMNS[left][1], _x(right), y)
