"""A refusal: what libvirt is asked to start and refuses, and the twin that it starts."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import yaml

CASES = Path(__file__).with_name("cases")
REFUSED, TWIN = "refused", "twin"
DOMAIN = (
    "<domain type='kvm'><name>{name}</name><memory unit='MiB'>8</memory>"
    "<os><type arch='x86_64' machine='q35'>hvm</type></os><devices>{devices}</devices></domain>\n"
)
NETWORK = "<network><name>{name}</name>{content}</network>\n"


@dataclass(frozen=True, slots=True)
class Variant:
    """A host, in libvirt's XML, and in shell what comes before and after. Networks are started but
    where `active` says which; domains are started in their order. Words like @vf0.1@ are those of
    guest/refusals.sh."""

    domains: Mapping[str, tuple[str, ...]]
    networks: Mapping[str, str]
    active: tuple[str, ...]
    before: str = ""
    after: str = ""

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> Self:
        networks = content.get("networks", {})
        return cls(
            {name: tuple(interfaces) for name, interfaces in content["domains"].items()},
            networks,
            tuple(content.get("active", networks)),
            content.get("before", ""),
            content.get("after", ""),
        )

    @property
    def asked(self) -> str:
        """The domain about which the refusal is: the last one."""
        return tuple(self.domains)[-1]

    def write(self, folder: Path) -> None:
        """As guest/refusals.sh reads it."""
        documents = {
            "networks": {n: NETWORK.format(name=n, content=c) for n, c in self.networks.items()},
            "domains": {n: domain_xml(n, interfaces) for n, interfaces in self.domains.items()},
        }
        for kind, by_name in documents.items():
            (folder / kind).mkdir(parents=True)
            for name, text in by_name.items():
                (folder / kind / f"{name}.xml").write_text(text)
        lists = {"active": self.active, "start": tuple(self.domains)}
        for name, words in lists.items():
            (folder / name).write_text("".join(f"{word}\n" for word in words))
        (folder / "before").write_text(self.before)
        (folder / "after").write_text(self.after)


@dataclass(frozen=True, slots=True)
class Refusal:
    """`rule` is the one that is violated where libvirt refuses; with `untold` the evidence cannot
    tell, and it is undetermined. `says` has libvirt's words by version, or one for all, or none
    where libvirt starts what is written."""

    name: str
    title: str
    rule: str
    untold: bool
    says: str | Mapping[str, str] | None
    variants: Mapping[str, Variant]

    def words(self, version: str) -> str | None:
        """What that libvirt says when it refuses; None where it starts it."""
        return self.says.get(version) if isinstance(self.says, Mapping) else self.says


def domain_xml(name: str, interfaces: tuple[str, ...]) -> str:
    """A VM with nothing in it but its interfaces: it never finds anything to boot."""
    return DOMAIN.format(name=name, devices="".join(interfaces))


def load(name: str) -> Refusal:
    """The refusal of a file in `cases/`; its twin has what the file says otherwise.

    Raises OSError, and KeyError where the file lacks a part."""
    content = yaml.safe_load((CASES / f"{name}.yaml").read_text())
    refused = content[REFUSED]
    variants = {REFUSED: Variant.of(refused), TWIN: Variant.of({**refused, **content[TWIN]})}
    untold = content.get("untold", False)
    return Refusal(name, content["title"], content["rule"], untold, content["says"], variants)


def names() -> tuple[str, ...]:
    """Every refusal, sorted."""
    return tuple(sorted(path.stem for path in CASES.glob("*.yaml")))
