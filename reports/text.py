"""What a person reads: on the terminal after a run, and from `vmfex report text`."""

from collections.abc import Iterator, Mapping
from textwrap import wrap
from typing import TextIO

from vmfex.checks.result.certification import Certification, Decision, RuleResult
from vmfex.checks.result.verdict import Finding, Verdict
from vmfex.checks.text import harmless, one_line, shorten
from vmfex.reports.causes import Cause, beside, causes_of, numbers
from vmfex.reports.view import purpose, remedy, tally, why_not

SHOWN = (Verdict.VIOLATED, Verdict.UNDETERMINED, Verdict.WAIVED)
OBSERVED_LIMIT = 600  # characters of a finding's text that help a reader before the record does
PLACES_LIMIT = 6  # places that one finding was read from
OTHER_WAY = "Read it in another way: as root, by ssh://HOST, or from a capture made by root."
NARROWEST = 40  # columns; below it the labels alone would fill a line

COLOURS = {
    Verdict.VIOLATED: "31",
    Verdict.UNDETERMINED: "33",
    Verdict.WAIVED: "35",
    Verdict.COMPLIANT: "32",
    Verdict.NOT_APPLICABLE: "2",
    Decision.NOT_CERTIFIED: "1;31",
    Decision.INCOMPLETE: "1;33",
    Decision.CERTIFIED_WITH_WAIVERS: "1;35",
    Decision.CERTIFIED: "1;32",
}


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
) -> str:
    """The whole report, ending with the line of the decision; that line alone when `quiet`.

    `report` is the path that the last line shows; words longer than `width` are not broken, so
    that paths and commands can be copied.
    """
    page = _Page(max(width, NARROWEST), colour)
    last = page.last_line(certification, report)
    if quiet:
        return f"{last}\n"
    causes = {} if verbose else causes_of(certification.results)
    lines = [*page.head(certification), ""]
    for cause in {cause.number: cause for cause in causes.values()}.values():
        lines += page.cause(cause)
    for result in certification.results:
        lines += page.rule(certification, result, verbose, causes)
    lines += page.foot(certification)
    return "\n".join([*lines, "", last]) + "\n"


class _Page:
    def __init__(self, width: int, colour: bool) -> None:
        self._width, self._colour = width, colour

    def head(self, certification: Certification) -> Iterator[str]:
        host = _name(certification.host)
        if certification.constructed:
            host += " (constructed: no real host gave this evidence)"
        yield from self._labelled("host:", host, 0)
        if certification.digest:
            yield from self._labelled("file:", f"sha256 {certification.digest}", 0)
        aim = purpose(certification)
        aim = f"for {aim}" if certification.topologies else aim
        yield from self._labelled("judged:", aim, 0)
        tool = f"vmfex {certification.version}, rule set {certification.ruleset}"
        yield from self._labelled("by:", one_line(tool), 0)
        if certification.strict:
            yield from self._labelled("strict:", "every derived rule counts for the decision", 0)
        if certification.guide_only:
            only = "what libvirt, the kernel and UCS Manager refuse does not count for the decision"
            yield from self._labelled("guide:", f"its own rules alone: {only}", 0)
        yield from self._labelled("lost:", _name(certification.lost), 0)
        for note in certification.notes:
            yield from self._labelled("note:", _name(note), 0)

    def cause(self, cause: Cause) -> Iterator[str]:
        """What several rules could not read, told once before them."""
        yield f"Cause {cause.number}: {len(cause.rules)} rules are undetermined for one reason"
        yield from self._labelled("unread:", _name(cause.reason), 10)
        for consequence in cause.consequences:
            yield from self._labelled("so:", _name(consequence), 10)
        yield from self._labelled("from:", _places(cause.finding), 10)
        yield from self._labelled("rules:", ", ".join(map(one_line, cause.rules)), 10)
        advice = cause.remedy or OTHER_WAY
        yield from self._labelled("do:", _short(harmless(advice)), 10)
        yield ""

    def rule(
        self,
        certification: Certification,
        result: RuleResult,
        verbose: bool,
        causes: Mapping[str, Cause],
    ) -> Iterator[str]:
        rule, verdict = result.rule, result.verdict
        aside = why_not(certification, result)
        title = one_line(rule.title) + (f" [{aside}]" if aside else "")
        findings = [f for f in result.findings if verbose or f.verdict in SHOWN]
        known = {id(f): causes[f.observed] for f in findings if _is_of(causes, f)}
        told = {cause.number for cause in known.values()}
        findings = [f for f in findings if id(f) not in known or not known[id(f)].tells_all_of(f)]
        if told and not findings:
            title += f" (cause{'s' if len(told) > 1 else ''} {numbers(told)}, above)"
        first, *rest = self._wrapped(title, 24)
        word = self._painted(f"{verdict:<14}", verdict)
        yield f"{one_line(rule.id):<6}  {word}  {first.lstrip()}"
        yield from rest
        for finding in findings:
            yield from self._finding(beside(known.get(id(finding)), finding), verdict)
        told -= {known[id(f)].number for f in findings if id(f) in known}
        if told and findings:
            yield from self._labelled("unread:", f"the rest: cause {numbers(told)}, above", 10)
        if not result.findings:
            yield from self._wrapped("no finding: nothing was judged, which is never a pass", 8)
        if verdict in SHOWN and not (result.findings and all(f.remedy for f in findings)):
            yield from self._labelled("remedy:", harmless(remedy(result)), 8)

    def _finding(self, finding: Finding, of_rule: Verdict) -> Iterator[str]:
        note = "" if finding.verdict is of_rule else f" ({finding.verdict})"
        yield from self._wrapped(_name(finding.subject) + note, 8)
        read = "unread:" if finding.verdict is Verdict.UNDETERMINED else "read:"
        yield from self._labelled(read, _name(finding.observed), 10)
        yield from self._labelled("from:", _places(finding), 10)
        yield from self._labelled("wanted:", _name(finding.wanted), 10)
        yield from self._labelled("do:", _short(harmless(finding.remedy)), 10)

    def foot(self, certification: Certification) -> Iterator[str]:
        if certification.not_run:
            yield ""
            yield from self._labelled("not run:", ", ".join(certification.not_run), 0)
        if certification.out_of_scope:
            yield ""
            yield from self._wrapped("Out of scope by the plan, and not judged:", 0)
            for name in certification.out_of_scope:
                yield from self._wrapped(_name(name), 8)

    def last_line(self, certification: Certification, report: str) -> str:
        """Never wrapped: a script or a person takes it with `tail -1`."""
        decision = certification.decision
        names = " and ".join(sorted(certification.topologies))
        aim = f" for {names}" if names else " (no topology was judged)"
        end = f"; report: {report}" if report else ""
        notes = "".join(f"; note: {_name(note)}" for note in certification.notes)
        rest = f"{aim}: {_name(certification.host)}: {tally(certification)}{notes}{end}"
        return self._painted(decision, decision) + one_line(rest)

    def _labelled(self, label: str, text: str, indent: int) -> Iterator[str]:
        if not text:
            return
        first, *rest = self._wrapped(text, indent + 9)
        yield f"{' ' * indent}{label:<9}{first.lstrip()}"
        yield from rest

    def _wrapped(self, text: str, indent: int) -> list[str]:
        """The lines of `text` within the width; its own line feeds stay, other blanks do not."""
        margin = " " * indent
        lines: list[str] = []
        for line in text.split("\n"):
            lines += wrap(
                line,
                self._width,
                initial_indent=margin,
                subsequent_indent=margin,
                break_long_words=False,
                break_on_hyphens=False,
            )
        return lines or [margin]

    def _painted(self, text: str, word: Verdict | Decision) -> str:
        return f"\x1b[{COLOURS[word]}m{text}\x1b[0m" if self._colour else text


def _is_of(causes: Mapping[str, Cause], finding: Finding) -> bool:
    return finding.verdict is Verdict.UNDETERMINED and finding.observed in causes


def _short(text: str) -> str:
    return shorten(text, OBSERVED_LIMIT)


def _name(text: str) -> str:
    return _short(one_line(text))


def _places(finding: Finding) -> str:
    places = list(dict.fromkeys(evidence.where for evidence in finding.evidence))
    more = len(places) - PLACES_LIMIT
    rest = [f"{more} more in the record"] if more > 0 else []
    return ", ".join([*map(_name, places[:PLACES_LIMIT]), *rest])
