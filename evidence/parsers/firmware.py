"""What the firmware says of the machine (SMBIOS), as the kernel shows it in /sys/class/dmi or as
dmidecode prints it."""

import re

from vmfex.checks.model.fact import Evidence, Fact, Known, Unknown
from vmfex.evidence.parsers import excerpt, fact, give_up
from vmfex.evidence.tree import Tree, text, where

SERIAL = "sys/class/dmi/id/product_serial"
DMIDECODE = "hardware/dmidecode.txt"
# dmidecode's block of the machine itself (type 1), of which each line begins with a tab.
SYSTEM = re.compile(r"^System Information\n((?:\t.*\n)+)", re.M)
NUMBER = re.compile(r"^\tSerial Number: (.*)\n", re.M)
NONE = ("not specified", "to be filled by o.e.m.", "default string", "none", "0")


@fact
def serial_number(tree: Tree) -> Fact[str]:
    """The machine's serial number, without blanks around it."""
    content = text(tree, SERIAL)
    if isinstance(content, Unknown):
        printed = text(tree, DMIDECODE)
        if isinstance(printed, Known) and printed.value is not None:
            return _printed(printed.value)
    value = (content.need() or "").strip()
    if not value:
        give_up(f"{where(SERIAL)} gives no serial number", *content.evidence)
    return Known(value, content.evidence)


def _printed(printed: str) -> Fact[str]:
    systems = SYSTEM.findall(printed)
    numbers = NUMBER.findall(systems[0]) if len(systems) == 1 else []
    if len(numbers) != 1 or numbers[0].strip().lower() in ("", *NONE):
        give_up(f"{DMIDECODE} gives no serial number", excerpt(DMIDECODE, printed))
    number: str = numbers[0].strip()
    return Known(number, (Evidence(DMIDECODE, f"Serial Number: {number}"),))
