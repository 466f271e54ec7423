"""What stands in the place of pytest-bdd's search for steps, and of its reading of feature files.

pytest-bdd looks among all of pytest's fixtures at every step, takes the last of several that match,
and so a conftest's step in the place of ours; and that search is a tenth of the run time. Here
a step is bound to the one definition in `steps/`, found once. And what the lint has read is what
runs: no file is read a second time.
"""

import sys
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from vmfex.engine.catalogue import documents

if TYPE_CHECKING:
    from pytest_bdd.steps import StepFunctionContext

STEP_MODULES = (
    "vmfex.steps.given_host",
    "vmfex.steps.given_vmfex",
    "vmfex.steps.given_fabric",
    "vmfex.steps.then_host",
    "vmfex.steps.then_vmfex",
    "vmfex.steps.then_fabric",
)


@cache
def definitions(kind: str, text: str) -> "tuple[StepFunctionContext, ...]":
    """Every definition in `steps/` that a step of a kind (given, then) and a text matches."""
    from pytest_bdd.steps import step_function_context_registry

    for module in STEP_MODULES:
        import_module(module)
    return tuple(
        context
        for context in list(step_function_context_registry.values())
        if context.step_func.__module__ in STEP_MODULES
        and context.type in (kind, None)
        and context.parser.is_matching(text)
    )


def stand_in(config: pytest.Config, features: Path) -> None:
    """Puts ours in the place of pytest-bdd's, for one session."""
    from pytest_bdd.gherkin_parser import GherkinDocument, get_gherkin_document

    known = {str(path): feature for path, feature in documents(features)}

    def document(filename: str, encoding: str = "utf-8") -> GherkinDocument:
        if filename not in known:  # of another folder, and refused when it is collected
            return get_gherkin_document(filename, encoding)
        return GherkinDocument.from_dict({"feature": known[filename], "comments": []})

    for module, name, ours in (
        ("pytest_bdd.scenario", "get_step_function", _definition),
        ("pytest_bdd.parser", "get_gherkin_document", document),
    ):
        place = sys.modules[module]
        config.add_cleanup(partial(setattr, place, name, getattr(place, name)))
        setattr(place, name, ours)


def _definition(request: Any, step: Any) -> "StepFunctionContext | None":
    """What `pytest_bdd.scenario.get_step_function` returns. The lint has seen to it that there is
    one definition for each step."""
    found = definitions(step.type, step.name)
    return found[0] if len(found) == 1 else None
