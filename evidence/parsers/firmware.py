"""What the firmware says of the machine (SMBIOS, as the kernel shows it in /sys/class/dmi)."""

from vmfex.checks.model.fact import Fact, Known
from vmfex.evidence.parsers import fact, give_up
from vmfex.evidence.tree import Tree, text, where

SERIAL = "sys/class/dmi/id/product_serial"


@fact
def serial_number(tree: Tree) -> Fact[str]:
    """The machine's serial number, without blanks around it."""
    content = text(tree, SERIAL)
    value = (content.need() or "").strip()
    if not value:
        give_up(f"{where(SERIAL)} gives no serial number", *content.evidence)
    return Known(value, content.evidence)
