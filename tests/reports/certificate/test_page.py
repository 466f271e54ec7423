"""The certificate: what its first lines say, what it escapes, and how large it gets."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from benchmarks.big_host import write_big_host
from tests.support.certifications import WAIVER, certification, finding, result, rule
from vmfex.api import certify
from vmfex.checks.inventory.parts import Function, Interface, Inventory, Vm
from vmfex.checks.result.acceptance import Kind
from vmfex.checks.result.certification import Certification, RuleResult
from vmfex.checks.result.reading import Reading
from vmfex.checks.result.verdict import Verdict
from vmfex.evidence.embedded import embedded_hosts
from vmfex.reports.certificate.page import marks_of, render, slots

EMULATION = "SR-IOV with MacVTap passthrough"
LIMIT = 300_000  # bytes, of the largest host


def _page(of: Certification) -> etree._Element:
    return etree.HTML(render(of))


def _header(of: Certification) -> str:
    [header] = _page(of).iter("header")
    return " ".join("".join(map(str, header.itertext())).split())


@pytest.mark.parametrize("host", embedded_hosts())
def test_the_first_lines_say_decision_host_and_purpose(host: str) -> None:
    """Of every recorded host; that it was made up is said there too."""
    of = certify(host).certification
    header = _header(of)
    assert header.startswith(f"{of.decision}: {of.host}")
    assert all(topology in header for topology in of.topologies)
    assert "no real host gave this evidence" in header or not of.constructed


@pytest.mark.parametrize("host", embedded_hosts())
def test_every_rule_and_every_violation_is_on_the_page(host: str) -> None:
    """With verdict, source, and the remedy of each violation."""
    of = certify(host).certification
    text = " ".join("".join(map(str, _page(of).itertext())).split())
    for each in of.results:
        assert each.rule.id in text
        assert each.rule.source in text
    violated = [r for r in of.results if r.verdict is Verdict.VIOLATED]
    assert all(" ".join(r.rule.title.split()) in text for r in violated)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-02-26T10:00:00Z", "2026-02-26 10:00 UTC, 3 days before this certificate"),
        ("2026-03-01T09:00:00Z", "from a capture, 2026-03-01 09:00 UTC "),
        ("", "the evidence does not tell when"),
    ],
)
def test_old_evidence_says_how_old(at: str, said: str) -> None:
    """In the first lines, loudly; today's says when."""
    of = replace(certification(result()), readings=(Reading("host", "from a capture", at),))
    assert said in _header(of)


WHOLE = certification(result())


@pytest.mark.parametrize(
    ("weakened", "said"),
    [
        (replace(WHOLE, lost="the capture was cut off"), "the capture was cut off"),
        (replace(WHOLE, guide_only=True), "Only the guide's own rules count"),
        (replace(WHOLE, not_run=("VIC-01",)), "Rules not run: VIC-01"),
        (replace(WHOLE, notes=("it was not verified",)), "it was not verified"),
    ],
)
def test_what_weakens_a_decision_stands_beside_it(weakened: Certification, said: str) -> None:
    """Nobody has to scroll for it."""
    assert said in _header(weakened)


@given(st.text(), st.text())
def test_text_of_a_host_is_never_markup(subject: str, observed: str) -> None:
    """Whatever it is: the page has the elements that it has without it, and no script."""
    hostile = f"<script>alert(1)</script>{subject}"
    found = (finding(Verdict.VIOLATED, hostile, f"{observed}<img src=x onerror=y>"),)
    plain = (finding(Verdict.VIOLATED, "a", "b"),)
    one, other = (_page(certification(RuleResult(rule(), f))) for f in (found, plain))
    assert [e.tag for e in one.iter()] == [e.tag for e in other.iter()]


def test_the_page_asks_for_nothing() -> None:
    """No address in it is ever loaded: it opens from a disk, in a mail, in ten years."""
    page = render(certify("fabric-6454").certification)
    assert not re.search(r"(src|href|url\()\s*=?\s*[\"']?(https?:|//)", page)
    assert "<script" not in page


def test_the_largest_host_stays_small(tmp_path: Path) -> None:
    """256 VFs and 200 VMs, as they are read and judged, where what they share is violated; and with
    a finding of each VM on each rule."""
    write_big_host(tmp_path, 256, 200)
    for of in (certify(str(tmp_path)).certification, _large()):
        assert len(of.inventory.vms) == 200
        assert len(render(of).encode()) < LIMIT


def test_an_incomplete_run_without_a_cause_is_not_told_to_need_nothing() -> None:
    """Every rule complies, and not all evidence arrived: the decision waits for that."""
    said = str(etree.tostring(_page(replace(WHOLE, lost="it was cut off")), encoding="unicode"))
    assert "Nothing: no rule" not in said
    assert "the decision waits for what is marked" in said


def test_what_could_not_be_seen_is_named_once_with_where_to_read_on() -> None:
    """By its cause; of the inventory's gaps those that no rule has told."""
    open_ = RuleResult(rule(), (finding(Verdict.UNDETERMINED, observed="permission denied"),))
    gaps = Inventory(unread=("permission denied", "no answer"))
    page = _page(replace(certification(open_), inventory=gaps))
    [section] = [s for s in page.iter("section") if s.get("aria-labelledby") == "unseen"]
    links = [a.get("href") for a in section.iter("a")]
    assert len(list(section.iter("li"))) == 2
    ids = {element.get("id") for element in page.iter()}
    assert [str(link)[1:] in ids for link in links] == [True]


def _large() -> Certification:
    of = certify("reference").certification
    names = [f"a-long-name-of-a-virtual-machine-{n:04}" for n in range(200)]
    vfs = [f"0000:06:{n // 8:02x}.{n % 8}" for n in range(1, 257)]
    functions = [Function("0000:06:00.0", "PF", "PF", "1137:0043", netdevs=("eth0",))]
    functions += [Function(vf, vf, "VF", "1137:0071", pf="0000:06:00.0") for vf in vfs]
    vms = [
        Vm(
            name,
            f"domain {name}",
            name,
            True,
            interfaces=(
                Interface(
                    name, "running", "macvtap", "SR-IOV with MacVTap passthrough", functions=(vf,)
                ),
            ),
        )
        for name, vf in zip(names, vfs, strict=False)
    ]
    results = [
        replace(
            r,
            findings=tuple(
                replace(r.findings[0], subject=f"domain {n}", remedy=f"virsh edit {n}")
                for n in names
            ),
        )
        for r in of.results
    ]
    inventory = Inventory(functions=tuple(functions), vms=tuple(vms))
    return replace(of, inventory=inventory, results=tuple(results))


def test_a_mark_is_the_worst_of_a_subjects_findings() -> None:
    """What decides nothing is told apart."""
    of = certification(
        RuleResult(rule("HST-01"), (finding(Verdict.UNDETERMINED, "a"),)),
        RuleResult(rule("HST-02"), (finding(Verdict.VIOLATED, "a"),)),
        RuleResult(rule("HST-03"), (finding(Verdict.COMPLIANT, "b"),)),
        result(Verdict.VIOLATED, "FAB-05", rule().severity.__class__("normal"), derived=True),
    )
    assert marks_of(of) == {"a": "violated", "the operating system": "advice"}


def test_the_vms_with_the_fewest_pci_slots_are_named() -> None:
    """Of those on VM-FEX; what is not known is not said."""
    on_vmfex = (Interface("i", "running", "macvtap", EMULATION),)
    vms = [
        Vm(f"vm{n:02}", f"vm{n:02}", "", True, interfaces=on_vmfex, free_slots=n) for n in range(10)
    ]
    vms += [Vm("plain", "plain", "", True, free_slots=0)]
    vms += [Vm("untold", "untold", "", True, interfaces=on_vmfex)]
    of = replace(WHOLE, inventory=Inventory(vms=tuple(vms)))
    assert slots(of) == (
        "Free PCI slots, which bind what a VM alone can be given: vm00 0, vm01 1, vm02 2, vm03 3, "
        "vm04 4, vm05 5, vm06 6, vm07 7, 2 more VMs 8 or more."
    )
    assert slots(WHOLE) == ""
    assert "running, no PCI slot" in render(of)


def test_a_template_is_compiled_once_and_anew_where_it_cannot_be_kept(tmp_path: Path) -> None:
    """Kept where Python keeps its compiled files; a file in the folder's place changes nothing."""
    script = (
        "from vmfex.reports.certificate.templates import environment as e\n"
        "print(e().get_template('drawing.svg.j2').name)"
    )
    kept, blocked = tmp_path / "kept", tmp_path / "blocked"
    blocked.write_text("a file")
    for prefix in (kept, kept, blocked):
        python = (sys.executable, "-X", f"pycache_prefix={prefix}", "-c", script)
        done = subprocess.run(
            python, capture_output=True, text=True, env={"PYTHONDONTWRITEBYTECODE": ""}
        )
        assert (done.stdout, done.stderr) == ("drawing.svg.j2\n", "")
    assert len(list(kept.rglob("template-*"))) == 1


def test_what_people_say_is_a_row_with_the_findings_that_it_speaks_of() -> None:
    """A waiver that covers two, an objection that covers one, a statement of nothing here."""
    objection = replace(WAIVER, kind=Kind.OBJECTION, text="measured wrongly", expires=None)
    statement = replace(WAIVER, kind=Kind.STATEMENT, text="enic is bound")
    waived = RuleResult(rule(), tuple(finding(Verdict.WAIVED, of) for of in ("a", "b")))
    objected = RuleResult(rule("HST-02"), (replace(finding(Verdict.VIOLATED, "c"), accepted=1),))
    of = replace(certification(waived, objected), accepted=(WAIVER, objection, statement))
    [section] = [s for s in _page(of).iter("section") if s.get("aria-labelledby") == "accepted"]
    cells = [["".join(map(str, cell.itertext())) for cell in row] for row in section.iter("tr")]
    assert [(row[0], row[-1]) for row in cells[1:]] == [
        ("waiver", "a (waived), b (waived)"),
        ("objection", "c (violated)"),
        ("statement", "nothing"),
    ]
