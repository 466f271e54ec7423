"""The live link of an interface: what Netlink lists under the name of its target device."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vmfex.checks.model.domain import Interface
from vmfex.checks.model.fact import Fact, Known, Unknown
from vmfex.checks.model.lazy import lazy
from vmfex.checks.model.link import MACVTAP, Link

SEE = (
    "`virsh domiflist VM` on the host names it (macvtapN); read the host anew while the VM runs, "
    "with a definition that has <target dev>."
)
Links = Mapping[str, Link]


@dataclass(frozen=True)
class LiveLinks:
    """The links of a host, found by what an interface says of its own."""

    links: Fact[Links]

    def of(self, written: Interface, running: bool) -> Fact[Link | None]:
        """None where it has none: it does not run, or the link is not there. A definition that
        runs and does not name its target has the one macvtap on its device, or with its MAC."""
        premade = written.type == "ethernet" and written.target is not None
        if not running and not premade:
            return Known(None)
        if isinstance(self.links, Unknown):
            return self.links
        if written.target is not None:
            return Known(self.links.value.get(written.target), self.links.evidence)
        mine = self._on_device.get(written.dev or "") or self._with_mac.get(written.mac or "") or []
        if len(mine) != 1 and written.type in ("direct", "network"):
            return Unknown("the definition does not name the interface's target device", (), SEE)
        return Known(mine[0] if len(mine) == 1 else None, self.links.evidence)

    @property
    def macvtaps(self) -> Iterable[Link]:
        links = () if isinstance(self.links, Unknown) else self.links.value.values()
        return (link for link in links if link.kind == MACVTAP)

    @lazy
    def _on_device(self) -> Mapping[str, list[Link]]:
        found: dict[str, list[Link]] = {}
        for link in self.macvtaps:
            if link.lower:
                found.setdefault(link.lower, []).append(link)
        return found

    @lazy
    def _with_mac(self) -> Mapping[str, list[Link]]:
        found: dict[str, list[Link]] = {}
        for link in self.macvtaps:
            if link.mac:
                found.setdefault(link.mac, []).append(link)
        return found
