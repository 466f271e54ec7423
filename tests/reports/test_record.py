"""certification.json: what stands in it, and how it comes to the disk."""

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator, meta

from tests.support.certifications import (
    DOMAIN,
    RELEASE,
    WAIVER,
    certification,
    finding,
    result,
    rule,
)
from vmfex.api import certify
from vmfex.checks.model.fact import Evidence
from vmfex.checks.model.plan import Plan
from vmfex.checks.result.certification import Certification, RuleResult
from vmfex.checks.result.rule import Severity
from vmfex.checks.result.verdict import Verdict
from vmfex.evidence.embedded import embedded_hosts
from vmfex.reports.json_document import parsed_json
from vmfex.reports.loading import parse
from vmfex.reports.record import SCHEMA_FILE, TEXT_LIMIT, dump, text, write


def test_a_record_has_exactly_the_documented_keys() -> None:
    """One rule, one finding, one piece of evidence: the whole document, key by key."""
    record = dump(certification(result(Verdict.VIOLATED), not_run=("VIC-01",), out_of_scope=("a",)))
    assert record == {
        "schema": "urn:vmfex:certification:2",
        "decision": "NOT CERTIFIED",
        "host": "reference",
        "constructed": True,
        "tool": {"name": "vmfex", "version": "0.1.0", "ruleset": "5f2b9d"},
        "started": "2026-03-01T10:00:00Z",
        "finished": "2026-03-01T10:00:02.500000Z",
        "strict": False,
        "guide_only": False,
        "topologies": {"SR-IOV VF passthrough": 4},
        "counts": {
            "violated": 1,
            "undetermined": 0,
            "waived": 0,
            "compliant": 0,
            "not applicable": 0,
        },
        "rules": [
            {
                "id": "HST-01",
                "title": "The host runs Red Hat Enterprise Linux 6.1 or later",
                "severity": "blocker",
                "derived": False,
                "area": "host",
                "feature": "The hypervisor",
                "source": "KVM Components, Hypervisor",
                "remedy": "Install a supported release.",
                "needs": "os-release, redhat-release",
                "violation": "RHEL 6.0",
                "verdict": "violated",
                "findings": [
                    {
                        "subject": "the operating system",
                        "verdict": "violated",
                        "observed": "RHEL 7.9",
                        "wanted": "RHEL 6.1 or later",
                        "evidence": [{"where": "etc/redhat-release", "id": _id(RELEASE)}],
                    }
                ],
            }
        ],
        "not_run": ["VIC-01"],
        "out_of_scope": ["a"],
        "notes": [],
        "read": [],
        "plan": {},
        "accepted": [],
        "inventory": {},
        "capacity": [],
        "evidence": {_id(RELEASE): {"media": "text/plain", "raw": RELEASE.raw}},
    }


def test_evidence_is_kept_once_however_many_findings_stand_on_it() -> None:
    """Two rules that read the same domain share its text; each says where it was read."""
    both = finding(evidence=(DOMAIN, RELEASE))
    record = dump(
        certification(RuleResult(rule(), (both, both)), RuleResult(rule("HST-02"), (both,)))
    )
    assert list(record["evidence"]) == [_id(DOMAIN), _id(RELEASE)]
    places = {
        tuple(e["where"] for e in f["evidence"]) for r in record["rules"] for f in r["findings"]
    }
    assert places == {("libvirt/domains/4dea/running.xml", "etc/redhat-release")}


def test_long_evidence_is_cut_with_its_size_and_digest() -> None:
    """64 KiB stay whole; one byte more is cut, and the note tells what is missing."""
    whole, long = "x" * TEXT_LIMIT, "ü" * TEXT_LIMIT
    whole_kept, long_kept = (
        next(iter(dump(_with(Evidence("proc/x", text)))["evidence"].values()))["raw"]
        for text in (whole, long)
    )
    assert whole_kept == whole
    assert len(long_kept.encode()) <= TEXT_LIMIT
    digest = sha256(long.encode()).hexdigest()
    assert long_kept.endswith(f"[cut: the whole text has 131072 bytes, sha256 {digest}]")


def test_cutting_a_record_twice_changes_nothing() -> None:
    """A record that is loaded and dumped again is the same record, cut evidence included."""
    record = dump(_with(Evidence("proc/x", "é" * TEXT_LIMIT)))
    assert dump(parse(record)) == record


def test_the_file_is_ascii_and_has_one_finding_a_line() -> None:
    """Evidence cannot steer a terminal from the file, and a diff of two records can be read."""
    results = (RuleResult(rule(), (finding(subject="\x1b[2J\x9b\u202e"), finding(subject="b"))),)
    written = text(certification(*results))
    assert written.isascii()
    assert "\x1b" not in written
    assert sum('"subject"' in line for line in written.splitlines()) == 2
    assert max(line.count('"subject"') for line in written.splitlines()) == 1


def test_evidence_that_is_shown_the_same_is_kept_once() -> None:
    """A byte that is not UTF-8, and a file that has its escape as text: no key stands twice."""
    shown = [replace(finding(), evidence=(Evidence("a", raw),)) for raw in ("\udc80", "\\udc80")]
    written = text(certification(RuleResult(rule(), tuple(shown))))
    assert [*parsed_json(written.encode())["evidence"].values()] == [
        {"media": "text/plain", "raw": "\\udc80"}
    ]


def test_text_that_utf_8_cannot_carry_is_shown_as_an_escape() -> None:
    """A lone surrogate, from a file name that is not UTF-8, does not make the record unreadable."""
    record = dump(_with(Evidence("sys/\udcff", "\udc80")))
    assert record["rules"][0]["findings"][0]["evidence"][0]["where"] == r"sys/\udcff"
    assert next(iter(record["evidence"].values()))["raw"] == r"\udc80"


def test_a_record_without_rules_is_still_json() -> None:
    """Nothing ran: the lists are empty, and the decision is not a pass."""
    record = dump(certification(topologies={}))
    assert (record["decision"], record["rules"], record["evidence"]) == ("INCOMPLETE", [], {})


def test_writing_replaces_the_file_and_leaves_nothing_else(tmp_path: Path) -> None:
    """The new record stands under its name alone."""
    path = tmp_path / "certification.json"
    path.write_text("old")
    write(certification(result()), path)
    assert json.loads(path.read_text())["decision"] == "CERTIFIED"
    assert [entry.name for entry in tmp_path.iterdir()] == ["certification.json"]


def test_a_failed_write_leaves_the_old_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk: the record of the last run is untouched, and no half file lies about."""

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "certification.json"
    path.write_text("old")
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write(certification(result()), path)
    assert [(entry.name, entry.read_text()) for entry in tmp_path.iterdir()] == [
        ("certification.json", "old")
    ]


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
_EVIDENCE = st.builds(Evidence, _TEXT, _TEXT, st.sampled_from(["text/plain", "application/xml"]))
_FINDING = st.builds(
    finding,
    st.sampled_from(Verdict),
    _TEXT,
    _TEXT,
    _TEXT,
    st.lists(_EVIDENCE, max_size=3).map(tuple),
)
_RESULT = st.builds(
    RuleResult,
    st.builds(
        rule,
        st.integers(1, 999).map(lambda n: f"TST-{n:02}"),
        st.sampled_from(Severity),
        derived=st.booleans(),
        area=st.sampled_from(["host", "topology"]),
        title=_TEXT.filter(bool),
    ),
    st.lists(_FINDING, max_size=3).map(tuple),
)
_CERTIFICATION = st.builds(
    lambda results, host, strict, topologies, not_run, out, notes: certification(
        *results,
        host=host,
        strict=strict,
        topologies=topologies,
        not_run=tuple(not_run),
        out_of_scope=tuple(out),
        notes=tuple(notes),
    ),
    st.lists(_RESULT, max_size=4, unique_by=lambda r: r.rule.id),
    _TEXT.filter(bool),
    st.booleans(),
    st.dictionaries(
        st.sampled_from(["MacVTap direct", "SR-IOV VF passthrough"]), st.integers(1, 9)
    ),
    st.lists(st.sampled_from(["VIC-01", "VIC-02"]), unique=True),
    st.lists(_TEXT, max_size=2),
    st.lists(_TEXT.filter(bool), max_size=2),
)


@given(_CERTIFICATION)
def test_a_record_gives_back_the_certification(of: Certification) -> None:
    """Through the text of the file and back nothing is lost, and the schema holds for all of it."""
    record = dump(of)
    _VALIDATOR.validate(record)
    assert parse(record) == of


@pytest.mark.parametrize("host", embedded_hosts())
def test_the_record_of_a_host_gives_back_all_of_it(host: str) -> None:
    """Inventory, capacity, readings, plan and waivers too, by the published schema."""
    meant = Plan({"SR-IOV VF passthrough": 3}, ("web*",), ("blade-2",), ("infra-*",))
    of = certify(host, plan=replace(meant, accepted=(WAIVER,))).certification
    record = dump(of)
    _VALIDATOR.validate(record)
    again = parse(record)
    assert again == replace(of, plan=meant)
    assert record["plan"] == {
        "topologies": {"SR-IOV VF passthrough": 3},
        "live_migration": {"domains": ["web*"], "destinations": ["blade-2"]},
        "out_of_scope": ["infra-*"],
    }


def test_the_published_schema_is_a_schema() -> None:
    """It is valid by its own dialect, and strict: no object in it takes unknown keys."""
    schema = json.loads(SCHEMA_FILE.read_text())
    meta.validate(schema)
    objects = [node for node in _nodes(schema) if node.get("type") == "object"]
    assert objects
    assert all("additionalProperties" in node for node in objects)


_VALIDATOR = Draft202012Validator(json.loads(SCHEMA_FILE.read_text()))


def _nodes(schema: object) -> list[dict[str, object]]:
    if isinstance(schema, dict):
        return [schema, *(node for value in schema.values() for node in _nodes(value))]
    return []


def _id(evidence: Evidence) -> str:
    return sha256(f"{evidence.media}\0{evidence.raw}".encode()).hexdigest()[:32]


def _with(evidence: Evidence) -> Certification:
    return certification(RuleResult(rule(), (finding(evidence=(evidence,)),)))
