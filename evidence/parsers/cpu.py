"""What the processors can do, from /proc/cpuinfo."""

from vmfex.checks.model.fact import Evidence, Fact, Known
from vmfex.evidence.parsers import excerpt, fact, give_up
from vmfex.evidence.tree import Tree, text

PATH = "proc/cpuinfo"


@fact
def cpu_flags(tree: Tree) -> Fact[frozenset[str]]:
    """The flags that every processor has: a VM can be placed on any. Empty on architectures whose
    /proc/cpuinfo has no `flags`. The evidence is one processor for each kind that is there."""
    content = text(tree, PATH)
    value = content.need()
    if not value or not value.strip():
        give_up("/proc/cpuinfo is missing or empty", *content.evidence)
    processors = 0
    kinds: dict[str, list[dict[str, str]]] = {}
    for block in value.split("\n\n"):
        lines = {line.partition(":")[0].strip(): line for line in block.splitlines()}
        processors += "processor" in lines
        if "flags" in lines:
            kinds.setdefault(lines["flags"], []).append(lines)
    flagged = sum(len(alike) for alike in kinds.values())
    if flagged and flagged != processors:
        reason = f"/proc/cpuinfo tells the flags of {flagged} of {processors} processors"
        give_up(f"{reason}: it was not read whole", excerpt("/proc/cpuinfo", value))
    last = value.rpartition("\n")[2]
    if last.partition(":")[0].strip() == "flags":
        give_up(
            "/proc/cpuinfo ends within a line of flags: it was not read whole", *content.evidence
        )
    if not kinds:
        return Known(frozenset(), (excerpt("/proc/cpuinfo", value),))
    sets = [frozenset(line.partition(":")[2].split()) for line in kinds]
    shown = ("processor", "vendor_id", "model name", "flags")
    raw = "\n\n".join(
        "\n".join(line for key, line in alike[0].items() if key in shown)
        for alike in kinds.values()
    )
    return Known(frozenset.intersection(*sets), (Evidence("/proc/cpuinfo", raw),))
