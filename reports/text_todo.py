"""What is to be done, as the terminal shows it: what is violated, then what was not read."""

from collections.abc import Iterator, Mapping, Sequence

from vmfex.checks.result.certification import Certification
from vmfex.checks.result.verdict import Finding, Verdict
from vmfex.checks.text import harmless, one_line, shorten
from vmfex.reports.actions import Action, actions_of
from vmfex.reports.assignment import AssignedTo, nobody
from vmfex.reports.causes import SEVERAL, Cause, before, causes_of
from vmfex.reports.text_accepted import accepted
from vmfex.reports.text_lines import COLOURS, Lines, name, places, short, some
from vmfex.reports.view import why_not

CAUSE_LIMIT = 300  # characters, in the line of the decision
IDS_LIMIT = 12


def told(certification: Certification) -> set[int]:
    """The findings (by identity) that the actions tell of."""
    return {id(finding) for action in actions_of(certification) for finding in _findings_of(action)}


def what_to_do(
    lines: Lines, certification: Certification, verbose: bool, assigned: AssignedTo = nobody
) -> Iterator[str]:
    """One block, most severe first; nothing where nothing is to be done."""
    actions = actions_of(certification)
    if not actions:
        return
    todo = _Todo(lines, certification, actions, verbose)
    yield ""
    yield "What to do:"
    for number, action in enumerate(actions, 1):
        yield ""
        yield from todo.action(number, action)
        for each in assigned(action):
            yield from lines.labelled("who:", name(each.line), 4)


def in_brief(certification: Certification) -> str:
    """The rules that keep a host from its certificate, by id, and the first cause: for a line."""
    actions = [action for action in actions_of(certification) if action.decides]
    parts = []
    for verdict in (Verdict.VIOLATED, Verdict.UNDETERMINED):
        ids = [id_ for action in actions if action.verdict is verdict for id_ in action.ids]
        if ids:
            parts.append(f"; {verdict}: {listed(list(dict.fromkeys(ids)))}")
    if actions:
        parts.append(f"; cause: {first_cause(actions)}")
    return "".join(parts)


def first_cause(actions: Sequence[Action]) -> str:
    """Of what the decision waits for, the most severe in a few words; empty where it waits for
    nothing."""
    for action in actions[:1]:
        if action.decides:
            first = action.findings[0] if action.verdict is Verdict.VIOLATED else None
            cause = f"{first.subject}: {first.observed}" if first else action.cause
            return shorten(one_line(cause), CAUSE_LIMIT)
    return ""


def listed(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - IDS_LIMIT} more" if len(ids) > IDS_LIMIT else ""
    return ", ".join(map(one_line, ids[:IDS_LIMIT])) + more


def _findings_of(action: Action) -> list[Finding]:
    """With those of a violated rule that could not be read: it waits for them too."""
    if action.verdict is not Verdict.VIOLATED:
        return action.findings
    [result] = action.rules
    rest = [f for f in result.findings if f.verdict is Verdict.UNDETERMINED]
    return [*action.findings, *rest]


class _Todo:
    def __init__(
        self,
        lines: Lines,
        certification: Certification,
        actions: Sequence[Action],
        verbose: bool,
    ) -> None:
        self._lines, self._certification, self._verbose = lines, certification, verbose
        self._causes: Mapping[str, Cause] = causes_of(certification.results)
        self._numbers = {c: number for number, a in enumerate(actions, 1) for c in a.causes}

    def action(self, number: int, action: Action) -> Iterator[str]:
        ids = ", ".join(map(one_line, action.ids))
        aside = "" if action.decides else f" [{why_not(self._certification, action.rules[0])}]"
        head, verdict = f"{f'{number}.':<4}{action.verdict} ", action.verdict
        yield from self._lines.headed(head, f"{ids}{aside}", verdict, COLOURS[verdict])
        yield from self._cause(action) if action.cause else self._violation(action)

    def _violation(self, action: Action) -> Iterator[str]:
        findings = _findings_of(action)
        wanted = {f.wanted for f in findings}
        shared = len(wanted) == 1 and len(findings) > 1
        remedies = [f.remedy for f in findings]
        often = {remedy for remedy in remedies if remedies.count(remedy) > 1}
        for finding in findings:
            yield from self._finding(finding, action.verdict, shared, often)
        if shared:
            yield from self._lines.labelled("wanted:", name(wanted.pop()), 4)
        for remedy in (r for r in dict.fromkeys(remedies) if r in often and r):
            yield from self._lines.labelled("do:", short(harmless(remedy)), 4)
        if not all(finding.remedy for finding in action.findings):
            yield from self._lines.labelled("do:", harmless(action.rules[0].rule.remedy), 4)

    def _finding(
        self, finding: Finding, of_rule: Verdict, shared: bool, often: set[str]
    ) -> Iterator[str]:
        note = "" if finding.verdict is of_rule else f" ({finding.verdict})"
        yield from self._lines.wrapped(name(finding.subject) + note, 4)
        yield from self._read(finding)
        yield from accepted(self._lines, self._certification, finding, 6)
        if not shared:
            yield from self._lines.labelled("wanted:", name(finding.wanted), 6)
        if finding.remedy not in often and not self._is_told(finding):
            yield from self._lines.labelled("do:", short(harmless(finding.remedy)), 6)

    def _read(self, finding: Finding) -> Iterator[str]:
        if self._is_told(finding):
            text = f"for the reason of {self._numbers[self._reason(finding)]}"
            yield from self._lines.labelled("unread:", text, 6)
            return
        label = "unread:" if finding.verdict is Verdict.UNDETERMINED else "read:"
        yield from self._lines.labelled(label, name(finding.observed), 6)
        yield from self._lines.labelled("from:", places(finding), 6)

    def _reason(self, finding: Finding) -> str:
        cause = self._causes.get(finding.observed)
        return cause.reason if cause else finding.observed

    def _is_told(self, finding: Finding) -> bool:
        """Whether an action of its own tells why it was not read."""
        unread = finding.verdict is Verdict.UNDETERMINED
        return unread and self._reason(finding) in self._numbers

    def _cause(self, action: Action) -> Iterator[str]:
        """Why it was not read, what follows, and where; each once for all the rules."""
        lines, findings = self._lines, action.findings
        for cause in action.causes:
            yield from lines.labelled("unread:", name(cause), 4)
        for so in dict.fromkeys(self._own(f) for f in findings):
            yield from lines.labelled("so:", name(so), 4)
        if len(action.rules) < SEVERAL or self._verbose:
            yield from lines.labelled("of:", some(f.subject for f in findings), 4)
        yield from lines.labelled("from:", places(*findings), 4)
        for finding in findings:
            yield from accepted(lines, self._certification, finding, 4)
        if len(action.rules) == 1 or self._verbose:
            for wanted in dict.fromkeys(f.wanted for f in findings):
                yield from lines.labelled("wanted:", name(wanted), 4)
        for remedy in action.remedies:
            yield from lines.labelled("do:", short(harmless(remedy)), 4)

    def _own(self, finding: Finding) -> str:
        """What a longer reason says before the one that it ends with."""
        reason = self._reason(finding)
        return "" if reason == finding.observed else before(reason, finding.observed)
