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

import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from vmfex.checks.result.certification import Certification, Decision, RuleResult
from vmfex.checks.result.verdict import Finding, Verdict
from vmfex.checks.text import harmless, one_line, shorten
from vmfex.reports.view import purpose, tally, why_not

_TOLD = (Verdict.VIOLATED, Verdict.UNDETERMINED, Verdict.WAIVED)
_MESSAGE_LIMIT = 300  # characters; a message is what a CI shows in a list, the body has all
_TEXT_LIMIT = 4000  # characters of what one finding read; the record has the rest


def render(certification: Certification, host: str = "") -> str:
    """The XML document. `host` is what tells it apart from others, its own name by default."""
    host = one_line(host or certification.host)
    suite = ET.Element("testsuite", name=f"vmfex {host}", hostname=one_line(certification.host))
    suite.append(_properties(_of_suite(certification)))
    cases = [_case(certification, result, host) for result in certification.results]
    cases += [_not_run(rule_id, host) for rule_id in certification.not_run]
    cases += _unexplained(certification, cases, host)
    suite.extend(cases)
    counts = {
        "tests": str(len(cases)),
        "failures": _how_many(cases, "failure"),
        "errors": _how_many(cases, "error"),
        "time": _seconds(certification),
    }
    suite.attrib |= counts | {
        "skipped": _how_many(cases, "skipped"),
        "timestamp": certification.started[:19],  # UTC; the format has no place for a zone
    }
    return _document(suite, counts)


def without_record(host: str, reason: str, started: str) -> str:
    """The XML document of a host that left no record, so that it is missing nowhere: an error."""
    case = _testcase(host, "certification", "The host has a record")
    _add(case, "error", one_line(reason or "the program failed"), kind="no record")
    counts = {"tests": "1", "failures": "0", "errors": "1", "time": "0.000"}
    suite = ET.Element("testsuite", name=f"vmfex {one_line(host)}", hostname=one_line(host))
    suite.attrib |= counts | {"skipped": "0", "timestamp": started[:19]}
    suite.append(_properties({"decision": "none", "started": started}))
    suite.append(case)
    return _document(suite, counts)


def _document(suite: ET.Element, counts: Mapping[str, str]) -> str:
    root = ET.Element("testsuites", {"name": "vmfex", **counts})
    root.append(suite)
    ET.indent(root)
    body = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


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
    begin = document.index("<testsuites")
    end = document.index(">", begin) + 1  # which stands in no attribute: there it is `&gt;`
    head = ET.fromstring(f"{document[begin:end]}</testsuites>")
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


def _case(certification: Certification, result: RuleResult, host: str) -> ET.Element:
    rule = result.rule
    case = _testcase(host, rule.area, f"{rule.id} {rule.title}")
    _speak(case, certification, result)
    out = case.find("system-out")
    if out is None:
        out = ET.SubElement(case, "system-out")
    about = (
        f"verdict: {result.verdict}\nseverity: {rule.severity}\nderived: {_yes(rule.derived)}\n"
        f"decides: {_yes(certification.decides(result))}\nsource: {one_line(rule.source)}"
    )
    out.text = f"{about}\n{out.text}" if out.text else about
    return case


def _testcase(host: str, area: str, name: str) -> ET.Element:
    classname = f"{host}.{one_line(area)}"
    return ET.Element("testcase", classname=classname, name=one_line(name), time="0")


def _speak(case: ET.Element, certification: Certification, result: RuleResult) -> None:
    verdict, aside = result.verdict, why_not(certification, result)
    if verdict is Verdict.COMPLIANT:
        return
    message, told = _message(result), _story(certification, result)
    if aside and verdict in (Verdict.VIOLATED, Verdict.UNDETERMINED):
        _add(case, "skipped", f"{verdict}, decides nothing ({aside}): {message}")
        ET.SubElement(case, "system-out").text = told
    elif verdict is Verdict.VIOLATED:
        _add(case, "failure", message, told, verdict)
    elif verdict is Verdict.UNDETERMINED:
        _add(case, "error", message, told, verdict)
    else:
        _add(case, "skipped", f"{verdict}: {message}")
        ET.SubElement(case, "system-out").text = told


def _add(case: ET.Element, tag: str, message: str, text: str = "", kind: str = "") -> None:
    attributes = {"message": message[:_MESSAGE_LIMIT]} | ({"type": str(kind)} if kind else {})
    ET.SubElement(case, tag, attributes).text = text or None


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


def _not_run(rule_id: str, host: str) -> ET.Element:
    case = _testcase(host, "not run", rule_id)
    _add(case, "skipped", "not run: the rule was not selected")
    return case


def _unexplained(
    certification: Certification, cases: list[ET.Element], host: str
) -> list[ET.Element]:
    """A testcase for an incomplete run in which no rule is in error; a suite may not look green."""
    in_error = any(case.find("error") is not None for case in cases)
    if certification.decision is not Decision.INCOMPLETE or in_error:
        return []
    case = _testcase(host, "vmfex", "decision")
    _add(case, "error", f"INCOMPLETE: {tally(certification)}", kind="incomplete")
    return [case]


def _properties(values: dict[str, str]) -> ET.Element:
    properties = ET.Element("properties")
    for name, value in values.items():
        ET.SubElement(properties, "property", name=name, value=one_line(value))
    return properties


def _how_many(cases: list[ET.Element], tag: str) -> str:
    return str(sum(case.find(tag) is not None for case in cases))


def _seconds(certification: Certification) -> str:
    begun, ended = map(datetime.fromisoformat, (certification.started, certification.finished))
    return f"{(ended - begun).total_seconds():.3f}"


def _yes(value: bool) -> str:
    return "yes" if value else "no"
