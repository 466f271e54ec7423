"""YAML as plain values that remember their lines.

Only what a plan needs is taken: one document of mappings, lists and scalars. Anchors and aliases
(with which a small file can stand for a huge one), tags and deep nesting are refused.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import yaml

DEPTH_LIMIT = 8  # a plan needs three
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,17})", re.ASCII)
_QUOTE = "text that starts with such a character needs quotes"

Path = tuple[str | int, ...]


class YamlError(Exception):
    """What is wrong, and in which line, counted from 1."""

    def __init__(self, line: int, fault: str) -> None:
        super().__init__(fault)
        self.line, self.fault = line, fault


@dataclass(frozen=True, slots=True)
class Document:
    """`lines` has the line of each value, and under `keys` that of its key where it has one."""

    value: Any
    lines: dict[Path, int]
    keys: dict[Path, int]


def read(text: str) -> Document:
    """The document in `text`. Raises YamlError."""
    try:
        _check_events(text)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        fault = f"this is not YAML: {error.problem or error.context}"
        raise YamlError(mark.line + 1 if mark else 1, fault) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise YamlError(line, "it holds characters that YAML does not allow") from error
    document = Document(None, {(): 1}, {})
    if node is None:
        return document
    return Document(_value(node, (), document), document.lines, document.keys)


def _check_events(text: str) -> None:
    """Looks before anything is built: the parser's events come one at a time."""
    depth = documents = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise YamlError(line, f"aliases (*) and anchors (&) are not allowed; {_QUOTE}")
        if getattr(event, "tag", None):
            raise YamlError(line, f"tags (!) are not allowed; {_QUOTE}")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        documents += isinstance(event, yaml.DocumentStartEvent)
        if depth > DEPTH_LIMIT:
            raise YamlError(line, f"it is nested more than {DEPTH_LIMIT} levels deep")
        if documents > 1:
            raise YamlError(line, "a second document (---) is not allowed")


def _value(node: yaml.Node, path: Path, document: Document) -> Any:
    document.lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, document)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, n), document) for n, item in enumerate(node.value)]
    return _SCALARS.get(node.tag.rpartition(":")[2], str)(node.value)


def _mapping(node: yaml.MappingNode, path: Path, document: Document) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise YamlError(line, "a key must be plain text")
        key = key_node.value
        if key in members:
            first = document.keys[(*path, key)]
            raise YamlError(line, f"the key {key!a} stands here a second time, after line {first}")
        document.keys[(*path, key)] = line
        members[key] = _value(value_node, (*path, key), document)
    return members


def _integer(text: str) -> int | str:
    """A decimal number. YAML 1.1 would read 010 as 8 and 1:30 as 90: those stay text."""
    return int(text) if _DECIMAL.fullmatch(text) else text


# what is no text, number or truth value (dates, 1.5) stays as it was written
_SCALARS: dict[str, Callable[[str], Any]] = {
    "int": _integer,
    "bool": lambda text: text.lower() in ("yes", "true", "on"),
    "null": lambda _text: None,
}
