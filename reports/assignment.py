"""Who mends what until when: what an action has of a filled action plan."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from vmfex.reports.actions import Action


@dataclass(frozen=True, slots=True)
class Assigned:
    """What a person wrote; `due` is a day in ISO 8601, and `overdue` where that has passed. `of`
    names the subjects, where others of the action have another assignment or none."""

    owner: str
    due: str
    overdue: bool
    status: str
    of: str = ""

    @property
    def line(self) -> str:
        late = ", OVERDUE" if self.overdue else ""
        parts = (
            self.owner and f"owner {self.owner}",
            self.due and f"due {self.due}{late}",
            self.status and f"status: {self.status}",
            self.of and f"of {self.of}",
        )
        return "; ".join(filter(None, parts))


AssignedTo = Callable[[Action], Sequence[Assigned]]


def nobody(_action: Action) -> Sequence[Assigned]:
    """Without a filled action plan."""
    return ()
