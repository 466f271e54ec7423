"""What stands in the place of pytest-bdd's search for steps, and of its reading of feature files.

pytest-bdd looks among all of pytest's fixtures at every step and takes the last of several that
match, and so a conftest's step in the place of ours. Here a step is bound to the one definition in
`steps/`. And what the lint has read is what runs: no file is read a second time.
"""

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from vmfex.engine.catalogue import documents
from vmfex.steps.vocabulary import StepDefinition, definitions

if TYPE_CHECKING:
    from pytest_bdd.steps import StepFunctionContext

HELD_AS = {"given": "selected", "then": "findings"}  # the fixture that has what a step returned


def stand_in(config: pytest.Config, features: Path) -> None:
    """Puts ours in the place of pytest-bdd's, for one session."""
    from pytest_bdd.gherkin_parser import GherkinDocument, get_gherkin_document

    known = {str(path): feature for path, feature in documents(features)}

    def document(filename: str, encoding: str = "utf-8") -> GherkinDocument:
        if filename not in known:  # of another folder, and refused when it is collected
            return get_gherkin_document(filename, encoding)
        return GherkinDocument.from_dict({"feature": known[filename], "comments": []})

    for module, name, ours in (
        ("pytest_bdd.scenario", "get_step_function", _bound),
        ("pytest_bdd.parser", "get_gherkin_document", document),
    ):
        place = sys.modules[module]
        config.add_cleanup(partial(setattr, place, name, getattr(place, name)))
        setattr(place, name, ours)


def _bound(request: Any, step: Any) -> "StepFunctionContext | None":
    """What `pytest_bdd.scenario.get_step_function` returns. The lint has seen to it that there is
    one definition for each step."""
    found = definitions(step.type, step.name)
    return _in_their_terms(found[0]) if len(found) == 1 else None


def _in_their_terms(definition: StepDefinition) -> "StepFunctionContext":
    from pytest_bdd.parsers import StepParser
    from pytest_bdd.steps import StepFunctionContext

    class Parser(StepParser):
        def parse_arguments(self, name: str) -> dict[str, Any] | None:
            found = definition.match(name)
            return None if found is None else dict(found)

        def is_matching(self, name: str) -> bool:
            return definition.match(name) is not None

    return StepFunctionContext(
        type=definition.kind,
        step_func=definition.function,
        parser=Parser(definition.pattern),
        target_fixture=HELD_AS[definition.kind],
    )
