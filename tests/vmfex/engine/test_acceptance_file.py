"""Waivers, statements and objections in files: what is taken, and what is refused."""

from hashlib import sha256
from pathlib import Path

import pytest

from vmfex.api import certify
from vmfex.checks.result.acceptance import Kind
from vmfex.checks.result.certification import Decision
from vmfex.checks.result.verdict import Verdict
from vmfex.engine.plan_file import load_acceptances, load_plan
from vmfex.errors import UsageError

WAIVER = """\
waivers:
- rule: SRV-03
  host: "blade-*"
  subject: "PCI function 0000:06:00.0*"
  justification: the blade is replaced in May
  owner: server team
  approved_by: change board
  expires: 2099-06-01T00:00:00+02:00
"""
STATEMENT = """\
statements:
- rule: HDV-05
  host: "*"
  statement: enic is bound in every guest
  by: A. Admin
  at: 2026-02-01T10:00:00Z
  evidence: guests.txt
  expires: 2099-06-01T00:00:00Z
"""
OBJECTION = """\
objections:
- {rule: SRV-03, reason: "the reply is another PF's", by: A. Admin, at: 2026-02-01T10:00:00Z}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a test puts its waivers; what statements rest on is beside it."""
    (tmp_path / "guests.txt").write_bytes(b"driver: enic\n")
    return tmp_path / "waivers.yaml"


def test_each_kind_is_read(file: Path) -> None:
    """With every word of it; a statement with its evidence's digest."""
    file.write_text(WAIVER + STATEMENT + OBJECTION)
    waiver, statement, objection = load_acceptances(file)
    assert (waiver.kind, waiver.by, waiver.owner) == (Kind.WAIVER, "change board", "server team")
    assert waiver.expires is not None
    assert waiver.expires.isoformat() == "2099-06-01T00:00:00+02:00"
    assert statement.digest == sha256(b"driver: enic\n").hexdigest()
    assert (objection.kind, objection.text) == (Kind.OBJECTION, "the reply is another PF's")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (WAIVER.replace("2099-06-01T00:00:00+02:00", "soon"), "waiver 1: expires must be"),
        (STATEMENT.replace("guests.txt", "lost.txt"), "statement 1: its evidence"),
    ],
)
def test_a_fault_names_its_file(file: Path, text: str, said: str) -> None:
    """Whoever gives a plan and waivers, or a site with many of each, has to know which."""
    file.write_text(text)
    with pytest.raises(UsageError, match=said) as caught:
        load_acceptances(file)
    assert str(caught.value).startswith(f"{file}: ")


@pytest.mark.parametrize("text", ["", "# " + "x" * 2**17])
def test_a_waivers_file_is_not_called_a_plan(file: Path, text: str) -> None:
    """Where it is empty, or larger than any is."""
    file.write_text(text)
    with pytest.raises(UsageError, match="the waivers file"):
        load_acceptances(file)


def test_a_waivers_file_that_is_not_there(file: Path) -> None:
    """Is not called a plan either."""
    with pytest.raises(UsageError, match=r"^the waivers file .* cannot be read: No such file"):
        load_acceptances(file)


@pytest.mark.parametrize("nothing", ["   ", "\u200b", "\u2800\u00a0", "--"])
def test_words_that_say_nothing(file: Path, nothing: str) -> None:
    """Blanks that YAML takes for text are nobody's name and no reason."""
    file.write_text(WAIVER.replace("server team", f'"{nothing}"'), encoding="utf-8")
    with pytest.raises(UsageError, match="must be text that says something"):
        load_acceptances(file)


def test_a_plan_may_have_them_too(file: Path) -> None:
    """And is then read as it is without them."""
    file.write_text("out_of_scope: [infra]\n" + WAIVER)
    plan = load_plan(file)
    assert [a.kind for a in plan.accepted] == [Kind.WAIVER]
    assert plan.out_of_scope == ("infra",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (WAIVER.replace("+02:00", ""), "expires must be an instant with its zone"),
        (WAIVER.replace("2099-06-01T00:00:00+02:00", "soon"), "expires must be an instant"),
        (WAIVER.replace("  owner: server team\n", ""), "without owner"),
        (WAIVER.replace("server team", "''"), "must be text that says something, and is empty"),
        (WAIVER.replace("SRV-03", "SRV"), "must be the id of a rule"),
        (WAIVER + "  reason: x\n", "unknown key 'reason' in waivers[0]"),
        (STATEMENT.replace("guests.txt", "gone.txt"), "cannot be read: No such file"),
        (STATEMENT.replace("2026-02", "2098-02"), "statement 1: at is in the future: name when"),
        (OBJECTION.replace("2026-02", "2098-02"), "objection 1: at is in the future: name when"),
        ("topologies: {MacVTap direct: 1}", "unknown key 'topologies'"),
        ("", "must be a mapping of waivers, statements, objections"),
    ],
)
def test_what_cannot_be_used_is_refused(file: Path, text: str, said: str) -> None:
    """In one sentence that says what, and what is wanted."""
    file.write_text(text)
    with pytest.raises(UsageError) as refused:
        load_acceptances(file)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (WAIVER.replace("SRV-03", "SRV-99"), "there is no rule SRV-99"),
        (WAIVER.replace("SRV-03", "FAB-01"), "FAB-01 is a blocker"),
        (STATEMENT.replace("HDV-05", "HDV-01"), "only HDV-05 can be stated"),
    ],
)
def test_what_this_rule_set_cannot_use_is_refused(file: Path, text: str, said: str) -> None:
    """Before the host is read."""
    file.write_text(text)
    with pytest.raises(UsageError, match=said):
        certify("reference", waivers=file)


def test_a_refused_host_with_its_waivers(file: Path) -> None:
    """The whole way: fabric-6454 has three violations; with all waived it is certified with
    waivers, with two it is not."""
    kept = WAIVER.replace('  host: "blade-*"\n', "").replace(
        '  subject: "PCI function 0000:06:00.0*"\n', "  risk_accepted: true\n"
    )
    assert certify("fabric-6454").decision is Decision.NOT_CERTIFIED
    texts = [kept.replace("SRV-03", id_).removeprefix("waivers:\n") for id_ in ("FAB-01", "FAB-02")]
    file.write_text("waivers:\n" + "".join(texts))
    assert certify("fabric-6454", waivers=file).decision is Decision.NOT_CERTIFIED
    file.write_text(file.read_text() + kept.replace("SRV-03", "FAB-03").removeprefix("waivers:\n"))
    result = certify("fabric-6454", waivers=file)
    assert result.decision is Decision.CERTIFIED_WITH_WAIVERS
    waived = {id_ for id_, rule in result.rules.items() if rule.verdict is Verdict.WAIVED}
    assert waived == {"FAB-01", "FAB-02", "FAB-03"}
