"""What a VM names of its host, and what a destination lacks of it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.checks.interfaces import macvtap
from vmfex.checks.model.domain import VirtualPort
from vmfex.checks.model.fact import Fact, Known, Missing, Unknown
from vmfex.checks.model.virtual_port import QBH
from vmfex.checks.rules.free_functions import Free, Offer, Room
from vmfex.checks.rules.migration_needs import Need, lacking, needs_of

WEB = VirtualPort(QBH, "web")
POOLED = {"type": "network", "dev": None, "network": "pool"}
NEED = Need("pool", "web", "web", mode="passthrough")
OFFER = Offer("passthrough", frozenset({"web"}), {"": None, "web": "web"}, True, Free(2, 2))


def room(networks: Fact[Mapping[str, Fact[Offer]]], *devices: str) -> Room:
    return Room({}, frozenset(devices), networks)


def offering(**told: Any) -> Room:
    """One network, like OFFER but for what is told."""
    return room(Known({"pool": Known(replace(OFFER, **told))}))


@pytest.mark.parametrize(
    ("written", "port", "need"),
    [
        ({}, WEB, Need(device="eth2")),
        ({}, None, Need(device="eth2")),
        (POOLED, WEB, Need("pool", "", "web", None, mode="passthrough")),
        (POOLED, None, Need("pool", "", None, None, mode="passthrough")),
        ({**POOLED, "portgroup": "web"}, WEB, Need("pool", "web", "web", mode="passthrough")),
        ({**POOLED, "virtualport": WEB}, WEB, Need("pool", "", "web", "web", mode="passthrough")),
        # a running interface shows the port that the network gave it as if it were its own
        (
            {**POOLED, "type": "direct", "virtualport": WEB},
            WEB,
            Need("pool", "", "web", None, mode="passthrough"),
        ),
    ],
)
def test_what_an_interface_names(
    written: dict[str, Any], port: VirtualPort | None, need: Need
) -> None:
    """Its network with port group and port profile, or its device."""
    assert needs_of([macvtap(written=written, virtualport=port)]) == (need,)


def test_the_definition_that_has_the_most_counts() -> None:
    """Running and persistent name the same interfaces, which are no more for that."""
    both = [macvtap(state="running"), macvtap(state="persistent"), macvtap(state="persistent")]
    assert needs_of(both) == (Need(device="eth2"),) * 2


@pytest.mark.parametrize(
    ("need", "there"),
    [
        (NEED, offering()),
        (replace(NEED, mode=None), offering(mode="vepa")),
        (Need("pool", "", None, mode="passthrough"), offering()),
        (Need("pool", "", "web", "web", mode="passthrough"), offering()),
        (Need(device="eth2"), room(Unknown("permission denied"), "eth2")),
    ],
)
def test_nothing_is_lacking(need: Need, there: Room) -> None:
    """Whatever the VM does not name is not asked for, and its own port profile needs none there."""
    assert lacking([need], there) == []


@pytest.mark.parametrize(
    ("need", "there", "reason"),
    [
        (NEED, offering(mode="private"), "network pool is of mode private"),
        (NEED, offering(groups=frozenset()), "network pool has no port group web"),
        (NEED, offering(active=False), "network pool is not active"),
        (NEED, offering(free=Free(0, 0)), "pool has 0 free functions, and the VM needs 1"),
        (NEED, offering(profiles={"web": "db"}), "network pool names db, not web"),
        (NEED, offering(profiles={"web": None}), "network pool names no port profile, not web"),
        (replace(NEED, profile=None), offering(), "network pool names web, not none"),
        (NEED, room(Known({})), "has no libvirt network pool"),
        (Need(device="eth2"), offering(), "no free function eth2, which the VM names"),
    ],
)
def test_one_thing_is_lacking(need: Need, there: Room, reason: str) -> None:
    """It is named, with what is there in its place."""
    [said] = lacking([need], there)
    assert said.endswith(reason) or reason in said


def test_what_is_lacking_for_certain_hides_behind_nothing_unknown() -> None:
    """A device that is not there speaks against the move, whatever the networks are."""
    unread = room(Unknown("permission denied"))
    [said] = lacking([NEED, Need(device="eth2")], unread)
    assert "eth2" in said
    with pytest.raises(Missing, match="permission denied"):
        lacking([NEED], unread)


@pytest.mark.parametrize(
    ("free", "needs", "open_"),
    [
        (Free(2, 2), 2, False),
        (Free(2, 1), 2, True),
        (Free(2, 1), 1, False),
        (Free(3, 0), 1, True),
    ],
)
def test_functions_that_shut_off_vms_take(free: Free, needs: int, open_: bool) -> None:
    """They are free until these start: enough or not is not known."""
    if open_:
        with pytest.raises(Missing, match="while other VMs are shut off"):
            lacking([NEED] * needs, offering(free=free))
    else:
        assert lacking([NEED] * needs, offering(free=free)) == []


def test_whether_a_network_is_active_may_be_unknown() -> None:
    """Then the move is open."""
    with pytest.raises(Missing, match="whether the destination's libvirt network pool is active"):
        lacking([NEED], offering(active=None))
