"""How much of a kind is read of one host: more than there is, and no more than fits into memory.

An adapter has at most 116 vNICs, static and dynamic (the guide, Virtualization with a VIC
Adapter): a host of eight adapters has 928 VM interfaces, and a UCS domain of 160 servers with two
adapters each has 37,120. What is above a limit is unknown, and never cut: the rest might count.
"""

from collections.abc import Sized

from vmfex.evidence.parsers import give_up

DOMAINS = 1_024  # of a host; eight adapters have a VM interface each for 928
DEFINITIONS = 16 * 2**20  # bytes of XML of all domains of a host; one of each state has 8 KiB then
INTERFACES = 256  # of one definition; one adapter has 116
ALL_INTERFACES = 2_048  # of all definitions of a host; of 928 VM interfaces both states are told
NETWORKS = 1_024
DEVICES = 1_024  # that one network names
OBJECTS = 40_000  # of one class of UCS Manager's
ALL_OBJECTS = 120_000  # of all its classes
FUNCTIONS = 8_192  # PCI functions of a host; eight adapters have 928, and each as many VFs again
LINKS = 16_384  # network links of a host


def within(found: Sized, limit: int, where: str, what: str) -> None:
    """Raises Missing where there is more of it than is read."""
    if len(found) > limit:
        give_up(f"{where} {len(found):,} {what}, more than the {limit:,} that are read")
