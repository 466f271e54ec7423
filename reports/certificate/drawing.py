"""The drawing of a host, as boxes and lines with their places; the page's template writes the SVG.

Rows are of one height. A PF, a VIC and a fabric interconnect are tall boxes beside their rows, and
so is a VM beside the rows of its interfaces. A column in which nothing stands is left out.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby, pairwise
from typing import TypeVar
from unicodedata import east_asian_width

from vmfex.checks.inventory.parts import Inventory
from vmfex.reports.certificate.rows import NO_VIC, Cell, Marks, Row, rows_of

COLUMNS = (  # heading, width; between them a gap for the lines
    ("VM", 150),
    ("in the guest", 128),
    ("on the host", 156),
    ("VF or vNIC", 158),
    ("PF", 128),
    ("VIC", 116),
    ("port profile, veth", 144),
    ("fabric", 116),
)
GAP, ROW, BOX, TOP = 22, 44, 36, 26
EDGE = 2  # around it all: a thick border is drawn to both sides of its line
TITLE, DETAIL = 12, 11  # sizes of text, as the page and the paper have them
GUEST_CELLS = 4
VM_COLUMN, PF_COLUMN, VIC_COLUMN, VETH_COLUMN, FABRIC_COLUMN = 0, 4, 5, 6, 7


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

    @property
    def path(self) -> str:
        """As SVG draws it."""
        return f"M{self.x1} {self.y}H{self.x2}"


@dataclass(frozen=True, slots=True)
class Heading:
    x: int
    text: str


@dataclass(frozen=True, slots=True)
class Drawing:
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    headings: tuple[Heading, ...]
    width: int


def draw(inventory: Inventory, marks: Marks) -> Drawing | None:
    """None where the host has neither a VIC nor a VM-FEX interface that could be drawn."""
    rows = rows_of(inventory, marks)
    if not rows:
        return None
    there = [*_rows(rows), *_tall(rows, inventory, marks), *_fabric(rows, inventory, marks)]
    used = sorted({column for column, _ in there})
    x, width = {}, EDGE
    for column in used:
        x[column] = width
        width += COLUMNS[column][1] + GAP
    return Drawing(
        TOP + ROW * len(rows) - (ROW - BOX) + EDGE,
        tuple(replace(box, x=x[column]) for column, box in there),
        tuple(_lines(rows, x)),
        tuple(Heading(x[column], COLUMNS[column][0]) for column in used),
        width - GAP + EDGE,
    )


def _y(row: int) -> int:
    return TOP + ROW * row


R = TypeVar("R")
K = TypeVar("K")
Placed = tuple[int, Box]  # the column, and the box without its x


def _box(column: int, row: int, cell: Cell, rows: int = 1) -> Placed:
    width = COLUMNS[column][1]
    whole = f"{cell.title}: {cell.detail}" if cell.detail else cell.title
    whole += f" ({cell.mark})" if cell.mark else ""
    title = _cut(cell.title, (width - 14) / TITLE - (2 if cell.mark else 0))
    detail = _cut(cell.detail, (width - 14) / DETAIL)
    height = BOX + ROW * (rows - 1)
    return column, Box(0, _y(row), width, height, title, detail, cell.mark, whole)


def _cut(text: str, room: float) -> str:
    """As much of the text as there is room for, in sizes of its letters."""
    for place, letter in enumerate(text):
        room -= _width(letter)
        if room < 0:
            return f"{text[: max(place - 1, 0)]}…"
    return text


@lru_cache(maxsize=512)
def _width(letter: str) -> float:
    """In a wide font, as DejaVu Sans."""
    if east_asian_width(letter) in "WF" or letter in "WM@%mw":
        return 1.0
    if letter in " .,:;|'()[]/-fijlrtI":
        return 0.42
    return 0.76 if letter.isupper() else 0.63


def _rows(rows: Sequence[Row]) -> Iterator[Placed]:
    for number, row in enumerate(rows):
        for column, cell in enumerate(row.cells[:GUEST_CELLS]):
            if cell is not None and column != VM_COLUMN:
                yield _box(column, number, cell)
        if (veth := row.cells[GUEST_CELLS]) is not None:
            yield _box(VETH_COLUMN, number, veth)
    for (cell, _), start, number in _runs(list(enumerate(rows)), _vm_of):
        if cell is not None:
            yield _box(VM_COLUMN, start, cell, number)


def _vm_of(numbered: tuple[int, Row]) -> tuple[Cell | None, int]:
    """What rows of one VM have in common; what is only counted has nothing in common."""
    number, row = numbered
    return row.cells[0], -1 if row.cells[1] else number


def _tall(rows: Sequence[Row], inventory: Inventory, marks: Marks) -> Iterator[Placed]:
    functions = {f.address: f for f in inventory.functions}
    adapters = {a.address: a for a in inventory.adapters}
    for (_, pf), start, number in _runs(rows, lambda row: (row.adapter, row.pf)):
        if (function := functions.get(pf)) is not None:
            names = ", ".join([*function.netdevs[:1], function.driver or "no driver"])
            title = f"{function.kind} {pf.removeprefix('0000:')}"
            yield _box(PF_COLUMN, start, Cell(title, names, marks.get(function.label, "")), number)
    for address, start, number in _runs(rows, lambda row: row.adapter):
        if (adapter := adapters.get(address)) is not None:
            title = f"VIC {adapter.model}" if adapter.model else "VIC"
            cell = Cell(title, f"at {address.removeprefix('0000:')}", marks.get(adapter.label, ""))
            yield _box(VIC_COLUMN, start, cell, number)


def _runs(rows: Sequence[R], key: Callable[[R], K]) -> Iterator[tuple[K, int, int]]:
    """Each run of rows that are alike: what is alike, the first row, and how many there are."""
    start = 0
    for value, group in groupby(rows, key):
        number = len(list(group))
        yield value, start, number
        start += number


def _fabric(rows: Sequence[Row], inventory: Inventory, marks: Marks) -> Iterator[Placed]:
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


def _lines(rows: Sequence[Row], x: Mapping[int, int]) -> Iterator[Line]:
    """From each box to its neighbour on the right. A VIC on which no VM stands is on the fabric
    all the same."""
    with_veth = {row.adapter for row in rows if row.cells[GUEST_CELLS] is not None}
    for number, row in enumerate(rows):
        y = _y(number) + BOX // 2
        there = [column for column, cell in enumerate(row.cells[:GUEST_CELLS]) if cell]
        there += [PF_COLUMN] if row.pf else []
        there += [VIC_COLUMN] if row.adapter else []
        if row.cells[GUEST_CELLS] is not None and row.adapter:
            there += [VETH_COLUMN, FABRIC_COLUMN]
        elif row.adapter and row.adapter not in with_veth:
            with_veth.add(row.adapter)
            there += [FABRIC_COLUMN]
        for left, right in pairwise(column for column in there if column in x):
            yield Line(x[left] + COLUMNS[left][1], x[right], y)
