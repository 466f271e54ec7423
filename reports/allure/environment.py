"""What Allure shows beside the results: environment.properties."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from vmfex.checks.result.certification import Certification
from vmfex.checks.text import shorten

BESIDE = ("Topologies", "Judged", "Evidence-read", "Evidence-lost", "Left-out", "Accepted")
FILE = "environment.properties"
NOT_PLAIN = re.compile(r"[^ -~]|\\")  # all but what ASCII shows, and the backslash
MOST_SHOWN = 1000  # characters of a value; the record has the rest


def environment(certification: Certification) -> dict[str, str]:
    """What Allure shows beside one host's results."""
    waivers = "; ".join(_accepted(certification))
    return {
        "Host": certification.host,
        "Decision": certification.decision,
        "Topologies": ", ".join(sorted(certification.topologies)) or "no topology was judged",
        "Constructed": str(certification.constructed),
        "Judged": certification.started,
        "Evidence-read": "; ".join(_read(certification)) or "nobody knows when",
        **({"Evidence-lost": certification.lost} if certification.lost else {}),
        **({"Left-out": _left_out(certification)} if certification.out_of_scope else {}),
        **({"Accepted": waivers} if waivers else {}),
        **({"SHA-256": certification.digest} if certification.digest else {}),
        "vmfex": certification.version,
        "Ruleset": certification.ruleset,
        **({"Note": "; ".join(certification.notes)} if certification.notes else {}),
    }


def beside(certification: Certification) -> dict[str, str]:
    """What of it tells hosts apart that are shown together."""
    values = environment(certification)
    return {name: shorten(values[name], MOST_SHOWN) for name in BESIDE if name in values}


def of_all(
    hosts: Sequence[tuple[str, str, Mapping[str, str]]], decisions: str, version: str
) -> dict[str, str]:
    """What Allure shows beside the results of several hosts: of each its label, its decision, and
    what is told beside it, of which the page shows the first words. `decisions` counts them."""
    values = {"Hosts": str(len(hosts)), "Decisions": decisions, "vmfex": version}
    return values | {
        f"Host-{n}": "; ".join(
            [f"{decision}: {label}", *(f"{name}: {value}" for name, value in beside.items())]
        )
        for n, (label, decision, beside) in enumerate(hosts, start=1)
    }


def counted(decided: Sequence[str], order: Sequence[str]) -> str:
    """How many hosts have which decision, in this order."""
    return ", ".join(f"{decided.count(name)} {name}" for name in order if name in decided)


def _read(certification: Certification) -> list[str]:
    return [
        f"{reading.what}, {reading.how}: {reading.at or 'nobody knows when'}"
        for reading in certification.readings
    ]


def _left_out(certification: Certification) -> str:
    vms = certification.out_of_scope
    return f"{len(vms)} by the plan: {', '.join(vms)}"


def _accepted(certification: Certification) -> list[str]:
    """What people said of findings of this host, each once. What it comes to is in the results."""
    told = (
        f"{result.rule.id}: {certification.accepted[finding.accepted].label}"
        for result in certification.results
        for finding in result.findings
        if finding.accepted is not None
    )
    return list(dict.fromkeys(told))


def write_environment(results: Path, values: dict[str, str]) -> None:
    """environment.properties, which Allure shows beside the results."""
    (results / FILE).write_text(properties(values), "ascii")


def properties(values: dict[str, str]) -> str:
    """The text of that file."""
    return "".join(f"{key}={_escaped(value)}\n" for key, value in values.items())


def _escaped(value: str) -> str:
    """As Java reads properties: ASCII, and UTF-16 in escapes."""
    return NOT_PLAIN.sub(_in_escapes, shorten(value, MOST_SHOWN))


def _in_escapes(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i : i + 2].hex()}" for i in range(0, len(units), 2))
