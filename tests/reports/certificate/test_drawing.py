"""The drawing of a host: what is a row, what is folded, where boxes stand."""

from dataclasses import replace
from itertools import combinations

import pytest

from vmfex.api import certify
from vmfex.checks.inventory.parts import Adapter, Function, Interface, Inventory, Vm
from vmfex.evidence.embedded import embedded_hosts
from vmfex.reports.certificate.drawing import Box, draw
from vmfex.reports.certificate.page import marks_of
from vmfex.reports.certificate.rows import MOST_ROWS, Cell, rows_of

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
    """200 VMs: as many as there is room for, and what is only counted carries the mark too."""
    host = _host(256, *(_vm(n, (f"{n}",)) for n in range(1, 201)))
    marks = {f"domain vm{n}": "violated" for n in range(200, 200 - marked, -1)}
    rows = rows_of(host, marks)
    drawn = [row for row in rows if row.cells[1]]
    assert len(drawn) == MOST_ROWS
    assert sum(bool(row.mark) for row in drawn) == min(marked, MOST_ROWS)
    [left] = [row.cells[0] for row in rows if row.cells[0] and not row.cells[1]]
    assert left.title == f"{200 - MOST_ROWS} more VM interfaces"
    hidden = max(marked - MOST_ROWS, 0)
    assert left.detail == (f"{hidden} with a finding" if hidden else "without a finding")
    assert left.mark == ("violated" if hidden else "")


def test_a_finding_on_what_vms_share_keeps_no_row() -> None:
    """All 200 name one port profile that is violated: its boxes are marked, and the drawing does
    not get longer."""
    vms = [
        replace(vm, interfaces=(replace(vm.interfaces[0], profile="web"),))
        for vm in (_vm(n, (f"{n}",)) for n in range(1, 201))
    ]
    rows = rows_of(_host(256, *vms), {"port profile web": "violated"})
    assert len(rows) <= MOST_ROWS + 2
    assert all(row.cells[4].mark == "violated" for row in rows if row.cells[4])


def test_idle_functions_with_findings_are_counted_where_they_are_too_many() -> None:
    """Each of 256 VFs is violated."""
    rows = rows_of(_host(256), {f"VF {n}": "violated" for n in range(1, 257)})
    assert len(rows) == MOST_ROWS + 1
    assert rows[-1].cells[3] == Cell("224 more functions", "224 with a finding", "violated")


def test_a_vm_is_one_box_beside_all_of_its_interfaces() -> None:
    """Two interfaces on two VFs of one PF."""
    one = _vm(1, ("1",))
    second = replace(one.interfaces[0], label="other", functions=("2",))
    drawing = draw(_host(4, replace(one, interfaces=(*one.interfaces, second))), {})
    assert drawing is not None
    [vm] = [box for box in drawing.boxes if box.title == "vm1"]
    assert vm.height > max(box.height for box in drawing.boxes if box.title == "VF")


def test_a_host_without_vms_is_drawn_without_their_columns() -> None:
    """Its VIC stands on the fabric all the same."""
    inventory = replace(_host(4), adapters=(Adapter("switch", "VIC", "1340"),))
    drawing = draw(inventory, {})
    assert drawing is not None
    assert [heading.text for heading in drawing.headings] == ["VF or vNIC", "PF", "VIC", "fabric"]
    assert len(drawing.lines) == 3


@pytest.mark.parametrize(
    "name", ["w" * 60, "W" * 60, "虚拟机" * 20, "vm.example.org" * 5, "i" * 15]
)
def test_a_long_name_is_cut_to_its_box(name: str) -> None:
    """By letters as wide as DejaVu Sans has them at 12 units; whole where a pointer is."""
    drawing = draw(_host(1, replace(_vm(1, ("1",)), name=name)), {})
    assert drawing is not None
    [box] = [box for box in drawing.boxes if box.whole.startswith(name)]
    widths = {"w": 9.8, "W": 11.9, "虚": 12, "拟": 12, "机": 12, "i": 3.3, ".": 3.8}
    assert sum(widths.get(letter, 7.4) for letter in box.title) <= box.width - 7
    assert (box.title == name) is (len(name) == 15)


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
