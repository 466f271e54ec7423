"""UCS Manager that tells less never gives a better decision: each class of each host's answers is
unknown, refused, cut and garbled, and each object and each property of it is left out.

`make damage` tries every one; otherwise a few of each host are tried, the same each time.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from xml.etree import ElementTree

import pytest

from tests.support.answered import said
from tests.support.greener import greener
from tests.support.judging import judge_tree
from vmfex.checks.model.fact import Fact, Known, Unknown
from vmfex.evidence.embedded import embedded_hosts, load_embedded
from vmfex.evidence.parsers.fabric import objects
from vmfex.evidence.sources.ucsm.classes import CLASSES
from vmfex.evidence.tree import Tree, WrappingTree

ALL = os.environ.get("DAMAGE") == "all"
FEW = 25  # of each host
REFUSED = (
    '<configResolveClass cookie="" response="yes" classId="{}" errorCode="{}" errorDescr="{}"/>'
)
EMPTY = (
    '<configResolveClass cookie="" response="yes" classId="{}"><outConfigs/></configResolveClass>'
)
# Damage after which a rule may be greener, by class, what was done and rule, with the reason.
ALLOWED: dict[tuple[str, str, str], str] = {}


@dataclass(frozen=True, slots=True)
class Answer:
    """One class's answer, and what was done to it."""

    class_id: str
    what: str
    told: Fact[bytes | None]

    def __str__(self) -> str:
        return f"{self.class_id} {self.what}"


class Answering(WrappingTree):
    """A host with other answers of UCS Manager in the place of its own."""

    def __init__(self, tree: Tree, *answers: Answer) -> None:
        super().__init__(tree)
        self._told: Mapping[str, Fact[bytes | None]] = {
            f"ucsm/{answer.class_id}.xml": answer.told for answer in answers
        }

    def read(self, path: str) -> Fact[bytes | None]:
        return self._told[path] if path in self._told else self._tree.read(path)

    def names(self, path: str) -> Fact[tuple[str, ...] | None]:
        return self._tree.names(path)

    def link(self, path: str) -> Fact[str | None]:
        return self._tree.link(path)

    def exists(self, path: str) -> Fact[bool]:
        return self._tree.exists(path)


def damaged(class_id: str, raw: bytes) -> Iterator[Answer]:
    """Everything that happens to one answer, one thing at a time."""
    unanswered = Unknown("UCS Manager did not answer within 30 s")
    yield Answer(class_id, "not answered", unanswered)
    yield Answer(class_id, "never asked for", Known(None))
    for code, words in (("552", "Authorization required"), ("ERR-xml-parse-error", "")):
        refused = REFUSED.format(class_id, code, words).encode()
        yield Answer(class_id, f"refused with {code}", Known(refused))
    yield Answer(class_id, "empty", Known(EMPTY.format(class_id).encode()))
    yield Answer(class_id, "without a byte", Known(b""))
    for part in range(1, 4):
        cut = raw[: len(raw) * part // 4]
        yield Answer(class_id, f"cut after {part} quarters", Known(cut))
        garbled = cut[:-1] + bytes([cut[-1] ^ 0x15]) + raw[len(cut) :]
        yield Answer(class_id, f"garbled after {part} quarters", Known(garbled))
    yield from _smaller(class_id, raw)


def _smaller(class_id: str, raw: bytes) -> Iterator[Answer]:
    """Without each of its objects, and without each property of each."""
    for number, object_ in enumerate(_objects(raw)):
        root = ElementTree.fromstring(raw)
        configs = next(root.iter("outConfigs"))
        configs.remove(configs[number])
        dn = object_.get("dn", "?")
        yield Answer(class_id, f"without {dn}", Known(ElementTree.tostring(root)))
        for name in list(object_.attrib):
            root = ElementTree.fromstring(raw)
            del next(root.iter("outConfigs"))[number].attrib[name]
            yield Answer(class_id, f"without {name} of {dn}", Known(ElementTree.tostring(root)))
            root = ElementTree.fromstring(raw)
            next(root.iter("outConfigs"))[number].set(name, "")
            yield Answer(class_id, f"with no {name} of {dn}", Known(ElementTree.tostring(root)))


def _objects(raw: bytes) -> list[ElementTree.Element]:
    return list(next(ElementTree.fromstring(raw).iter("outConfigs")))


def answers_of(tree: Tree) -> Iterator[tuple[str, bytes]]:
    for class_id in CLASSES:
        answer = tree.read(f"ucsm/{class_id}.xml")
        if isinstance(answer, Known) and answer.value is not None:
            yield class_id, answer.value


HOSTS = [name for name in embedded_hosts() if any(answers_of(load_embedded(name)))]


@pytest.mark.parametrize("name", HOSTS)
def test_less_of_an_answer_makes_nothing_greener(name: str) -> None:
    """No violated or undetermined rule becomes compliant or not applicable, and no host certified,
    whatever UCS Manager leaves out."""
    tree = load_embedded(name)
    before = judge_tree(tree)
    every = [damage for class_id, raw in answers_of(tree) for damage in damaged(class_id, raw)]
    chosen = every if ALL else sorted(every, key=lambda each: _number(name, each))[:FEW]
    found, seen = [], set[object]()
    for damage in chosen:
        changed = Answering(tree, damage)
        told = damage.class_id, repr(said(objects(changed, damage.class_id)))
        if told in seen:
            continue
        seen.add(told)
        found += [
            f"{damage}: {what}"
            for rule, what in greener(before, judge_tree(changed))
            if (damage.class_id, damage.what, rule) not in ALLOWED
        ]
    assert found == []


@pytest.mark.parametrize("name", HOSTS)
def test_no_answer_at_all_makes_nothing_greener(name: str) -> None:
    """The same where every class was refused, or none was asked for."""
    tree = load_embedded(name)
    before = judge_tree(tree)
    for told in (Known(None), Known(b""), Unknown("UCS Manager did not answer within 30 s")):
        answers = [Answer(class_id, "", told) for class_id in CLASSES]
        assert not list(greener(before, judge_tree(Answering(tree, *answers))))


def _number(name: str, answer: Answer) -> bytes:
    return sha256(f"{name} {answer}".encode()).digest()
