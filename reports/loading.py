"""A record that was written earlier, as a certification again.

A record is believed as far as it agrees with itself: its decision, counts and verdicts must follow
from its findings, and each piece of evidence must have the digest that it is filed under.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from math import isinf
from pathlib import Path
from typing import Any

from vmfex.checks.inventory.parts import Capacity, Inventory
from vmfex.checks.model.fact import Evidence
from vmfex.checks.model.plan import Plan
from vmfex.checks.result.acceptance import Acceptance, Kind, fault_of
from vmfex.checks.result.certification import Certification, RuleResult
from vmfex.checks.result.reading import Reading
from vmfex.checks.result.rule import Rule, Severity
from vmfex.checks.result.scenario import Kind as StepKind
from vmfex.checks.result.scenario import Ran, Step
from vmfex.checks.result.verdict import Finding, Verdict
from vmfex.checks.text import harmless, shorten
from vmfex.reports import ReportError
from vmfex.reports.described import from_json
from vmfex.reports.record import FIRST_SCHEMA, SCHEMA, SCHEMA_FILES, evidence_id

SIZE_LIMIT = 512 * 1024 * 1024  # bytes; a record of 200 domains has a few MiB

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

KINDS: Mapping[str, StepKind] = {"Given": "given", "Then": "then"}

Json = dict[str, Any]


def load(path: Path) -> Certification:
    """The certification in the file. Raises ReportError, in one sentence, on whatever is wrong."""
    return parse(_document(path), str(path))


def parse(record: Any, name: str = "the record") -> Certification:
    """The certification in a JSON document; `name` is how errors call it."""
    stated = record.get("schema") if isinstance(record, dict) else None
    if stated not in (SCHEMA, FIRST_SCHEMA):
        shown = "no schema" if stated is None else f"schema {_shown(stated)}"
        known = f"{FIRST_SCHEMA} and {SCHEMA}"
        raise ReportError(f"{name} names {shown}, and this version of vmfex reads {known} only")
    _validate(record, name, SCHEMA_FILES[stated])
    _check_instants(record, name)
    certification = _certification(record)
    for fault in _contradictions(record, certification):
        raise ReportError(f"{name} contradicts itself: {fault}")
    return certification


def _document(path: Path) -> Any:
    try:
        with path.open("rb") as stream:
            raw = stream.read(SIZE_LIMIT + 1)
    except OSError as error:
        raise ReportError(f"{path} cannot be read: {error.strerror}") from error
    if len(raw) > SIZE_LIMIT:
        raise ReportError(f"{path} is larger than {SIZE_LIMIT >> 20} MiB, which no record is")
    try:
        return parsed_json(raw)
    except json.JSONDecodeError as error:
        cut = error.pos >= len(error.doc.rstrip()) or error.msg.startswith("Unterminated")
        fault = "it ends early, as if it was cut off" if cut else error.msg
        raise ReportError(f"{path} is not JSON at line {error.lineno}: {fault}") from error
    except (ValueError, RecursionError) as error:
        raise ReportError(f"{path} is not a record in JSON: {_reason(error)}") from error


def parsed_json(raw: bytes) -> Any:
    """The document, no key of which stands twice. Raises ValueError, RecursionError."""
    return json.loads(
        raw.decode(),
        object_pairs_hook=_object,
        parse_constant=_constant,
        parse_float=_number,
    )


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8 text"
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)


def _object(pairs: list[tuple[str, Any]]) -> Json:
    members = dict(pairs)
    if len(members) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {_shown(twice)} stands twice in one object")
    return members


def _number(text: str) -> float:
    """A number in a form that the validator takes for what it is: it takes infinity for null."""
    number = float(text)
    if isinf(number):
        raise ValueError(f"{_shown(text)} is too large for a number")
    return number


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON value")


def _validate(record: Json, name: str, file: Path) -> None:
    from jsonschema_rs import Draft202012Validator  # here, because only this command needs it

    validator = Draft202012Validator(file.read_text(encoding="utf-8"))
    invalid = f"{name} is not a valid record"
    try:
        error = next(validator.iter_errors(record), None)
    except UnicodeEncodeError:
        raise ReportError(f"{invalid}: it has text that no UTF-8 holds") from None
    except ValueError:  # the validator's own limit, of 255 levels
        raise ReportError(f"{invalid}: it is nested too deeply") from None
    if error is not None:
        fault = shorten(harmless(error.message).replace("\n", " "), 200)
        at = shorten(_place(error.instance_path), 200)
        raise ReportError(f"{invalid}: at {at}, {fault}")


def _check_instants(record: Json, name: str) -> None:
    """The schema knows how an instant is written, and no calendar."""
    instants = [(f"$.{key}", record[key]) for key in ("started", "finished")]
    for place, said in enumerate(record.get("accepted", ())):
        told = ((key, said.get(key)) for key in ("at", "expires"))
        instants += [(f"$.accepted[{place}].{key}", text) for key, text in told if text]
    for at, text in instants:
        try:
            datetime.fromisoformat(text)
        except ValueError:
            raise ReportError(
                f"{name} is not a valid record: at {at}, {_shown(text)} is no instant"
            ) from None


def _place(path: Iterable[str | int]) -> str:
    """A place in the document as JSONPath has it: $.rules[0].verdict."""
    steps = (f".{step}" if NAME.fullmatch(str(step)) else f"[{step!a}]" for step in path)
    return "$" + "".join(steps)


def _certification(record: Json) -> Certification:
    store: dict[str, Json] = record["evidence"]
    return Certification(
        host=record["host"],
        constructed=record["constructed"],
        version=record["tool"]["version"],
        ruleset=record["tool"]["ruleset"],
        started=record["started"],
        finished=record["finished"],
        strict=record["strict"],
        guide_only=record["guide_only"],
        topologies={name: int(number) for name, number in record["topologies"].items()},
        results=tuple(_result(rule, store) for rule in record["rules"]),
        not_run=tuple(record["not_run"]),
        out_of_scope=tuple(record["out_of_scope"]),
        digest=record.get("digest"),
        notes=tuple(record.get("notes", ())),
        lost=record.get("lost", ""),
        readings=tuple(from_json(Reading, each) for each in record.get("read", ())),
        plan=_plan(record.get("plan", {})),
        accepted=tuple(from_json(Acceptance, each) for each in record.get("accepted", ())),
        inventory=from_json(Inventory, record.get("inventory", {})),
        capacity=tuple(from_json(Capacity, each) for each in record.get("capacity", ())),
    )


def _plan(stated: Json) -> Plan:
    moving = stated.get("live_migration", {})
    return Plan(
        topologies=stated.get("topologies", {}),
        must_migrate=tuple(moving.get("domains", ())),
        destinations=tuple(moving.get("destinations", ())),
        out_of_scope=tuple(stated.get("out_of_scope", ())),
        digest=stated.get("digest", ""),
    )


def _result(stated: Json, store: dict[str, Json]) -> RuleResult:
    rule = Rule(
        id=stated["id"],
        title=stated["title"],
        severity=Severity(stated["severity"]),
        derived=stated["derived"],
        area=stated["area"],
        feature=stated["feature"],
        source=stated["source"],
        remedy=stated["remedy"],
        evidence=stated["needs"],
        violation=stated["violation"],
    )
    findings = (_finding(finding, store) for finding in stated["findings"])
    return RuleResult(rule, tuple(findings), tuple(map(_ran, stated.get("scenarios", ()))))


def _ran(stated: Json) -> Ran:
    return Ran(
        stated["name"], tuple(_steps(stated["steps"])), int(stated["ran"]), int(stated["findings"])
    )


def _steps(stated: Iterable[Json]) -> Iterator[Step]:
    """An And is of the kind of the step before it."""
    kind: StepKind = "given"
    for step in stated:
        keyword, _, text = step["text"].partition(" ")
        kind = KINDS.get(keyword, kind)
        yield Step(kind, keyword, text, step.get("table"))


def _finding(stated: Json, store: dict[str, Json]) -> Finding:
    evidence = (_evidence(piece, store) for piece in stated["evidence"])
    verdict = Verdict(stated["verdict"])
    return Finding(
        stated["subject"],
        verdict,
        stated["observed"],
        stated["wanted"],
        tuple(evidence),
        stated.get("remedy", ""),
        None if "accepted" not in stated else int(stated["accepted"]),
    )


def _evidence(piece: Json, store: dict[str, Json]) -> Evidence:
    entry = store.get(piece["id"], {"raw": "", "media": ""})
    return Evidence(piece["where"], entry["raw"], entry["media"])


def _contradictions(record: Json, certification: Certification) -> list[str]:
    """What in the record does not follow from the rest of it, in the order of its weight."""
    decision, counts = certification.decision, certification.counts
    faults = []
    if record["decision"] != decision:
        faults.append(f"it says {record['decision']}, and its findings say {decision}")
    for stated, result in zip(record["rules"], certification.results, strict=True):
        if stated["verdict"] != result.verdict:
            faults.append(
                f"{result.rule.id} says {stated['verdict']}, and its findings say {result.verdict}"
            )
    if record["counts"] != counts:
        faults.append("its counts are not those of its rules")
    ids = [result.rule.id for result in certification.results] + list(certification.not_run)
    faults += _scenario_faults(certification)
    faults += [f"{id_} is in it twice" for id_ in sorted({i for i in ids if ids.count(i) > 1})]
    return faults + _acceptance_faults(certification) + _evidence_faults(record)


def _scenario_faults(certification: Certification) -> list[str]:
    """What the scenarios of a rule found are its findings, and none ran more steps than it has."""
    faults = []
    for result in certification.results:
        ran = result.scenarios
        if ran and sum(each.findings for each in ran) != len(result.findings):
            faults.append(f"{result.rule.id} has other findings than its scenarios")
        if any(each.steps_run > len(each.steps) for each in ran):
            faults.append(f"{result.rule.id} ran more steps than it has")
    return faults


def _acceptance_faults(certification: Certification) -> list[str]:
    """A finding is waived by somebody who is named, or it is not waived."""
    faults = []
    for result in certification.results:
        for finding in result.findings:
            index = finding.accepted
            if index is not None and not 0 <= index < len(certification.accepted):
                faults.append(f"{result.rule.id} names a waiver that is not there")
            elif finding.verdict is Verdict.WAIVED and index is None:
                faults.append(f"{result.rule.id} is waived, and nobody is named who waived it")
            elif index is not None:
                said = certification.accepted[index]
                if said.rule != result.rule.id or not _may(said, finding, result, certification):
                    faults.append(f"{result.rule.id} names what cannot accept it: the {said.label}")
    return faults


def _may(
    said: Acceptance, finding: Finding, result: RuleResult, certification: Certification
) -> bool:
    """Whether the verdict of a finding can be that which somebody said of it left."""
    if finding.verdict is not Verdict.WAIVED:
        return True
    judged = datetime.fromisoformat(certification.started)
    return (
        said.kind is not Kind.OBJECTION
        and said.expires is not None
        and said.holds(judged)
        and not fault_of(said, result.rule)
    )


def _evidence_faults(record: Json) -> list[str]:
    store: dict[str, dict[str, str]] = record["evidence"]
    wrong = [key for key, entry in store.items() if evidence_id(entry) != key]
    named = {
        piece["id"]
        for rule in record["rules"]
        for finding in rule["findings"]
        for piece in finding["evidence"]
    }
    return [f"evidence {key} was changed after it was filed" for key in wrong] + [
        f"evidence {key} is named and not there" for key in sorted(named - store.keys())
    ]


def _shown(value: Any) -> str:
    return shorten(ascii(value), 60)
