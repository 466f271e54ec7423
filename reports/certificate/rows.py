"""What the drawing of a host shows, row by row: one VM interface, or what is folded into one.

From the VM through VirtIO and macvtap, or its own enic and VFIO, to the VF, its PF, the VIC, and
the veth on the fabric, as Figures 1 and 2 of the guide show it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from vmfex.checks.inventory.parts import Function, Interface, Inventory, Vm

MOST_ROWS = 32  # more make a page that nobody looks through: the rest is counted
MARKS = ("violated", "undetermined", "waived", "advice")  # the worst first
OWN_CELLS = 4  # of a row: all but the port profile
NO_VIC = ""  # the adapter of what stands on none
Marks = Mapping[str, str]  # the worst of the findings on each label


@dataclass(frozen=True, slots=True)
class Cell:
    """A box's two lines, and its mark: violated, undetermined, waived, advice or none."""

    title: str
    detail: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """`adapter` and `pf` say to which of the tall boxes it belongs. Cells from left to right: VM,
    guest's interface, what is between, function, and veth; None where there is nothing."""

    adapter: str
    pf: str
    cells: tuple[Cell | None, ...]

    @property
    def mark(self) -> str:
        """The worst of the row's own: a port profile is not one VM's alone."""
        marks = [cell.mark for cell in self.cells[:OWN_CELLS] if cell and cell.mark]
        return min(marks, key=MARKS.index, default="")


def rows_of(inventory: Inventory, marks: Marks) -> list[Row]:
    """Rows in the order of adapters and PFs; VM interfaces that stand on no function come last."""
    by_address = {f.address: f for f in inventory.functions}
    placed: dict[tuple[str, str], list[Row]] = {}
    used: set[str] = set()
    for vm in inventory.vms:
        for interface in _once(vm):
            first = by_address.get(interface.functions[0]) if interface.functions else None
            if not interface.pooled:
                used.update(interface.functions)
            row = _row(vm, interface, first, marks)
            placed.setdefault((row.adapter, row.pf), []).append(row)
    for function in inventory.functions:
        if function.kind in ("PF", "static vNIC"):
            placed.setdefault((function.adapter, function.address), [])
    rows: list[Row] = []
    for key in sorted(placed, key=lambda key: (not key[0], key)):
        idle = [f for f in by_address.values() if _place(f) == key and f.address not in used]
        rows += [*placed[key], *_idle(key, [f for f in idle if f.address != key[1]], marks)]
    return rows if len(rows) <= MOST_ROWS else list(_folded(rows))


def _once(vm: Vm) -> Iterator[Interface]:
    """Its VM-FEX interfaces; of one that runs and is kept, the running one."""
    running = {i.mac for i in vm.interfaces if i.state == "running" and i.mac}
    for interface in vm.interfaces:
        if interface.topology and not (interface.state != "running" and interface.mac in running):
            yield interface


def _place(function: Function | None) -> tuple[str, str]:
    if function is None:
        return NO_VIC, ""
    return function.adapter, function.pf or (
        function.address if function.kind in ("PF", "static vNIC") else ""
    )


def _row(vm: Vm, interface: Interface, function: Function | None, marks: Marks) -> Row:
    state = "running" if vm.running else "shut off"
    state += ", no PCI slot" if vm.free_slots == 0 else ""
    of_vm = _worst(marks, vm.label, *(f"{vm.label} ({s})" for s in ("running", "persistent")))
    mark = marks.get(interface.label, "")
    hostdev = interface.way in ("hostdev", "bare hostdev")
    guest = Cell("enic" if hostdev else interface.model or "no model", interface.mac, mark)
    between = Cell("VFIO", interface.way) if hostdev else Cell("macvtap", _macvtap(interface))
    veth = ", ".join(interface.veths)
    named = Cell(
        f"profile {interface.profile}" if interface.profile else "no port profile",
        f"veth {veth}" if veth else "",
        marks.get(f"port profile {interface.profile}", ""),
    )
    return Row(
        *_place(function),
        (
            Cell(vm.name, state if vm.in_scope else f"{state}, out of scope", of_vm),
            guest,
            between,
            _function(interface, function, marks),
            named,
        ),
    )


def _worst(marks: Marks, *labels: str) -> str:
    return min((marks[label] for label in labels if label in marks), key=MARKS.index, default="")


def _macvtap(interface: Interface) -> str:
    return " ".join(filter(None, [interface.macvtap, interface.mode or "mode not told"]))


def _function(interface: Interface, function: Function | None, marks: Marks) -> Cell:
    if function is None:
        return Cell("not known", "what it stands on was not read", "undetermined")
    if interface.pooled and len(interface.functions) > 1:
        several = f"one of {len(interface.functions)}"
        return Cell(several, f"pool {interface.network}", marks.get(function.label, ""))
    return _cell(function, marks)


def _cell(function: Function, marks: Marks) -> Cell:
    number = f" {function.number}" if function.number is not None else ""
    names = ", ".join([*function.netdevs[:1], function.driver or "no driver"])
    title = f"{function.kind}{number}" if function.kind != "PF" else "the PF itself"
    return Cell(
        title, f"{function.address.removeprefix('0000:')} {names}", marks.get(function.label, "")
    )


def _idle(key: tuple[str, str], functions: list[Function], marks: Marks) -> Iterator[Row]:
    """Functions that no interface is known to stand on: those with a finding, the others in one."""
    plain = [f for f in functions if not marks.get(f.label)]
    for function in (f for f in functions if marks.get(f.label)):
        yield Row(*key, (None, None, None, _cell(function, marks), None))
    kinds = sorted({f.kind for f in plain})
    if plain:
        what = kinds[0] if len(kinds) == 1 else "function"
        several = f"{len(plain)} {what}{'s' if len(plain) > 1 else ''}"
        yield Row(*key, (None, None, None, Cell(several, "not used by a VM now"), None))


def _folded(rows: Sequence[Row]) -> Iterator[Row]:
    """The worst and the first, as many as there is room for; of each PF the rest is counted."""
    single = [n for n, row in enumerate(rows) if row.cells[0] or row.mark]
    ranked = sorted(single, key=lambda n: [*MARKS, ""].index(rows[n].mark))
    left_out = set(ranked[MOST_ROWS:])
    for (adapter, pf), group in groupby(enumerate(rows), lambda each: _key(each[1])):
        numbered = list(group)
        yield from (row for n, row in numbered if n not in left_out)
        left = [row for n, row in numbered if n in left_out]
        of_vms = [row for row in left if row.cells[0]]
        idle = [row for row in left if not row.cells[0]]
        if left:
            vms = _rest(of_vms, "VM interface")
            yield Row(adapter, pf, (vms, None, None, _rest(idle, "function"), None))


def _key(row: Row) -> tuple[str, str]:
    return row.adapter, row.pf


def _rest(rows: Sequence[Row], what: str) -> Cell | None:
    if not rows:
        return None
    marked = [row.mark for row in rows if row.mark]
    detail = f"{len(marked)} with a finding" if marked else "without a finding"
    several = f"{len(rows)} more {what}{'s' if len(rows) > 1 else ''}"
    return Cell(several, detail, min(marked, key=MARKS.index, default=""))
