"""Where macvtap and vfio-pci are, by what the kernel has loaded, built in, or within reach."""

import re
from collections.abc import Callable

from vmfex.checks.model.fact import Evidence, Fact, Known, Missing, Unknown
from vmfex.checks.model.host import Kernel
from vmfex.checks.text import shown
from vmfex.evidence.parsers import give_up
from vmfex.evidence.tree import Tree, text, where

LOADED, BUILT_IN, AVAILABLE = "loaded", "built into the kernel", "available as a module"
RELEASE = re.compile(r"\d[\w.+~-]*", re.ASCII)
FILE = r"^(?:\S*/)?{}\.ko(?:\.(?:gz|xz|zst))?(?::.*)?$"
MACVTAP, VFIO = "macvtap", "vfio-pci"
MADE = {  # what the driver makes when it starts, whether module or built in
    MACVTAP: "sys/class/macvtap",
    VFIO: "sys/bus/pci/drivers/vfio-pci",
}


def macvtap_driver(tree: Tree, kernel: Fact[Kernel]) -> Fact[str | None]:
    """Where macvtap is."""
    return _driver(tree, kernel, MACVTAP)


def vfio_driver(tree: Tree, kernel: Fact[Kernel]) -> Fact[str | None]:
    """Where vfio-pci is."""
    return _driver(tree, kernel, VFIO)


def _driver(tree: Tree, kernel: Fact[Kernel], name: str) -> Fact[str | None]:
    """One of the three places; None if none has it and all could be read. A kernel that does not
    list what is built into it leaves that open."""
    loaded = name.replace("-", "_")
    in_proc = re.compile(rf"^{loaded} .*$", re.MULTILINE)
    in_list = re.compile(FILE.format(name), re.MULTILINE)
    gaps: list[str] = []
    evidence: list[Evidence] = []
    places: tuple[tuple[str, Callable[[], tuple[bool, Evidence]]], ...] = (
        (LOADED, lambda: _line(tree, "proc/modules", in_proc, name)),
        (LOADED, lambda: _directory(tree, f"sys/module/{loaded}")),
        (BUILT_IN, lambda: _line(tree, _list(kernel, "modules.builtin"), in_list, name)),
        (BUILT_IN, lambda: _directory(tree, MADE[name])),
        (AVAILABLE, lambda: _line(tree, _list(kernel, "modules.dep"), in_list, name)),
    )
    for place, look in places:
        try:
            found, read = look()
        except Missing as missing:
            gaps.append(missing.unknown.reason)
            continue
        if found:
            return Known(place, (read,))
        evidence.append(read)
    if gaps:
        why = "; ".join(dict.fromkeys(gaps))
        return Unknown(f"no {name} driver was found, but: {why}", tuple(evidence))
    return Known(None, tuple(evidence))


def _line(tree: Tree, path: str, line: re.Pattern[str], name: str) -> tuple[bool, Evidence]:
    content = text(tree, path)
    value = content.need()
    if value is None and path.endswith("modules.builtin"):
        give_up(f"{where(path)} is missing, so it is not known what is built in")
    match = line.search(value or "")
    absent = "(no such file)" if value is None else f"(no line names {name})"
    return match is not None, Evidence(where(path), match[0] if match else absent)


def _directory(tree: Tree, path: str) -> tuple[bool, Evidence]:
    there = tree.exists(path).need()
    return there, Evidence(where(path), "(is there)" if there else "(no such directory)")


def _list(kernel: Fact[Kernel], name: str) -> str:
    release = kernel.need().release
    if not RELEASE.fullmatch(release):
        give_up(f"{shown(release)} is not a kernel release")
    return f"lib/modules/{release}/{name}"
