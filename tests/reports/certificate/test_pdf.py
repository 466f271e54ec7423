"""The certificate as PDF: the standards that it keeps, the record in it, the same bytes twice."""

import json
import re
import zlib
from dataclasses import replace

import pytest

from tests.support.certifications import certification, finding, rule
from vmfex.api import certify
from vmfex.checks.result.certification import RuleResult
from vmfex.checks.result.verdict import Verdict
from vmfex.reports.certificate.pdf import render
from vmfex.reports.loading import parse


def _streams(pdf: bytes) -> list[bytes]:
    found = []
    for raw in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            found.append(zlib.decompress(raw))
        except zlib.error:
            found.append(raw)
    return found


@pytest.mark.parametrize("host", ["fabric-6454", "unreadable", "no-vic"])
def test_the_same_host_gives_the_same_bytes_with_its_record_in_them(host: str) -> None:
    """By PDF/UA-1 and PDF/A-3a, as the file itself says."""
    of = certify(host).certification
    pdf = render(of)
    assert pdf == render(of)
    streams = _streams(pdf)
    [record] = [s for s in streams if s.lstrip().startswith(b'{\n  "schema"')]
    assert parse(json.loads(record)) == of
    said = b"".join(streams)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in said
    assert b"<pdfaid:part>3</pdfaid:part>" in said


@pytest.mark.parametrize(
    "text", ["虚拟机", "\u202eabc", '#import "x"', "$1 + $", "\x00\x1b[2J", "👍"]
)
def test_any_text_of_a_host_can_be_printed(text: str) -> None:
    """What the font lacks is escaped, and nothing is read as markup; in the rules of a record that
    somebody else made, too."""
    of_others = replace(rule(title=text), source=text, remedy=text, feature=text)
    bad = RuleResult(of_others, (finding(Verdict.VIOLATED, text, text, text),))
    of = replace(certification(bad, host=text), started="2026-03-01T10:00:00Z")
    assert render(of).startswith(b"%PDF-")
