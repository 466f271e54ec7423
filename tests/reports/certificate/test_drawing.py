"""The drawing of a host: what is a row, what is folded, where boxes stand."""

from itertools import combinations

import pytest

from vmfex.api import certify
from vmfex.checks.inventory.parts import Function, Interface, Inventory, Vm
from vmfex.evidence.embedded import embedded_hosts
from vmfex.reports.certificate.drawing import Box, draw
from vmfex.reports.certificate.page import marks_of
from vmfex.reports.certificate.rows import MOST_ROWS, rows_of

EMULATION = "SR-IOV with MacVTap passthrough"


def _vm(number: int, functions: tuple[str, ...], *, pooled: bool = False) -> Vm:
    name = f"vm{number}"
    interface = Interface(name, "running", "macvtap", EMULATION, functions=functions, pooled=pooled)
    return Vm(name, f"domain {name}", name, running=True, interfaces=(interface,))


def _host(vfs: int, *vms: Vm) -> Inventory:
    functions = [Function("0", "PF", "PF", "1137:0043", "switch")]
    functions += [
        Function(f"{n}", f"VF {n}", "VF", "1137:0071", "switch", pf="0") for n in range(1, vfs + 1)
    ]
    return Inventory(functions=tuple(functions), vms=vms)


def test_each_vm_interface_has_a_row_and_idle_vfs_share_one() -> None:
    """Of eight VFs two are used."""
    rows = rows_of(_host(8, _vm(1, ("1",)), _vm(2, ("2",))), {})
    titles = [[cell.title for cell in row.cells if cell] for row in rows]
    assert titles[0][:4] == ["vm1", "no model", "macvtap", "VF"]
    assert titles[-1] == ["6 VFs"]
    assert len(rows) == 3


def test_a_pool_leaves_open_which_vf_it_is() -> None:
    """One of three; none of them is drawn as used."""
    rows = rows_of(_host(3, _vm(1, ("1", "2", "3"), pooled=True)), {})
    assert rows[0].cells[3] is not None
    assert rows[0].cells[3].title == "one of 3"
    assert rows[1].cells[3] is not None
    assert rows[1].cells[3].title == "3 VFs"


def test_an_interface_whose_function_is_not_known_is_drawn_as_that() -> None:
    """Never as fine."""
    [row] = [r for r in rows_of(_host(0, _vm(1, ())), {}) if r.cells[0]]
    assert row.cells[3] is not None
    assert row.cells[3].mark == "undetermined"


def test_an_idle_vf_with_a_finding_has_a_row_of_its_own() -> None:
    """It is not hidden in the fold."""
    rows = rows_of(_host(4), {"VF 3": "violated"})
    assert [[c.mark for c in row.cells if c] for row in rows] == [["violated"], [""]]


@pytest.mark.parametrize("marked", [0, 5, 100])
def test_of_many_rows_those_with_a_finding_are_kept(marked: int) -> None:
    """200 VMs: every marked one is drawn, the others are counted."""
    host = _host(256, *(_vm(n, (f"{n}",)) for n in range(1, 201)))
    marks = {f"domain vm{n}": "violated" for n in range(200, 200 - marked, -1)}
    rows = rows_of(host, marks)
    assert sum(row.marked for row in rows) == marked
    assert len(rows) <= max(MOST_ROWS, marked + 8) + 2
    drawn = sum(1 for row in rows if row.cells[1])
    [left] = [
        row.cells[0].title for row in rows if row.cells[0] and "more VM" in row.cells[0].title
    ]
    assert left == f"{200 - drawn} more VM interfaces"


@pytest.mark.parametrize("host", embedded_hosts())
def test_no_box_covers_another(host: str) -> None:
    """On every recorded host, and all stand within the drawing."""
    of = certify(host).certification
    drawing = draw(of.inventory, marks_of(of))
    if drawing is None:
        assert not of.inventory.functions
        return
    assert all(box.x + box.width <= drawing.width for box in drawing.boxes)
    assert all(box.y + box.height <= drawing.height for box in drawing.boxes)
    assert not [pair for pair in combinations(drawing.boxes, 2) if _overlap(*pair)]


def _overlap(one: Box, other: Box) -> bool:
    beside = one.x + one.width <= other.x or other.x + other.width <= one.x
    above = one.y + one.height <= other.y or other.y + other.height <= one.y
    return not (beside or above)
