"""The matrix of moves, for a person and in the summary."""

from collections.abc import Mapping

from vmfex.checks.model.plan import Topology
from vmfex.checks.rules.migration_matrix import ALL_NAMED, FIRST, Hosts, Matrix, Row
from vmfex.checks.rules.move import Answer, Move, Mover
from vmfex.reports.migration import MOST_HOSTS, MOST_VMS, dump, render

MOVER = Mover("web01", "u1", {Topology.EMULATION: 1}, ("web",))
YES = Move(Answer.POSSIBLE)
NO, OPEN = Move(Answer.NOT_POSSIBLE, ("in lab",)), Move(Answer.UNKNOWN, ("not read",))


def row(name: str = "web01", /, **moves: Move) -> Row:
    return Row("a", Mover(name, "u1", MOVER.topologies, MOVER.profiles), by_move(moves))


def by_move(moves: Mapping[str, Move]) -> dict[Move, Hosts]:
    """Hosts by the move to them."""
    found: dict[Move, list[str]] = {}
    for label, move in moves.items():
        found.setdefault(move, []).append(label)
    return {move: Hosts(len(labels), tuple(labels)) for move, labels in found.items()}


MATRIX = Matrix(("a", "b", "c", "d"), (row(b=YES, c=NO, d=OPEN),), (("d", "refused"),))


def test_a_person_reads_a_matrix() -> None:
    """A sign for each host, and below the reason of whatever is no yes."""
    assert render(MATRIX, 100) == [
        "Live migration by the guide (cluster, port profiles, topology, networks, free functions):",
        "            1  2  3  4",
        "  a  web01  -  +  x  ?",
        "  1 a, 2 b, 3 c, 4 d; + possible, x not possible, ? not known, - where it is",
        "  x in lab: a web01 (3)",
        "  ? not read: a web01 (4)",
        "  d  may have more: refused",
    ]


def test_summary_has_hosts_by_reason() -> None:
    """Every host but the VM's own, once."""
    assert dump(MATRIX) == {
        "vms": [
            {
                "host": "a",
                "domain": "web01",
                "uuid": "u1",
                "topologies": ["SR-IOV with MacVTap passthrough"],
                "possible": ["b"],
                "not_possible": [{"reason": "in lab", "count": 1, "hosts": ["c"]}],
                "unknown": [{"reason": "not read", "count": 1, "hosts": ["d"]}],
                "counts": {"possible": 1, "not_possible": 1, "unknown": 1},
            }
        ],
        "unread": [{"host": "d", "reason": "refused"}],
    }


def test_of_many_hosts_the_summary_has_the_first_reasons() -> None:
    """Its length follows from the number of VMs alone; the counts are of all."""
    labels = tuple(f"h{n}" for n in range(ALL_NAMED + 1))
    moves = {Move(Answer.UNKNOWN, (label,)): Hosts(1, (label,)) for label in labels[1:]}
    [vm] = dump(Matrix(labels, (Row("h0", MOVER, moves),)))["vms"]
    assert [reason["hosts"] for reason in vm["unknown"]] == [[f"h{n}"] for n in range(1, FIRST + 1)]
    assert vm["counts"] == {"possible": 0, "not_possible": 0, "unknown": ALL_NAMED}


def test_reason_of_many_vms_is_said_once() -> None:
    """With the first of them."""
    rows = tuple(row(f"vm{n}", b=NO) for n in range(6))
    *_, last = render(Matrix(("a", "b"), rows), 100)
    assert last == "  x in lab: a vm0 (2), a vm1 (2), a vm2 (2), a vm3 (2) and 2 more"


def test_many_hosts_have_no_columns() -> None:
    """A line for each VM, with the numbers."""
    labels = [f"h{n}" for n in range(MOST_HOSTS + 1)]
    moves = dict.fromkeys(labels[1:], YES) | {"h1": NO}
    [_, line] = render(Matrix(tuple(labels), (Row("a", MOVER, by_move(moves)),)), 100)
    assert line == f"  a  web01: {MOST_HOSTS - 1} hosts possible, 1 not possible, 0 unknown"


def test_many_vms_are_cut() -> None:
    """What is left out is said; the summary has all."""
    rows = tuple(row(f"vm{n}", b=YES) for n in range(MOST_VMS + 7))
    lines = render(Matrix(("a", "b"), rows), 100)
    assert lines[-1] == "  7 more VMs in the summary"
    assert len(dump(Matrix(("a", "b"), rows))["vms"]) == MOST_VMS + 7


def test_hostile_names_and_reasons() -> None:
    """They steer no terminal, and break no line."""
    bad = "x\x1b[31m\n\u202e" + "y" * 100
    move = Move(Answer.NOT_POSSIBLE, (bad,))
    lines = render(Matrix(("a", "b"), (row(bad, b=move),), (("b", bad),)), 60)
    assert all(line.isprintable() and len(line) <= 60 for line in lines)
    dumped = dump(Matrix(("a", "b"), (row("\ud800", b=YES),)))
    assert dumped["vms"][0]["domain"].encode()


def test_columns_that_do_not_fit_are_numbers() -> None:
    """No line is wider than the terminal; reasons name the hosts that have no number then."""
    labels = [f"blade-{n:02}-in-the-second-rack" for n in range(20)]
    moves = dict.fromkeys(labels[1:], YES) | {labels[1]: NO}
    lines = render(Matrix(tuple(labels), (Row(labels[0], MOVER, by_move(moves)),)), 60)
    assert all(len(line) <= 60 for line in lines)
    told = " ".join(" ".join(lines).split())
    assert f"{labels[0]} web01: 18 hosts possible, 1 not possible, 0 unknown" in told
    assert f"x in lab: {labels[0]} web01 ({labels[1]})" in told
