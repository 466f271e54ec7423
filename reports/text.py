"""What a person reads: on the terminal after a run, and from `vmfex report text`."""

from collections.abc import Iterator, Mapping
from typing import TextIO

from vmfex.checks.result.certification import Certification, RuleResult
from vmfex.checks.result.verdict import Finding, Verdict
from vmfex.checks.text import one_line
from vmfex.reports.assignment import AssignedTo, nobody
from vmfex.reports.text_accepted import accepted_findings
from vmfex.reports.text_lines import COLOURS, LOUD, Lines, name, places
from vmfex.reports.text_todo import in_brief, told, what_to_do
from vmfex.reports.times import ages, moment, oldest
from vmfex.reports.view import purpose, tally, why_not


def wants_colour(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether `stream` is a terminal whose user has not asked for plain text."""
    plain = environment.get("NO_COLOR") or environment.get("TERM") == "dumb"
    return stream.isatty() and not plain


def render(
    certification: Certification,
    *,
    width: int = 80,
    colour: bool = False,
    quiet: bool = False,
    verbose: bool = False,
    report: str = "",
    assigned: AssignedTo = nobody,
) -> str:
    """The whole report, ending with the line of the decision; that line alone when `quiet`, with
    the rules that decide against the host and the first cause.

    What is wrong stands last, where a terminal leaves its reader. `report` is the path that the
    last line shows; `assigned` says who has to mend what. Words longer than `width` are not broken,
    so that paths and commands can be copied.
    """
    page = _Page(Lines(width, colour), certification, assigned)
    last = page.last_line(in_brief(certification) if quiet else "", report)
    if quiet:
        return f"{last}\n"
    lines = [*page.head(), ""]
    for result in certification.results:
        lines += page.rule(result, verbose)
    lines += page.end(verbose)
    return "\n".join([*lines, "", last]) + "\n"


class _Page:
    def __init__(self, lines: Lines, certification: Certification, assigned: AssignedTo) -> None:
        self._lines, self._of, self._assigned = lines, certification, assigned
        self._told = told(certification)

    def head(self) -> Iterator[str]:
        of, labelled = self._of, self._lines.labelled
        host = name(of.host)
        if of.constructed:
            host += " (constructed: no real host gave this evidence)"
        yield from labelled("host:", host, 0)
        if of.digest:
            yield from labelled("file:", f"sha256 {of.digest}", 0)
        aim = purpose(of)
        yield from labelled("judged:", f"for {aim}" if of.topologies else aim, 0)
        yield from labelled("when:", one_line(moment(of.started)), 0)
        for what, how, when, old in ages(of):
            text = name(f"{what}, {how}, {when}")
            first, *rest = labelled("read:", f"! {text}" if old else text, 0)
            yield from (self._lines.painted(line, LOUD) if old else line for line in [first, *rest])
        tool = f"vmfex {of.version}, rule set {of.ruleset}"
        yield from labelled("by:", one_line(tool), 0)
        if of.strict:
            yield from labelled("strict:", "every derived rule counts for the decision", 0)
        if of.guide_only:
            only = "what libvirt, the kernel and UCS Manager refuse does not count for the decision"
            yield from labelled("guide:", f"its own rules alone: {only}", 0)
        yield from labelled("lost:", name(of.lost), 0)
        for note in of.notes:
            yield from labelled("note:", name(note), 0)

    def rule(self, result: RuleResult, verbose: bool) -> Iterator[str]:
        """Its line; when `verbose`, with the findings that are not told of below."""
        aside = why_not(self._of, result)
        title = one_line(result.rule.title) + (f" [{aside}]" if aside else "")
        word = f"{result.verdict:<14}"
        head = f"{one_line(result.rule.id):<6}  {word}  "
        yield from self._lines.headed(head, title, word, COLOURS[result.verdict])
        for finding in result.findings if verbose else ():
            if not (id(finding) in self._told or finding.accepted is not None):
                yield from self._finding(finding, result.verdict)

    def _finding(self, finding: Finding, of_rule: Verdict) -> Iterator[str]:
        note = "" if finding.verdict is of_rule else f" ({finding.verdict})"
        yield from self._lines.wrapped(name(finding.subject) + note, 8)
        yield from self._lines.labelled("read:", name(finding.observed), 10)
        yield from self._lines.labelled("from:", places(finding), 10)
        yield from self._lines.labelled("wanted:", name(finding.wanted), 10)

    def end(self, verbose: bool) -> Iterator[str]:
        of = self._of
        yield from accepted_findings(self._lines, of, self._told)
        yield from what_to_do(self._lines, of, verbose, self._assigned)
        if of.not_run:
            yield ""
            yield from self._lines.labelled("not run:", ", ".join(of.not_run), 0)
        if of.out_of_scope:
            yield ""
            yield from self._lines.wrapped("Out of scope by the plan, and not judged:", 0)
            for vm in of.out_of_scope:
                yield from self._lines.wrapped(name(vm), 8)

    def last_line(self, brief: str, report: str) -> str:
        """Never wrapped: a script or a person takes it with `tail -1`."""
        of = self._of
        names = " and ".join(sorted(of.topologies))
        aim = f" for {names}" if names else " (no topology was judged)"
        age = f"; old evidence: {old} before it was judged" if (old := oldest(of)) else ""
        end = f"; report: {report}" if report else ""
        notes = "".join(f"; note: {name(note)}" for note in of.notes)
        rest = f"{aim}: {name(of.host)}: {tally(of)}{brief}{age}{notes}{end}"
        return self._lines.painted(of.decision, COLOURS[of.decision]) + one_line(rest)
