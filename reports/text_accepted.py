"""What named people say of findings: waivers, statements, objections."""

from collections.abc import Iterator

from vmfex.checks.result.acceptance import Acceptance, Kind
from vmfex.checks.result.certification import Certification
from vmfex.checks.result.verdict import Finding, Verdict
from vmfex.checks.text import harmless, one_line
from vmfex.reports.text_lines import Lines, name, places, short

LABELS = {Kind.WAIVER: "waived:", Kind.STATEMENT: "stated:", Kind.OBJECTION: "objects:"}


def accepted(
    lines: Lines, certification: Certification, finding: Finding, indent: int
) -> Iterator[str]:
    """Who says what of this finding, until when, and why; nothing where nobody does."""
    if finding.accepted is None:
        return
    said = certification.accepted[finding.accepted]
    yield from lines.labelled(LABELS[said.kind], name(_who(said, finding)), indent)
    yield from lines.labelled("why:", name(said.text), indent)


def _who(said: Acceptance, finding: Finding) -> str:
    parts = [f"by {said.by}"]
    parts += [f"on {said.at}"] if said.at else []
    parts += [f"until {said.expires.isoformat()}"] if said.expires else []
    parts += [f"to be mended by {said.owner}"] if said.owner else []
    parts += [f"on the evidence of {said.file} (sha256 {said.digest})"] if said.file else []
    if said.kind is Kind.OBJECTION:
        parts.append("which changes no verdict")
    elif finding.verdict is not Verdict.WAIVED:
        parts.append("which has ended: it counts no more")
    return ", ".join(parts)


def accepted_findings(lines: Lines, certification: Certification, told: set[int]) -> Iterator[str]:
    """Findings that somebody accepted, or objects to, and that are not `told` elsewhere."""
    heading = ["", *lines.wrapped("Accepted or objected to:", 0)]
    for result in certification.results:
        for finding in result.findings:
            spoken_of = finding.verdict is Verdict.WAIVED or finding.accepted is not None
            if id(finding) in told or not spoken_of:
                continue
            yield from heading
            heading = []
            subject = f"{one_line(result.rule.id)} {finding.verdict}: {name(finding.subject)}"
            yield from lines.wrapped(subject, 4)
            yield from lines.labelled("read:", name(finding.observed), 6)
            yield from lines.labelled("from:", places(finding), 6)
            yield from lines.labelled("wanted:", name(finding.wanted), 6)
            yield from accepted(lines, certification, finding, 6)
            if finding.verdict is Verdict.WAIVED:
                remedy = short(harmless(finding.remedy)) or harmless(result.rule.remedy)
                yield from lines.labelled("do:", remedy, 6)
