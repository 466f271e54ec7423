"""The models of fabric interconnects, as a table of a feature has them."""

from vmfex.checks.rules.interconnect import Models
from vmfex.steps.vocabulary import Table, rows


def models_in(table: Table) -> Models:
    """Columns: model, VM-FEX (yes or no), said by. A model that has both is one without."""
    said = [(row["model"], row["VM-FEX"]) for row in rows(table)]
    return Models(
        carrying=tuple(model for model, carries in said if carries == "yes"),
        lacking=tuple(model for model, carries in said if carries != "yes"),
    )
