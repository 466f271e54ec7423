"""Which definition a step of a feature is bound to: one of ours, found once and for all.

pytest-bdd looks among all of pytest's fixtures at every step, takes the last of several that match,
and so a conftest's step in the place of ours; and that search is a tenth of the run time.
"""

import sys
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pytest_bdd.steps import StepFunctionContext

STEP_MODULES = (
    "steps.given_host",
    "steps.given_vmfex",
    "steps.given_fabric",
    "steps.then_host",
    "steps.then_vmfex",
    "steps.then_fabric",
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


def bind_steps(config: pytest.Config) -> None:
    """Puts our search in the place of pytest-bdd's, for one session."""
    scenarios: Any = sys.modules["pytest_bdd.scenario"]
    theirs = scenarios.get_step_function
    scenarios.get_step_function = _definition
    config.add_cleanup(lambda: setattr(scenarios, "get_step_function", theirs))


def _definition(request: Any, step: Any) -> "StepFunctionContext | None":
    """What `pytest_bdd.scenario.get_step_function` returns. The lint has seen to it that there is
    one definition for each step."""
    found = definitions(step.type, step.name)
    return found[0] if len(found) == 1 else None
