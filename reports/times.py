"""When a host was judged, and when and how its evidence was read."""

from collections.abc import Iterator

from vmfex.checks.result.certification import Certification
from vmfex.checks.result.reading import OLD, in_days


def moment(at: str) -> str:
    """An instant as people read it: 2026-03-01 10:00 UTC."""
    return f"{at[:10]} {at[11:16]} UTC" if len(at) >= 16 else "at a time that is not known"


def ages(certification: Certification) -> Iterator[tuple[str, str, str, bool]]:
    """Of each reading: what, how, when with its age, and whether that is old."""
    for reading in certification.readings:
        age = reading.age(certification.started)
        if age is None:
            when = "the evidence does not tell when"
        elif age < OLD:
            when = moment(reading.at)
        else:
            when = f"{moment(reading.at)}, {in_days(age)} before this certificate"
        yield reading.what, reading.how, when, age is None or age >= OLD


def oldest(certification: Certification) -> str:
    """How old the oldest evidence was when the host was judged, if that is more than a day."""
    known = (reading.age(certification.started) for reading in certification.readings)
    age = max((age for age in known if age is not None), default=0)
    return in_days(age) if age >= OLD else ""
