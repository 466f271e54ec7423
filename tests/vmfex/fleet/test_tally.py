"""How far a run is."""

from vmfex.checks.result.certification import Decision
from vmfex.fleet.tally import Tally


def test_at_the_beginning() -> None:
    """Nothing is said of a rate that nobody knows."""
    assert str(Tally(10, lambda: 0.0)) == "0 of 10 judged"


def test_on_the_way() -> None:
    """Four hosts in two seconds leave six for three seconds; the worst decision comes first."""
    clock = iter([0.0, 2.0])
    tally = Tally(10, lambda: next(clock))
    for decision in (Decision.CERTIFIED, Decision.CERTIFIED, Decision.NOT_CERTIFIED, None):
        tally.add(decision)
    assert str(tally) == (
        "4 of 10 judged (1 without a decision, 1 NOT CERTIFIED, 2 CERTIFIED), 2.0 a second, "
        "3 s left"
    )


def test_what_was_judged_before_is_no_speed() -> None:
    """Of a run that is resumed: one host in ten seconds, and 90 are left."""
    clock = iter([0.0, 10.0])
    tally = Tally(100, lambda: next(clock))
    for number in range(10):
        tally.add(Decision.CERTIFIED, before=number > 0)
    assert str(tally) == "10 of 100 judged (10 CERTIFIED), 0.1 a second, 15 min left"
