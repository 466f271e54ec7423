"""Each finding that is no pass says what to do on this very host."""

import re
from collections.abc import Iterator

import pytest

from tests.rules.rows import GAPS, VIOLATIONS
from tests.rules.table import UNDETERMINED, VIOLATED, Gap, Host, Violation
from vmfex.checks.result.verdict import Finding

COMMAND = re.compile(r"`[^`]+`")


def names_of(host: Host) -> set[str]:
    """What only this host is called by: its own name and those of VMs, libvirt networks, functions,
    network devices, and what UCS Manager has of it."""
    raw = host.raw()
    texts = [content.decode(errors="replace") for content in raw.files.values()]
    named = {n for text in texts for n in re.findall(r"<name>([^<]+)</name>", text)}
    fabric = {n for text in texts for n in re.findall(r'\b(?:dn|name|model)="([^"]+)"', text)}
    named |= fabric | {name.rpartition("/")[2] for name in fabric}
    named |= {part for path in raw.links for part in path.split("/") if re.match(r"\d{4}:", part)}
    named |= set(re.findall(r'(?:uuid|serial)="([^"]+)"', "".join(texts)))
    named |= {path.split("/net/")[1].split("/")[0] for path in raw.files if "/net/" in path}
    named |= {n for text in texts for n in re.findall(r"(?:dev|network)='([^']+)'", text)}
    named |= set(re.findall(r'"(?:host|name)": "([^"]+)"', texts[0] if texts else ""))
    return {name for name in named if len(name) > 1}


def open_findings(host: Host) -> Iterator[tuple[str, Finding]]:
    for rule, found in host.judged().findings.items():
        for finding in found:
            if finding.verdict in (VIOLATED, UNDETERMINED):
                yield rule, finding


@pytest.mark.parametrize("row", [*VIOLATIONS, *GAPS], ids=lambda row: f"{row.rule}: {row.what}")
def test_what_is_no_pass_says_what_to_do_here(row: Violation | Gap) -> None:
    """Every violated and every undetermined finding has a remedy of its own, which names something
    of the host or a command that can be typed there."""
    names = names_of(row.host)
    for rule, finding in open_findings(row.host):
        said = finding.remedy
        assert said, f"{rule}: {finding.observed}"
        assert COMMAND.search(said) or any(name in said for name in names), f"{rule}: {said}"


@pytest.mark.parametrize("row", [*VIOLATIONS, *GAPS], ids=lambda row: f"{row.rule}: {row.what}")
def test_remedy_is_one_readable_sentence_or_two(row: Violation | Gap) -> None:
    """A remedy ends like a sentence, is not long, and leaves no host or VM to be filled in that
    the evidence names."""
    for rule, finding in open_findings(row.host):
        said = finding.remedy
        assert said.endswith((".", ").")), f"{rule}: {said}"
        assert len(said) <= 500, f"{rule}: {said}"
        assert not re.search(r"\b(virsh|vmfex)[^`]*\b(HOST|VM)\b", said), f"{rule}: {said}"
        assert "None" not in said, f"{rule}: {said}"
