"""Prometheus' text format, for the textfile collector of its node exporter."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from vmfex.checks.result.certification import Certification, Decision
from vmfex.checks.result.verdict import Verdict
from vmfex.reports.formats.context import Context
from vmfex.reports.formats.telling import line, yes

WORDS = {  # the value of the label `verdict`
    Verdict.VIOLATED: "violated",
    Verdict.UNDETERMINED: "undetermined",
    Verdict.WAIVED: "waived",
    Verdict.COMPLIANT: "compliant",
    Verdict.NOT_APPLICABLE: "not_applicable",
}
NOT_RUN = "not_run"
LIMIT = 200  # characters of a label

Labels = dict[str, str]
Sample = tuple[Labels, float]


def render(hosts: Sequence[Certification], _context: Context) -> str:
    """Each metric once, with a sample for each host."""
    metrics = (
        ("vmfex_decision", "Which decision the host has.", _decisions),
        ("vmfex_rules", "How many rules have each verdict.", _counts),
        ("vmfex_rule_verdict", "Which verdict a rule has.", _rules),
        ("vmfex_judged_timestamp_seconds", "When the host was judged.", _judged),
        ("vmfex_build_info", "What judged the host, and how.", _program),
    )
    return "".join(
        f"# HELP {name} {about}\n# TYPE {name} gauge\n{_lines(name, samples(hosts))}"
        for name, about, samples in metrics
    )


def _decisions(hosts: Iterable[Certification]) -> Iterator[Sample]:
    for of in hosts:
        for decision in Decision:
            yield {"host": of.host, "decision": decision}, of.decision is decision


def _counts(hosts: Iterable[Certification]) -> Iterator[Sample]:
    for of in hosts:
        for verdict, number in of.counts.items():
            yield {"host": of.host, "verdict": WORDS[verdict]}, number
        yield {"host": of.host, "verdict": NOT_RUN}, len(of.not_run)


def _rules(hosts: Iterable[Certification]) -> Iterator[Sample]:
    for of in hosts:
        for result in of.results:
            about = {"severity": result.rule.severity, "decides": yes(of.decides(result))}
            head = {"host": of.host, "rule": result.rule.id}
            yield head | {"verdict": WORDS[result.verdict]} | about, 1
        for id_ in of.not_run:
            about = {"severity": "", "decides": "yes"}
            yield {"host": of.host, "rule": id_, "verdict": NOT_RUN} | about, 1


def _judged(hosts: Iterable[Certification]) -> Iterator[Sample]:
    for of in hosts:
        yield {"host": of.host}, datetime.fromisoformat(of.finished).timestamp()


def _program(hosts: Iterable[Certification]) -> Iterator[Sample]:
    for of in hosts:
        about = {"constructed": of.constructed, "strict": of.strict, "guide_only": of.guide_only}
        head = {"host": of.host, "version": of.version, "ruleset": of.ruleset}
        yield head | {name: yes(value) for name, value in about.items()}, 1


def _lines(name: str, samples: Iterable[Sample]) -> str:
    return "".join(f"{name}{{{_labels(labels)}}} {value:.15g}\n" for labels, value in samples)


def _labels(labels: Labels) -> str:
    return ",".join(f'{key}="{_label(value)}"' for key, value in labels.items())


def _label(value: str) -> str:
    return line(value, LIMIT).replace("\\", "\\\\").replace('"', '\\"')
