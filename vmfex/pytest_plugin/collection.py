"""Feature files as pytest collects them: no stub modules, and every scenario known by its rule."""

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from vmfex.engine.catalogue import FEATURES, RULE_ID, documents
from vmfex.engine.rule_list import rules_at


class FeatureFile(pytest.Module):
    """A feature file, collected directly."""

    def _getobj(self) -> ModuleType:
        module = ModuleType(self.path.stem)
        module.__file__ = str(self.path)
        code = "from pytest_bdd import scenarios as _scenarios; _scenarios(__file__)"
        exec(compile(code, str(self.path), "exec"), module.__dict__)
        return module


def features_of(config: pytest.Config) -> Path:
    """The features folder that pytest was pointed at, else the project's own."""
    return rules_at(config.args) or FEATURES


def judge_ours_where_none_are_named(config: pytest.Config) -> None:
    """`pytest --host HOST` runs the rules that come with the program: an installed one has no
    folder that a user could name."""
    if config.args_source is not pytest.Config.ArgsSource.ARGS:
        config.args = [str(FEATURES)]


def refuse_strangers(items: list[pytest.Item], features: Path) -> None:
    """Raises UsageError for a test that is none of the rules in `features`: whatever it said, it
    would be no part of the certification."""
    for item in items:
        mine = isinstance(item.parent, FeatureFile) and item.path.is_relative_to(features)
        if not mine:
            test = f"{item.path}::{item.name}"
            raise pytest.UsageError(
                f"with --host only the rules in {features} are run, and {test} is not one of them"
            )


def forget_features() -> None:
    """pytest-bdd caches feature files for the life of the process, edited or not; so do we."""
    documents.cache_clear()
    sys.modules["pytest_bdd.feature"].features.clear()


def rule_id(item: pytest.Item) -> str:
    names: set[str] = _template(item).rule.tags
    return next(name for name in names if RULE_ID.fullmatch(name))


def scenario_name(item: pytest.Item) -> str:
    """The scenario's name; of an outline, as its Examples fill it."""
    template = _template(item)
    call = getattr(item, "callspec", None)
    parameters: dict[str, Any] = call.params if call else {}
    return str(template.render(parameters.get("_pytest_bdd_example", {})).name)


def _template(item: pytest.Item) -> Any:
    registry = sys.modules["pytest_bdd.scenario"].scenario_wrapper_template_registry
    return registry[item.obj]  # type: ignore[attr-defined]
