"""A record that was written earlier, as a certification again."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from vmfex.checks.inventory.parts import Capacity, Inventory
from vmfex.checks.model.fact import Evidence
from vmfex.checks.model.plan import Plan
from vmfex.checks.result.acceptance import Acceptance
from vmfex.checks.result.certification import Certification, RuleResult
from vmfex.checks.result.reading import Reading
from vmfex.checks.result.rule import Rule, Severity
from vmfex.checks.result.scenario import Kind as StepKind
from vmfex.checks.result.scenario import Ran, Step
from vmfex.checks.result.verdict import Finding, Verdict
from vmfex.checks.text import harmless, shorten
from vmfex.reports import ReportError
from vmfex.reports.contradictions import contradictions
from vmfex.reports.described import from_json
from vmfex.reports.json_document import quoted, read
from vmfex.reports.record import FIRST_SCHEMA, SCHEMA, SCHEMA_FILES

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

KINDS: Mapping[str, StepKind] = {"Given": "given", "Then": "then"}

Json = dict[str, Any]


def load(path: Path) -> Certification:
    """The certification in the file. Raises ReportError, in one sentence, on whatever is wrong."""
    return parse(read(path), str(path))


def parse(record: Any, name: str = "the record") -> Certification:
    """The certification in a JSON document; `name` is how errors call it."""
    stated = record.get("schema") if isinstance(record, dict) else None
    if stated not in (SCHEMA, FIRST_SCHEMA):
        shown = "no schema" if stated is None else f"schema {quoted(stated)}"
        known = f"{FIRST_SCHEMA} and {SCHEMA}"
        raise ReportError(f"{name} names {shown}, and this version of vmfex reads {known} only")
    _validate(record, name, SCHEMA_FILES[stated])
    _check_instants(record, name)
    certification = _certification(record)
    for fault in contradictions(record, certification):
        raise ReportError(f"{name} contradicts itself: {fault}")
    return certification


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
                f"{name} is not a valid record: at {at}, {quoted(text)} is no instant"
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
        table = tuple(map(tuple, step.get("table", ())))
        yield Step(kind, keyword, text, table or None)


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
