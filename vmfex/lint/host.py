"""A host of which nothing is known but the definitions that are to come onto it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from vmfex.checks.model.domain import Domain, Domains, Networks
from vmfex.checks.model.fact import Evidence, Fact, Known, Unknown
from vmfex.checks.model.lazy import lazy
from vmfex.evidence.host import ReadHost
from vmfex.evidence.parsers.schema import schema_errors
from vmfex.evidence.sources.unread import UnreadTree
from vmfex.lint.files import Written

T = TypeVar("T")
NOT_TOLD = "XML alone does not tell it"
OTHERS = "(others)"  # no file's: a network's name in libvirt begins with no bracket
NOT_GIVEN = Unknown("only the networks in the files that were given are known")


class WrittenHost(ReadHost):
    """All else of it is unknown, so that whatever a rule needs beside is undetermined."""

    def __init__(self, found: Iterable[Written]) -> None:
        super().__init__(UnreadTree("the files", NOT_TOLD))
        self._found = tuple(found)

    @lazy
    def domains(self) -> Fact[Domains]:
        mine = (each.value for each in self._found)
        return Known(tuple(Known(value) for value in mine if isinstance(value, Domain)))

    @lazy
    def networks(self) -> Fact[Networks]:
        mine = (each.value for each in self._found)
        known = {v.name: Known(v, v.evidence) for v in mine if not isinstance(v, Domain)}
        return Known({OTHERS: NOT_GIVEN, **known})

    def schema_errors(self, xml: Evidence) -> Fact[str]:
        """By the schema that is here: no host's libvirt made these."""
        return schema_errors(xml)

    def advised(self, path: str, fact: Fact[T]) -> Fact[T]:
        if isinstance(fact, Unknown) and not fact.remedy:
            return replace(fact, remedy="`vmfex certify` on the host tells it.")
        return fact
