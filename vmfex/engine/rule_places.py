"""Where each rule stands in the feature files."""

from pathlib import Path

from vmfex.engine.catalogue import FEATURES
from vmfex.engine.rule_list import RULE_ID
from vmfex.reports.formats.context import Place


def rule_places(features: Path = FEATURES) -> dict[str, Place]:
    """The file of each rule, as the project has it, and the line of its `Rule:`, by its id."""
    places = {}
    for path in sorted(features.rglob("*.feature")):
        tags: list[str] = []
        for number, text in enumerate(path.read_text("utf-8").splitlines(), start=1):
            said = text.strip()
            if said.startswith("@"):
                tags += said.split()
            elif said.startswith("Rule:"):
                ids = (tag[1:] for tag in tags if RULE_ID.fullmatch(tag[1:]))
                file = f"features/{path.relative_to(features)}"
                places.update({id_: Place(file, number) for id_ in ids})
            if said and not said.startswith(("@", "#")):
                tags = []
    return places
