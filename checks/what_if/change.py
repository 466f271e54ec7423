"""What is to be changed on a host, as far as anybody knows it before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from vmfex.checks.model.plan import Plan, Topology

LABEL = "what if, not a certificate"
EACH_PF = ""  # stands for the PFs that have VFs, where none is named


@dataclass(frozen=True, slots=True)
class Change:
    """`vfs` is the number of VFs by the network device or address of a PF, or by `EACH_PF`;
    `release` that of Red Hat Enterprise Linux, None where it stays; `topologies` counts the VM
    interfaces that each is planned to serve."""

    vfs: Mapping[str, int] = field(default_factory=dict)
    release: tuple[int, int] | None = None
    topologies: Mapping[Topology, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.vfs or self.release or self.topologies)

    def planned(self, plan: Plan) -> Plan:
        """The plan with the topologies of the change."""
        return replace(plan, topologies={**plan.meant, **self.topologies})

    @property
    def sentences(self) -> tuple[str, ...]:
        """The change in words, one after another."""
        return tuple(self._sentences())

    def _sentences(self) -> Iterator[str]:
        for pf, number in self.vfs.items():
            yield f"{number} VFs on {pf or 'each PF that has VFs'}"
        if self.release:
            yield f"Red Hat Enterprise Linux {dotted(self.release)}"
        for topology, number in self.topologies.items():
            yield f"planned: {number} VM interface{'s' if number > 1 else ''} on {topology}"


def dotted(release: tuple[int, int]) -> str:
    return f"{release[0]}.{release[1]}"
