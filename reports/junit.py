"""JUnit XML, for a CI that knows nothing of verdicts.

One testcase per rule. What decides and is violated is a failure, what decides and is undetermined
an error; not applicable, waived and not run are skipped, with the reason. What decides nothing
(advice; what cannot be known of a host that has no topology yet) is never a failure or an error,
and never looks like a pass either: violated or undetermined, it is skipped, with its findings in
`system-out`. So the suite is red exactly where the decision is
not a certificate: an incomplete run in which no rule is in error gets a testcase of its own.

Suite and class carry the host, since viewers key a case by suite, class and name. A testcase has
neither properties nor a status, which Jenkins' schema (junit-10.xsd) refuses there: its verdict and
what else is told of the rule are the first lines of `system-out`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from html import escape
from typing import NamedTuple

from vmfex.checks.result.certification import Certification, Decision, RuleResult
from vmfex.checks.result.rule import Rule
from vmfex.checks.result.verdict import Finding, Verdict
from vmfex.checks.text import harmless, one_line, shorten
from vmfex.reports.view import purpose, tally, why_not

_TAGS = {Verdict.VIOLATED: "failure", Verdict.UNDETERMINED: "error"}  # where they decide
_TOLD = (Verdict.VIOLATED, Verdict.UNDETERMINED, Verdict.WAIVED)
_MESSAGE_LIMIT = 300  # characters; a message is what a CI shows in a list, the body has all
_TEXT_LIMIT = 4000  # characters of what one finding read; the record has the rest


class _Case(NamedTuple):
    """A testcase, and the tag of what it is other than passed: failure, error or skipped."""

    tag: str
    xml: str


def render(certification: Certification, host: str = "") -> str:
    """The XML document. `host` is what tells it apart from others, its own name by default."""
    host = one_line(host or certification.host)
    cases = [_case(certification, result, host) for result in certification.results]
    cases += [_not_run(rule_id, host) for rule_id in certification.not_run]
    cases += _unexplained(certification, cases, host)
    return _document(
        {"name": f"vmfex {host}", "hostname": one_line(certification.host)},
        _of_suite(certification),
        cases,
        _seconds(certification),
        certification.started,
    )


def without_record(host: str, reason: str, started: str) -> str:
    """The XML document of a host that left no record, so that it is missing nowhere: an error."""
    host = one_line(host)
    error = _problem("error", one_line(reason or "the program failed"), kind="no record")
    case = _testcase(host, "certification", "The host has a record", error)
    suite = {"name": f"vmfex {host}", "hostname": host}
    told = {"decision": "none", "started": started}
    return _document(suite, told, [_Case("error", case)], "0.000", started)


def _document(
    suite: Mapping[str, str],
    told: Mapping[str, str],
    cases: Sequence[_Case],
    seconds: str,
    started: str,
) -> str:
    """Indented by two blanks, as each part of it is by its depth."""
    tags = Counter(case.tag for case in cases)
    counts = {
        "tests": str(len(cases)),
        "failures": str(tags["failure"]),
        "errors": str(tags["error"]),
        "time": seconds,
    }
    # The time is in UTC; the format has no place for a zone.
    more = {"skipped": str(tags["skipped"]), "timestamp": started[:19]}
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f"<testsuites{_attributes({'name': 'vmfex', **counts})}>",
        f"  <testsuite{_attributes({**suite, **counts, **more})}>",
        "    <properties>",
        *(
            f"      <property{_attributes({'name': name, 'value': one_line(value)})} />"
            for name, value in told.items()
        ),
        "    </properties>",
        *(case.xml for case in cases),
        "  </testsuite>",
        "</testsuites>\n",
    ]
    return "\n".join(lines)


def combine(documents: Callable[[], Iterable[str]]) -> Iterator[str]:
    """One document with every suite of those that `render` made, counts added up. It comes in
    parts, and `documents` is called twice: of a thousand hosts all is too large to be held."""
    counts, seconds = dict.fromkeys(("tests", "failures", "errors"), 0), 0.0
    for document in documents():
        head = _head(document)[0]
        counts = {name: number + int(head.get(name, "0")) for name, number in counts.items()}
        seconds += float(head.get("time", "0"))
    root = {**counts, "time": f"{seconds:.3f}"}
    told = "".join(f' {name}="{value}"' for name, value in root.items())
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="vmfex"{told}>'
    for document in documents():
        yield _head(document)[1]
    yield "</testsuites>\n"


def _head(document: str) -> tuple[Mapping[str, str], str]:
    """The attributes of a document that `render` made, and the suite in it."""
    from xml.etree.ElementTree import fromstring  # here, because one host does without

    begin = document.index("<testsuites")
    end = document.index(">", begin) + 1  # which stands in no attribute: there it is `&gt;`
    head = fromstring(f"{document[begin:end]}</testsuites>")
    return head.attrib, document[end : document.rindex("</testsuites>")]


def _of_suite(certification: Certification) -> dict[str, str]:
    notes = {f"note {n}": note for n, note in enumerate(certification.notes, start=1)}
    return {
        "decision": str(certification.decision),
        "judged": purpose(certification),
        "host": certification.host,
        "constructed": _yes(certification.constructed),
        **({"sha256": certification.digest} if certification.digest else {}),
        **({"lost": certification.lost} if certification.lost else {}),
        "strict": _yes(certification.strict),
        "guide_only": _yes(certification.guide_only),
        "tool": f"vmfex {certification.version}",
        "ruleset": certification.ruleset,
        "started": certification.started,
        "finished": certification.finished,
        "counts": tally(certification),
        **notes,
    } | {f"out_of_scope {n}": vm for n, vm in enumerate(certification.out_of_scope, start=1)}


def _case(certification: Certification, result: RuleResult, host: str) -> _Case:
    rule = result.rule
    tag, problem, story = _spoken(certification, result)
    out = _about(rule, result.verdict, certification.decides(result))
    out += f"\n{_escaped(story)}" if story else ""
    spoken = [*problem, f"      <system-out>{out}</system-out>"]
    return _Case(tag, _testcase(host, rule.area, f"{rule.id} {rule.title}", *spoken))


@lru_cache(maxsize=1024)
def _about(rule: Rule, verdict: Verdict, decides: bool) -> str:
    """Escaped, and the same for every host."""
    return _escaped(
        f"verdict: {verdict}\nseverity: {rule.severity}\nderived: {_yes(rule.derived)}\n"
        f"decides: {_yes(decides)}\nsource: {one_line(rule.source)}"
    )


def _testcase(host: str, area: str, name: str, *parts: str) -> str:
    head = f'<testcase classname="{_line(f"{host}.{area}")}" name="{_line(name)}" time="0">'
    return "\n".join([f"    {head}", *parts, "    </testcase>"])


@lru_cache(maxsize=1024)  # of a rule it is the same for every host
def _line(text: str) -> str:
    """As an attribute has it."""
    return _escaped(one_line(text), quote=True)


def _spoken(certification: Certification, result: RuleResult) -> tuple[str, list[str], str]:
    """The tag, its element, and what of the story is not in it."""
    verdict, aside = result.verdict, why_not(certification, result)
    if verdict is Verdict.COMPLIANT:
        return "", [], ""
    message, story = _message(result), _story(certification, result)
    if verdict in _TAGS and not aside:
        tag = _TAGS[verdict]
        return tag, [_problem(tag, message, story, verdict)], ""
    why = f"{verdict}, decides nothing ({aside})" if verdict in _TAGS else str(verdict)
    return "skipped", [_problem("skipped", f"{why}: {message}")], story


def _problem(tag: str, message: str, text: str = "", kind: str = "") -> str:
    of = _attributes({"message": message[:_MESSAGE_LIMIT]} | ({"type": kind} if kind else {}))
    return f"      <{tag}{of}>{_escaped(text)}</{tag}>" if text else f"      <{tag}{of} />"


def _attributes(values: Mapping[str, str]) -> str:
    """Of texts on one line."""
    return "".join(f' {name}="{_escaped(text, quote=True)}"' for name, text in values.items())


def _message(result: RuleResult) -> str:
    """The findings that gave the rule its verdict, as one line."""
    of_it = [f for f in result.findings if f.verdict is result.verdict]
    told = "; ".join(f"{f.subject}: {f.observed}" for f in of_it[:3])
    more = f"; and {len(of_it) - 3} more" if len(of_it) > 3 else ""
    return one_line(told + more) or "no finding"


def _story(certification: Certification, result: RuleResult) -> str:
    shown = [f for f in result.findings if f.verdict in (*_TOLD, result.verdict)]
    lines = [line for f in shown for line in (*_finding(f), *_said(certification, f))]
    if result.verdict in _TOLD:
        lines.append(f"remedy: {harmless(result.rule.remedy)}")
    return "\n".join(lines)


def _finding(finding: Finding) -> Iterable[str]:
    yield f"{one_line(finding.subject)}: {finding.verdict}"
    yield f"  read: {shorten(one_line(finding.observed), _TEXT_LIMIT)}"
    places = dict.fromkeys(evidence.where for evidence in finding.evidence)
    yield from (f"  from: {one_line(place)}" for place in places)
    yield f"  wanted: {shorten(one_line(finding.wanted), _TEXT_LIMIT)}"
    if finding.remedy:
        remedy = shorten(harmless(finding.remedy), _TEXT_LIMIT)
        yield "  do: " + remedy.replace("\n", "\n      ")


def _said(certification: Certification, finding: Finding) -> Iterable[str]:
    """Who accepts it or objects to it, and why."""
    if finding.accepted is not None:
        said = certification.accepted[finding.accepted]
        over = finding.verdict is not Verdict.WAIVED and said.expires is not None
        ended = ", which has ended" if over else ""
        yield f"  {one_line(said.label)}{ended}: {one_line(said.text)}"


def _not_run(rule_id: str, host: str) -> _Case:
    skipped = _problem("skipped", "not run: the rule was not selected")
    return _Case("skipped", _testcase(host, "not run", rule_id, skipped))


def _unexplained(certification: Certification, cases: Sequence[_Case], host: str) -> list[_Case]:
    """A testcase for an incomplete run in which no rule is in error; a suite may not look green."""
    in_error = any(case.tag == "error" for case in cases)
    if certification.decision is not Decision.INCOMPLETE or in_error:
        return []
    error = _problem("error", f"INCOMPLETE: {tally(certification)}", kind="incomplete")
    return [_Case("error", _testcase(host, "vmfex", "decision", error))]


def _seconds(certification: Certification) -> str:
    begun, ended = map(datetime.fromisoformat, (certification.started, certification.finished))
    return f"{(ended - begun).total_seconds():.3f}"


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _escaped(text: str, *, quote: bool = False) -> str:
    escaped = escape(text, quote=False)
    return escaped.replace('"', "&quot;") if quote else escaped
