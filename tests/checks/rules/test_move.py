"""Which VMs could move where: same cluster, port profiles there, topology allows it."""

from dataclasses import replace
from typing import Any

import pytest

from tests.rules.changes import added_link, function, link_down, remove, with_master
from tests.rules.table import REFERENCE, Change
from tests.support.construct.netlink import Message
from vmfex.checks.model.fact import Known, Unknown
from vmfex.checks.model.plan import Topology
from vmfex.checks.rules.free_functions import Free, Offer, Room, room_of
from vmfex.checks.rules.migration_matrix import Hosts, matrix
from vmfex.checks.rules.migration_needs import Need
from vmfex.checks.rules.move import Answer, Move, Mover, Site, move
from vmfex.checks.rules.profile_client import Client

UNREAD = Unknown("permission denied")
MAC = "52:54:00:00:00:98"
EMULATION = Mover("web01", "u1", {Topology.EMULATION: 2}, ("web",))
PRIVATE = Mover("app01", "u2", {Topology.PRIVATE: 1}, ("web",))
HOSTDEV = Mover("db01", "u3", {Topology.HOSTDEV: 1}, ("web",))
CLUSTERS = {"uuid-a": "default", "uuid-b": "default", "uuid-c": "lab", "uuid-d": ""}


def room(vfs: int, vnics: int) -> Known[Room]:
    free = {Topology.EMULATION: Free(vfs, vfs), Topology.PRIVATE: Free(vnics, vnics)}
    return Known(Room(free, frozenset(), Known({})))


def site(label: str, **facts: object) -> Site:
    told = {
        "uuid": Known(f"uuid-{label}"),
        "clusters": Known(CLUSTERS),
        "clients": Known({"web": (Client("default", ".*", ".*"),), "old": ()}),
        "release": Known((3, 1)),
        "room": room(4, 4),
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
            "this blocks migration: PCI device 0000:01:00.0",
        ),
        (
            EMULATION,
            site("b", room=room(1, 9)),
            "the destination has 1 free VFs of VM-FEX, and the VM needs 2",
        ),
    ],
)
def test_what_keeps_it_from_moving(mover: Mover, there: Site, why: str) -> None:
    """One reason each, and what else is unknown does not matter."""
    assert move(mover, A, there) == Move(Answer.NOT_POSSIBLE, (why,))


def test_another_cluster() -> None:
    """Even where the port profile is for both."""
    source = site("a", clients=Known({"web": (Client(".*", ".*", ".*"),)}))
    found = move(EMULATION, source, site("c"))
    assert found == Move(
        Answer.NOT_POSSIBLE, ("the destination is in the cluster lab, not default",)
    )


def test_all_that_speaks_against_it_is_said() -> None:
    """Not only the first thing."""
    there = site("c", room=room(0, 0))
    assert move(EMULATION, A, there).reasons == (
        "the destination is in the cluster lab, not default",
        "the cluster lab is not a client of port profile web",
        "the destination has 0 free VFs of VM-FEX, and the VM needs 2",
    )


@pytest.mark.parametrize(
    ("source", "there", "why"),
    [
        (A, site("b", uuid=UNREAD), "the destination's UUID is not known: permission denied"),
        (A, site("x"), "UCS Manager does not know the destination as a hypervisor"),
        (A, site("d"), "UCS Manager names no cluster for the destination"),
        (site("x"), B, "UCS Manager does not know the VM's own host as a hypervisor"),
        (site("a", clusters=UNREAD), B, "the cluster is not known: permission denied"),
        (site("a", uuid=UNREAD), B, "the UUID of its host is not known: permission denied"),
        (
            site("a", clients=UNREAD),
            B,
            "the clients of its port profiles is not known: permission denied",
        ),
        (
            A,
            site("b", room=UNREAD),
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
    no = Move(Answer.NOT_POSSIBLE, (f"{Topology.HOSTDEV}: live migration is not supported",))
    assert [row.moves for row in found.rows] == [
        {Move(Answer.POSSIBLE): Hosts(1, ("b",))},
        {no: Hosts(1, ("b",))},
        {Move(Answer.POSSIBLE): Hosts(1, ("a",))},
    ]
    assert found.unread == (("b", "refused"),)


WEB = Need("pool", "web", "web", mode="passthrough")


def offering(**told: Any) -> Site:
    """A destination with one libvirt network, different from the VM's in what is told."""
    offer = replace(OFFER, **told)
    there = room(4, 4).value
    return site("b", room=Known(replace(there, networks=Known({"pool": Known(offer)}))))


OFFER = Offer(
    "passthrough", frozenset({"web"}), {"": None, "web": "web", "db": "db"}, True, Free(2, 2)
)


@pytest.mark.parametrize(
    ("there", "why"),
    [
        (B, "the destination has no libvirt network pool"),
        (offering(active=False), "the destination's libvirt network pool is not active"),
        (offering(mode="bridge"), "the destination's libvirt network pool is of mode bridge"),
        (
            offering(groups=frozenset({"db"})),
            "the destination's libvirt network pool has no port group web",
        ),
        (
            offering(profiles={"web": "old"}),
            "the destination's libvirt network pool names old, not web",
        ),
        (
            offering(free=Free(1, 1)),
            "the destination's libvirt network pool has 1 free functions, and the VM needs 2",
        ),
    ],
)
def test_what_the_vm_names_is_needed_there(there: Site, why: str) -> None:
    """Its libvirt network, active, with its port group, its port profile, and functions enough."""
    mover = replace(EMULATION, needs=(WEB, WEB))
    assert move(mover, A, there) == Move(Answer.NOT_POSSIBLE, (why,))
    assert move(mover, A, offering()) == Move(Answer.POSSIBLE)


def test_network_of_which_nobody_knows_whether_it_is_active() -> None:
    """libvirt starts no VM on one that is not."""
    there = offering(active=None)
    assert move(replace(EMULATION, needs=(WEB,)), A, there).answer is Answer.UNKNOWN


@pytest.mark.parametrize(
    ("changes", "free"),
    [
        ((added_link(Message(70, "bond0", MAC, kind="bond")), with_master("eth7", 70)), 5),
        ((added_link(Message(70, "mv0", MAC, kind="macvlan", mode="bridge", lower=8)),), 5),
        ((remove(f"{function('07:00.2')}/net"),), 5),
        ((link_down("eth1"),), 3),
    ],
    ids=["port of a bond", "under a macvlan", "without a network device", "PF down"],
)
def test_vf_that_libvirt_cannot_put_a_macvtap_on_is_not_free(
    changes: tuple[Change, ...], free: int
) -> None:
    """eth7 to eth9 (0000:07:00.2 to 4) are free VFs of eth1; one to assign may be all of these."""
    room_there = room_of(REFERENCE.but(*changes).judged().scope).need()
    assert room_there.by_topology[Topology.EMULATION].now == free
    assert room_there.by_topology[Topology.HOSTDEV].now == 6
    assert "eth7" not in room_there.devices


def test_functions_of_vms_that_are_shut_off_leave_it_open() -> None:
    """They take them back when they start."""
    mover = replace(EMULATION, needs=(WEB, WEB))
    assert move(mover, A, offering(free=Free(2, 1))).answer is Answer.UNKNOWN
    kept = Known(replace(room(4, 4).value, by_topology={Topology.EMULATION: Free(4, 1)}))
    assert move(EMULATION, A, site("b", room=kept)).answer is Answer.UNKNOWN


def test_device_that_the_vm_names_is_needed_there() -> None:
    """By its name, free; unread networks leave a VM open that names one."""
    mover = replace(EMULATION, needs=(Need(device="eth2"),))
    assert move(mover, A, B).answer is Answer.NOT_POSSIBLE
    there = Known(replace(room(4, 4).value, devices=frozenset({"eth2"})))
    assert move(mover, A, site("b", room=there)).answer is Answer.POSSIBLE
    unread = Known(replace(room(4, 4).value, networks=UNREAD))
    named = replace(EMULATION, needs=(WEB,))
    assert move(named, A, site("b", room=unread)).answer is Answer.UNKNOWN


def test_room_is_what_no_running_vm_uses() -> None:
    """The reference has 8 VFs: two run, and one VM that is shut off takes one of its pool."""
    room_there = room_of(REFERENCE.judged().scope).need()
    assert room_there.by_topology[Topology.EMULATION] == Free(6, 5)
    assert "eth2" not in room_there.devices
    offer = room_there.networks.need()["vmfex-pool"].need()
    assert offer.free == Free(3, 2)
    assert offer.profiles == {"": "web", "web": "web"}
