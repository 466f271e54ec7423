"""Many hosts against each other: what is judged once for all that are alike is right for each."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.checks.rules.test_move import EMULATION, HOSTDEV, OFFER, PRIVATE, UNREAD, WEB, room, site
from vmfex.checks.model.fact import Known
from vmfex.checks.model.plan import Topology
from vmfex.checks.rules.equal import Equal
from vmfex.checks.rules.free_functions import Free
from vmfex.checks.rules.migration_matrix import ALL_NAMED, FIRST, Matrix, matrix, sharing
from vmfex.checks.rules.move import Answer, Move, Mover, Site, move
from vmfex.checks.rules.profile_client import Client

UUIDS = ("5ca1ab1e-0000-4000-8000-000000000001", "1EABA15C-0000-0040-8000-000000000001", "u-1", "")
POOL = replace(room(4, 4).value, networks=Known({"pool": Known(OFFER)}))
movers = st.lists(
    st.sampled_from(
        [
            EMULATION,
            PRIVATE,
            HOSTDEV,
            replace(EMULATION, needs=(WEB, WEB)),
            replace(PRIVATE, name="x"),
        ]
    ),
    max_size=2,
)
sites = st.lists(
    st.fixed_dictionaries(
        {
            "uuid": st.sampled_from([*map(Known, UUIDS), UNREAD]),
            "clusters": st.sampled_from(
                [Known({min(UUIDS[0], UUIDS[1].lower()): "default", "u-1": "lab", "": "x"}), UNREAD]
            ),
            "clients": st.sampled_from([Known({"web": (Client("default", ".*", ".*"),)}), UNREAD]),
            "release": st.sampled_from([Known((2, 0)), Known((3, 1)), UNREAD]),
            "room": st.sampled_from([room(4, 4), room(1, 0), Known(POOL), UNREAD]),
            "movers": movers.map(tuple),
        }
    ),
    max_size=6,
).map(lambda told: [site(f"h{number}", **each) for number, each in enumerate(told)])


def told(found: Matrix) -> list[dict[str, Move]]:
    """Of each VM the move to each host but its own."""
    return [
        {h: move for move, hosts in row.moves.items() for h in hosts.first} for row in found.rows
    ]


@given(sites)
@settings(max_examples=100)
def test_each_vm_and_host_has_its_own_answer(hosts: list[Site]) -> None:
    """What `move` says of the two alone, whatever else is there; twice the same host is twice."""
    alone = [
        {there.label: move(mover, here, there) for there in hosts if there is not here}
        for here in hosts
        for mover in here.movers
    ]
    assert told(matrix(hosts)) == alone
    assert [sum(h.count for h in row.moves.values()) for row in matrix(hosts).rows] == [
        len(hosts) - 1 for here in hosts for _ in here.movers
    ]


def test_of_many_hosts_the_first_are_named_and_all_counted() -> None:
    """Its own host is neither, also where it is among the first."""
    many = [site(f"h{n}", uuid=Known(f"u{n}"), movers=(EMULATION,)) for n in range(ALL_NAMED + 1)]
    known = Known({f"u{n}": "default" for n in range(ALL_NAMED + 1)})
    rows = matrix([replace(each, clusters=known) for each in many]).rows
    assert {row.number(Answer.POSSIBLE) for row in rows} == {ALL_NAMED}
    [first], [last] = rows[0].moves.values(), rows[-1].moves.values()
    assert first.first == tuple(f"h{n}" for n in range(1, FIRST + 1))
    assert last.first == tuple(f"h{n}" for n in range(FIRST))


def test_each_host_and_vm_may_differ() -> None:
    """A thousand hosts that differ in what they have left, with VMs that differ in what they need:
    each number is right. (With an object for every pair this took a gigabyte.)"""
    number = 1000
    known = Known({f"u{n}": "default" for n in range(number)})
    hosts = [
        site(
            f"h{n}",
            uuid=Known(f"u{n}"),
            clusters=known,
            room=room(n, 0),
            movers=(Mover("web", "", {Topology.EMULATION: n + 1}, ("web",)),),
        )
        for n in range(number)
    ]
    for n, row in enumerate(matrix(hosts).rows):
        assert row.number(Answer.POSSIBLE) == number - n - 1  # those with n + 1 and more left


def test_what_is_equal_is_in_memory_once() -> None:
    """And what differs in the least stays apart."""
    equal = Equal()
    hosts = [
        sharing(site("a", room=Known(replace(POOL, by_topology={Topology.EMULATION: free}))), equal)
        for free in (Free(1, 1), Free(1, 1), Free(1, 0))
    ]
    assert hosts[0].room is hosts[1].room is not hosts[2].room
    assert hosts[0].clusters is hosts[2].clusters
