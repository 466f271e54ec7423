"""Which VICs VIC-02 is about: those that carry VM-FEX interfaces, or would."""

import pytest

from tests.checks.stub import UNREAD
from vmfex.checks.model.carrying import Carrying
from vmfex.checks.model.fact import Fact, Known, Unknown
from vmfex.checks.model.pci import CISCO, DYNAMIC_VNIC, OTHER_VF, VMFEX_VF, PciFunction, PciTree

PLAIN = PciFunction("0000:83:00.0", CISCO, 0x0043)  # a static vNIC of an adapter of its own


def known(*others: int, used: tuple[str, ...] = (), gaps: tuple[Unknown, ...] = ()) -> Fact[bool]:
    """What is known of the VIC with the plain vNIC, beside one with functions of these ids."""
    beside = [PciFunction(f"0000:06:00.{n}", CISCO, device) for n, device in enumerate(others)]
    tree = PciTree({f.address: f for f in (PLAIN, *beside)})
    adapter = tree.adapter_of(PLAIN)
    assert adapter
    return Carrying(tree, used, gaps).known_of(adapter)


@pytest.mark.parametrize("kind", [VMFEX_VF, DYNAMIC_VNIC])
def test_plain_adapter_beside_one_that_carries(kind: int) -> None:
    """It carries none; what could not be read may name it; what names it makes it carry."""
    assert known(0x0043, kind) == Known(False)
    assert known(0x0043, kind, gaps=(UNREAD,)) == UNREAD
    assert known(0x0043, kind, used=(PLAIN.address,), gaps=(UNREAD,)) == Known(True)


def test_every_adapter_would_carry_where_none_does() -> None:
    """VFs of the later kind are no reason to take another for the one."""
    assert known() == Known(True)
    assert known(0x0043, OTHER_VF) == Known(True)
