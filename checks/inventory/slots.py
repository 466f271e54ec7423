"""How many PCI slots a VM has left for more interfaces, on the buses that its definition has."""

from vmfex.checks.model.domain import Definition, Domain

FIRST_AND_LAST = {  # slots that take a VM's interface, or libvirt's new port for it; as in TOP-03
    "pci-root": (1, 31),
    "pcie-root": (1, 31),
    "pci-bridge": (1, 31),
    "dmi-to-pci-bridge": (0, 31),
    "pcie-to-pci-bridge": (1, 31),
    "pcie-root-port": (0, 0),
    "pcie-switch-downstream-port": (0, 0),
}
OTHERS = ("pci-expander-bus", "pcie-expander-bus", "pcie-switch-upstream-port")  # take bridges only


def free_slots(domain: Domain) -> int | None:
    """Those of the definition that has fewer; None where a definition does not tell them."""
    told = [_free(definition) for definition in domain.definitions]
    known = [free for free in told if free is not None]
    return min(known) if known and len(known) == len(told) else None


def _free(definition: Definition) -> int | None:
    if not any(bus.slots for bus in definition.buses):  # libvirt has yet to choose the addresses
        return None
    free = 0
    for bus in definition.buses:
        if bus.model in FIRST_AND_LAST:
            first, last = FIRST_AND_LAST[bus.model]
            free += len(set(range(first, last + 1)) - set(bus.slots))
        elif bus.model not in OTHERS:
            return None
    return free
