"""Which VMs could move where: same cluster, port profiles there, topology allows it."""

from dataclasses import replace

import pytest

from vmfex.checks.model.fact import Known, Unknown
from vmfex.checks.model.plan import Topology
from vmfex.checks.rules.migration_matrix import Answer, Move, Mover, Site, matrix, move

UNREAD = Unknown("permission denied")
EMULATION = Mover("web01", "u1", {Topology.EMULATION: 2}, ("web",))
PRIVATE = Mover("app01", "u2", {Topology.PRIVATE: 1}, ("web",))
HOSTDEV = Mover("db01", "u3", {Topology.HOSTDEV: 1}, ("web",))
CLUSTERS = {"uuid-a": "default", "uuid-b": "default", "uuid-c": "lab", "uuid-d": ""}


def site(label: str, **facts: object) -> Site:
    told = {
        "uuid": Known(f"uuid-{label}"),
        "clusters": Known(CLUSTERS),
        "clients": Known({"web": frozenset({"default"}), "old": frozenset()}),
        "release": Known((3, 1)),
        "functions": Known({Topology.EMULATION: 4, Topology.PRIVATE: 4}),
        "movers": (),
    }
    return Site(label, **{**told, **facts})  # type: ignore[arg-type]


A, B = site("a"), site("b")


def test_everything_as_the_guide_wants_it() -> None:
    """Nothing speaks against it."""
    assert move(EMULATION, A, B) == Move(Answer.POSSIBLE)


def test_where_it_is() -> None:
    """The host itself is no destination."""
    assert move(EMULATION, A, A) == Move(Answer.HERE)


@pytest.mark.parametrize(
    ("mover", "there", "why"),
    [
        (HOSTDEV, B, "SR-IOV VF passthrough: live migration is not supported"),
        (PRIVATE, B, "MacVTap direct is not supported from UCS release 2.1 on"),
        (
            replace(EMULATION, topologies={Topology.EMULATION: 1, Topology.HOSTDEV: 1}),
            B,
            "SR-IOV VF passthrough: live migration is not supported",
        ),
        (replace(EMULATION, profiles=("gone",)), B, "there is no port profile gone"),
        (
            replace(EMULATION, profiles=("old", "web")),
            B,
            "the cluster default is not a client of port profile old",
        ),
        (replace(EMULATION, profiles=("", "web")), B, "an interface names no port profile"),
        (
            replace(EMULATION, blocked="PCI device 0000:01:00.0"),
            B,
            "devices of the host are assigned to it: PCI device 0000:01:00.0",
        ),
        (
            EMULATION,
            site("b", functions=Known({Topology.EMULATION: 1, Topology.PRIVATE: 9})),
            "the destination has 1 VFs of VM-FEX, and the VM needs 2",
        ),
    ],
)
def test_what_keeps_it_from_moving(mover: Mover, there: Site, why: str) -> None:
    """One reason each, and what else is unknown does not matter."""
    assert move(mover, A, there) == Move(Answer.NOT_POSSIBLE, (why,))


def test_another_cluster() -> None:
    """Even where the port profile is for both."""
    source = site("a", clients=Known({"web": frozenset({"default", "lab"})}))
    found = move(EMULATION, source, site("c"))
    assert found == Move(
        Answer.NOT_POSSIBLE, ("the destination is in the cluster lab, not default",)
    )


def test_all_that_speaks_against_it_is_said() -> None:
    """Not only the first thing."""
    there = site("c", functions=Known({Topology.EMULATION: 0, Topology.PRIVATE: 0}))
    assert move(EMULATION, A, there).reasons == (
        "the destination is in the cluster lab, not default",
        "the cluster lab is not a client of port profile web",
        "the destination has 0 VFs of VM-FEX, and the VM needs 2",
    )


@pytest.mark.parametrize(
    ("source", "there", "why"),
    [
        (A, site("b", uuid=UNREAD), "the destination's UUID is not known: permission denied"),
        (A, site("x"), "UCS Manager does not know the hypervisor uuid-x"),
        (A, site("d"), "UCS Manager names no cluster for hypervisor uuid-d"),
        (site("a", clusters=UNREAD), B, "the cluster is not known: permission denied"),
        (site("a", uuid=UNREAD), B, "the UUID of its host is not known: permission denied"),
        (
            site("a", clients=UNREAD),
            B,
            "the clients of its port profiles is not known: permission denied",
        ),
        (
            A,
            site("b", functions=UNREAD),
            "what the destination has for it is not known: permission denied",
        ),
        (
            A,
            site("b", uuid=Known("uuid-a")),
            "both hosts have the UUID uuid-a, as if they were one",
        ),
    ],
)
def test_what_is_not_known_is_no_yes(source: Site, there: Site, why: str) -> None:
    """Whatever could not be read leaves it open, and says so."""
    found = move(EMULATION, source, there)
    assert found.answer is Answer.UNKNOWN
    assert why in found.reasons


def test_direct_before_2_1() -> None:
    """MacVTap direct could migrate on releases before 2.1; without a release it is open."""
    assert move(PRIVATE, site("a", release=Known((2, 0))), B) == Move(Answer.POSSIBLE)
    assert move(PRIVATE, site("a", release=UNREAD), B).answer is Answer.UNKNOWN


def test_matrix_has_every_vm_against_every_host() -> None:
    """And says on which host there may be more of them."""
    first = replace(A, movers=(EMULATION, HOSTDEV))
    second = replace(B, movers=(replace(EMULATION, name="web02"),), unread=("refused",))
    found = matrix([first, second])
    assert found.labels == ("a", "b")
    assert [(row.label, row.mover.name) for row in found.rows] == [
        ("a", "web01"),
        ("a", "db01"),
        ("b", "web02"),
    ]
    assert [[move.answer for move in row.moves.values()] for row in found.rows] == [
        [Answer.HERE, Answer.POSSIBLE],
        [Answer.HERE, Answer.NOT_POSSIBLE],
        [Answer.POSSIBLE, Answer.HERE],
    ]
    assert found.unread == (("b", "refused"),)
