"""What a format may need beside the records: where rules stand, and who mends what until when."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Place:
    """A feature file, as the project has it, and the line on which the rule begins."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Assignment:
    """What a person wrote beside an action: who mends it, until which day (ISO 8601), how far."""

    owner: str = ""
    due: str = ""
    status: str = ""


Key = tuple[str, str, str]  # rule, host and subject, as the action plan shows them
RULE_LIST = Place("features/rules.csv", 1)


@dataclass(frozen=True, slots=True)
class Context:
    """`places` are those of the installed rule set, whose digest is `ruleset`. What was due before
    `today` (ISO 8601), and not before the host was judged only, is overdue."""

    places: Mapping[str, Place] = field(default_factory=dict)
    ruleset: str = ""
    assigned: Mapping[Key, Assignment] = field(default_factory=dict)
    today: str = ""

    def place(self, rule_id: str) -> Place:
        """Where the rule stands; a rule that is not installed is looked for in their list."""
        return self.places.get(rule_id, RULE_LIST)
