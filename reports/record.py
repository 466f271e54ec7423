"""`certification.json`: the one record of a run, from which every other format can be made later.

Raw evidence is kept once, under `evidence`; findings say where it was read and point to it by an id
that is its digest.
"""

import json
import os
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from vmfex.checks.model.fact import Evidence
from vmfex.checks.model.plan import Plan
from vmfex.checks.result.certification import Certification, RuleResult
from vmfex.checks.result.rule import Rule
from vmfex.checks.result.scenario import Ran, Step
from vmfex.checks.result.verdict import Finding, Verdict
from vmfex.reports.described import as_json
from vmfex.reports.layout import encode, json_of, lines

SCHEMA = "urn:vmfex:certification:2"
FIRST_SCHEMA = "urn:vmfex:certification:1"  # without inventory, capacity, plan and waivers
SCHEMA_FILE = Path(__file__).with_name("certification.schema.json")
SCHEMA_FILES = {SCHEMA: SCHEMA_FILE, FIRST_SCHEMA: SCHEMA_FILE.with_stem("certification-1.schema")}
TEXT_LIMIT = 64 * 1024  # bytes of UTF-8; the largest domain XML seen in practice has a quarter

Json = dict[str, Any]


def text(certification: Certification) -> str:
    """The record as its file has it, valid by `certification.schema.json`."""
    store = _Store()
    rules = [_rule(result, store) for result in certification.results]
    return encode(
        {
            "schema": SCHEMA,
            "decision": str(certification.decision),
            "host": _bounded(certification.host),
            "constructed": certification.constructed,
            **({"digest": certification.digest} if certification.digest else {}),
            **({"lost": _bounded(certification.lost)} if certification.lost else {}),
            "tool": {
                "name": "vmfex",
                "version": certification.version,
                "ruleset": certification.ruleset,
            },
            "started": certification.started,
            "finished": certification.finished,
            "strict": certification.strict,
            "guide_only": certification.guide_only,
            "topologies": dict(sorted(certification.topologies.items())),
            "counts": {str(verdict): n for verdict, n in certification.counts.items()},
            "rules": lines("[", rules, 4),
            "not_run": list(certification.not_run),
            "out_of_scope": [_bounded(name) for name in certification.out_of_scope],
            "notes": [_bounded(note) for note in certification.notes],
            "read": [as_json(reading, _bounded) for reading in certification.readings],
            "plan": _plan(certification.plan),
            "accepted": [as_json(each, _bounded) for each in certification.accepted],
            "inventory": as_json(certification.inventory, _bounded),
            "capacity": [as_json(each, _bounded) for each in certification.capacity],
            "evidence": lines("{", store.entries.values(), 4),
        }
    )


def dump(certification: Certification) -> Json:
    """The record as a JSON document."""
    document: Json = json.loads(text(certification))
    return document


def _plan(plan: Plan) -> Json:
    """As the plan's file has it, with that file's digest where there is one."""
    moving = {"domains": list(plan.must_migrate), "destinations": list(plan.destinations)}
    document = {
        "topologies": {str(topology): n for topology, n in plan.meant.items()},
        "live_migration": {key: names for key, names in moving.items() if names},
        "out_of_scope": list(plan.out_of_scope),
        "digest": plan.digest,
    }
    return {key: value for key, value in document.items() if value}


class _Store:
    """Evidence by id, as members of an object, in the order in which findings first name it."""

    def __init__(self) -> None:
        self.entries: dict[str, str] = {}
        self._ids: dict[tuple[str, str], str] = {}
        self._named: dict[Evidence, str] = {}

    def named(self, evidence: Evidence) -> str:
        """What a finding has of it: where it was read, and its id."""
        named = self._named.get(evidence)
        if named is None:
            where = _text(evidence.where)
            named = f'{{"where": {where}, "id": "{self._id_of(evidence)}"}}'
            self._named[evidence] = named
        return named

    def _id_of(self, evidence: Evidence) -> str:
        key = (evidence.media, evidence.raw)
        if key not in self._ids:
            media, raw = evidence.media, _bounded(evidence.raw)
            id_ = self._ids[key] = evidence_id(media, raw)
            entry = f'{{"media": {json_of(media)}, "raw": {json_of(raw)}}}'
            self.entries[id_] = f'"{id_}": {entry}'  # of two that are shown the same, one
        return self._ids[key]


def evidence_id(media: str, raw: str) -> str:
    """128 bits of the digest of a piece of evidence as the record has it."""
    filed = f"{media}\0{raw}".encode(errors="backslashreplace")
    return sha256(filed).hexdigest()[:32]


def _rule(result: RuleResult, store: _Store) -> str:
    members = [_of_rule(result.rule, result.verdict)]
    if result.scenarios:
        members.append(f'"scenarios": [{", ".join(map(_ran, result.scenarios))}]')
    found = lines("[", [_finding(finding, store) for finding in result.findings], 8)
    return "".join(lines("{", [*members, f'"findings": {"".join(found)}'], 6))


@lru_cache(maxsize=1024)
def _of_rule(rule: Rule, verdict: Verdict) -> str:
    """Most of what the record has of a rule is the same for every host."""
    told = {
        "id": rule.id,
        "title": rule.title,
        "severity": str(rule.severity),
        "derived": rule.derived,
        "area": rule.area,
        "feature": rule.feature,
        "source": rule.source,
        "remedy": rule.remedy,
        "needs": rule.evidence,
        "violation": rule.violation,
        "verdict": str(verdict),
    }
    return ",\n      ".join(f"{json_of(key)}: {json_of(value)}" for key, value in told.items())


def _ran(ran: Ran) -> str:
    steps = _steps(ran.steps)
    return (
        f'{{"name": {json_of(ran.name)}, "steps": {steps}, '
        f'"ran": {ran.steps_run}, "findings": {ran.findings}}}'
    )


@lru_cache(maxsize=1024)
def _steps(steps: tuple[Step, ...]) -> str:
    return json_of(
        [{"text": step.title, **({"table": step.table} if step.table else {})} for step in steps]
    )


def _finding(finding: Finding, store: _Store) -> str:
    remedy = f'"remedy": {_text(finding.remedy)}, ' if finding.remedy else ""
    accepted = f'"accepted": {finding.accepted}, ' if finding.accepted is not None else ""
    return (
        f'{{"subject": {_text(finding.subject)}, "verdict": "{finding.verdict}", '
        f'"observed": {_text(finding.observed)}, "wanted": {_text(finding.wanted)}, '
        f'{remedy}{accepted}"evidence": [{", ".join(map(store.named, finding.evidence))}]}}'
    )


def _text(text: str) -> str:
    return json_of(_bounded(text))


def _bounded(text: str) -> str:
    """`text` as UTF-8 can carry it, cut with a note where it is longer than the limit."""
    if text.isascii() and len(text) <= TEXT_LIMIT:
        return text
    raw = text.encode("utf-8", "backslashreplace")
    if len(raw) <= TEXT_LIMIT:
        return raw.decode()
    note = f"\n[cut: the whole text has {len(raw)} bytes, sha256 {sha256(raw).hexdigest()}]"
    return raw[: TEXT_LIMIT - len(note)].decode(errors="ignore") + note


def write(certification: Certification, path: Path) -> None:
    """Writes the record whole or not at all."""
    write_whole(path, text(certification))


def write_whole(path: Path, content: str | bytes | Iterable[str]) -> None:
    """Replaces `path` by `content`, or its parts, in one step; on an error what was there stays as
    it was."""
    part = path.with_name(f".{path.name}.{os.urandom(8).hex()}.part")
    try:
        with part.open("xb") as stream:  # over nothing, and through no link
            for part_of in (content,) if isinstance(content, str | bytes) else content:
                stream.write(part_of.encode() if isinstance(part_of, str) else part_of)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
