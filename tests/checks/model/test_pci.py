"""Which functions make up an adapter, and what each of them is."""

import pytest

from vmfex.checks.model.pci import CISCO, PciFunction, PciTree

MODELS = {0x012C: "1340", 0x0048: "M81KR"}


def bridge(address: str, device: int = 0x007A, *above: str) -> PciFunction:
    return PciFunction(address, CISCO, device, upstream=above)


def vnic(address: str, *above: str, device: int = 0x0043, subsystem: int = 0x012C) -> PciFunction:
    return PciFunction(address, CISCO, device, (CISCO, subsystem), upstream=above)


def tree(*functions: PciFunction) -> PciTree:
    return PciTree({f.address: f for f in functions}, MODELS)


def test_adapter_is_what_is_below_one_switch() -> None:
    """Functions on different buses below one VIC's switch are one adapter."""
    root, switch, port = "0000:00:03.0", "0000:03:00.0", "0000:04:01.0"
    whole = tree(
        bridge(switch, 0x007A, root),
        bridge(port, 0x0041, root, switch),
        vnic("0000:06:00.0", root, switch, port),
        vnic("0000:06:00.1", root, switch, port, device=0x0071),
        vnic("0000:07:00.0", root, switch, "0000:04:02.0"),
    )
    [adapter] = whole.adapters
    assert (adapter.address, len(adapter.functions), adapter.model) == (switch, 3, "1340")


def test_two_adapters_below_one_root_port_are_two() -> None:
    """Two VICs behind a riser's switch of another vendor have a switch of their own each."""
    root, riser = "0000:00:03.0", "0000:02:00.0"
    switches = ("0000:10:00.0", "0000:20:00.0")
    whole = tree(
        *(bridge(s, 0x007A, root, riser) for s in switches),
        vnic("0000:12:00.0", root, riser, switches[0]),
        vnic("0000:22:00.0", root, riser, switches[1], subsystem=0x0048),
    )
    assert [a.model for a in whole.adapters] == ["1340", "M81KR"]


def test_function_without_a_switch_above_is_told_by_its_slot() -> None:
    """A function that a hypervisor shows flat, as in a VM, still belongs to an adapter."""
    flat = tree(vnic("0000:05:00.0"), vnic("0000:05:00.1", device=0x0071), vnic("0000:06:00.0"))
    assert [len(a.functions) for a in flat.adapters] == [2, 1]


def test_adapter_is_named_by_its_static_vnic() -> None:
    """The subsystem id of a VF says nothing about the card where a static vNIC tells it."""
    switch = "0000:03:00.0"
    whole = tree(
        bridge(switch),
        vnic("0000:06:00.0", switch, device=0x0071, subsystem=0x0999),
        vnic("0000:07:00.0", switch),
    )
    assert whole.adapters[0].model == "1340"


@pytest.mark.parametrize("device", [0x0042, 0x0045, 0x0046, 0x00CF])
def test_functions_that_are_no_vnic(device: int) -> None:
    """Management, FCoE, SCSI and usNIC functions make no adapter and no vNIC."""
    assert not tree(vnic("0000:06:00.0", device=device)).adapters


@pytest.mark.parametrize(
    ("device", "physfn", "kinds"),
    [
        (0x0043, None, (True, False, False)),
        (0x0044, None, (False, True, False)),
        (0x0071, "0000:06:00.0", (False, False, True)),
        (0x0071, None, (False, False, True)),
        (0x02B7, None, (False, False, True)),
        (0x0043, "0000:06:00.0", (False, False, True)),
    ],
)
def test_kind_of_a_function(device: int, physfn: str | None, kinds: tuple[bool, ...]) -> None:
    """Static vNIC, dynamic vNIC or VF: exactly one of them."""
    function = PciFunction("0000:06:00.1", CISCO, device, physfn=physfn)
    assert (function.is_static_vnic, function.is_dynamic_vnic, function.is_vf) == kinds


def test_another_vendor_is_never_a_vic() -> None:
    """Numbers of another vendor mean something else."""
    foreign = PciFunction("0000:06:00.0", 0x8086, 0x0043)
    assert not foreign.is_vic_ethernet
    assert not foreign.is_static_vnic
    assert not tree(foreign).adapters


def test_adapter_of_a_function() -> None:
    """A function finds the adapter that it is part of; one of another vendor is part of none."""
    nic = PciFunction("0000:01:00.0", 0x8086, 0x1521)
    whole = tree(nic, vnic("0000:06:00.0", "0000:00:03.0"), vnic("0000:07:00.0", "0000:00:04.0"))
    [one, other] = whole.adapters
    assert [whole.adapter_of(f) for f in whole.functions.values()] == [None, one, other]
