"""A UCS domain's managed objects, and the answers of the XML API about them.

The API as Cisco's programming guide has it; which classes and properties there are, and since which
release, is what the SDK's own metadata says.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from xml.sax.saxutils import quoteattr

from lxml import etree
from ucsmsdk.ucscoremeta import UcsVersion
from ucsmsdk.ucscoreutils import load_class
from ucsmsdk.ucsmeta import MO_CLASS_ID

FABRICS = Path(__file__).with_name("fabrics")
Objects = tuple[Mapping[str, str], ...]


@dataclass(frozen=True)
class Domain:
    """Objects by class, each as its properties; every one has a `dn`."""

    classes: Mapping[str, Objects]

    @cached_property
    def release(self) -> str:
        [running] = [o for o in self.classes["firmwareRunning"] if o["dn"] == "sys/mgmt/fw-system"]
        return running["version"]

    @cached_property
    def by_dn(self) -> Mapping[str, tuple[str, Mapping[str, str]]]:
        return {o["dn"]: (name, o) for name, found in self.classes.items() for o in found}

    def knows(self, class_id: str) -> bool:
        """Whether this release has the class, by the SDK's metadata."""
        name = class_id[:1].upper() + class_id[1:]
        if name not in MO_CLASS_ID:
            return False
        return bool(load_class(name).mo_meta.version <= UcsVersion(self.release))

    def of_classes(self, class_ids: Iterable[str]) -> str:
        """The objects of some classes, as XML elements."""
        return "".join(
            element(name, properties)
            for name in class_ids
            for properties in self.classes.get(name, ())
        )

    def children(self, dn: str, class_id: str | None) -> str:
        below = (
            (name, o)
            for child, (name, o) in self.by_dn.items()
            if child.rpartition("/")[0] == dn and class_id in (None, "", name)
        )
        return "".join(element(name, o) for name, o in below)

    def but(self, **classes: Iterable[Mapping[str, str]]) -> "Domain":
        """The same domain with other objects of some classes."""
        changed = {name: tuple(found) for name, found in classes.items()}
        return replace(self, classes={**self.classes, **changed})


def element(class_id: str, properties: Mapping[str, str]) -> str:
    told = "".join(f" {name}={quoteattr(value)}" for name, value in properties.items())
    return f"<{class_id}{told}/>"


def load(name: str) -> Domain:
    """The domain in `fabrics/NAME.xml`."""
    classes: dict[str, list[Mapping[str, str]]] = {}
    for child in etree.parse(FABRICS / f"{name}.xml").getroot():
        properties = {str(key): str(value) for key, value in child.items()}
        classes.setdefault(str(child.tag), []).append(properties)
    return Domain({class_id: tuple(found) for class_id, found in classes.items()})


def dump(domain: Domain) -> str:
    """A domain as such a file has it."""
    rows = [f"  {element(name, o)}\n" for name, found in domain.classes.items() for o in found]
    return f"<topRoot>\n{''.join(rows)}</topRoot>\n"
