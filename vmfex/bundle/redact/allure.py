"""Allure's results: the same, with pseudonyms. What no result names is left out."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from vmfex.bundle.redact import evidence as raw
from vmfex.bundle.redact.names import LEFT_OUT, Redactor
from vmfex.checks.model.fact import Evidence
from vmfex.reports.allure.content import FINDINGS, MORE_EVIDENCE, TABLE, history_id
from vmfex.reports.allure.environment import properties

ENVIRONMENT = "environment.properties"
OURS = (FINDINGS, MORE_EVIDENCE)
WITH_HOST = ("host", "parentSuite")  # labels

Json = dict[str, Any]


def redacted(files: Mapping[str, bytes], names: Redactor) -> Iterator[tuple[str, bytes]]:
    """The files of one folder of results, by name. Raises ValueError, LookupError or TypeError for
    results that are none of ours."""
    for name, content in files.items():
        if name.endswith("-result.json"):
            result = json.loads(content)
            for attached in _attachments(result):
                if attached["source"] in files:
                    text = _attachment(attached, files[attached["source"]].decode(), names)
                    yield attached["source"], text.encode("utf-8", "backslashreplace")
            yield name, json.dumps(_result(result, names)).encode("ascii")
        elif name == ENVIRONMENT:
            yield name, _environment(content.decode("ascii"), names).encode("ascii")


def _attachments(result: Json) -> Iterator[Json]:
    for step in result["steps"]:
        yield from step.get("attachments", [])


def _attachment(attached: Json, text: str, names: Redactor) -> str:
    if attached["name"] == TABLE:
        return text
    if attached["name"] in OURS:
        return names.text(text)
    return raw.redacted(Evidence(attached["name"], text, attached["type"]), names).raw


def _result(result: Json, names: Redactor) -> Json:
    """Its name and labels are the rule's, but for those that have the host."""
    parameters = [{**each, "value": _host(each, names)} for each in result["parameters"]]
    changed = {
        **result,
        **_details(result, names),
        "parameters": parameters,
        "historyId": history_id(result["fullName"], *(each["value"] for each in parameters)),
        "labels": [{**each, "value": _host(each, names)} for each in result["labels"]],
        "steps": [{**step, **_details(step, names)} for step in result["steps"]],
    }
    for step in changed["steps"]:
        for attached in step.get("attachments", []):
            attached["name"] = names.text(attached["name"])
    return changed


def _host(each: Json, names: Redactor) -> str:
    value: str = each["value"]
    return names.name(value) if each["name"] in WITH_HOST else value


def _details(of: Json, names: Redactor) -> Json:
    if "statusDetails" not in of:
        return {}
    details = {**of["statusDetails"], "message": names.text(of["statusDetails"]["message"])}
    return {"statusDetails": details | ({"trace": LEFT_OUT} if "trace" in details else {})}


def _environment(text: str, names: Redactor) -> str:
    values = dict(line.partition("=")[::2] for line in text.splitlines())
    return properties({key: names.text(_read(value)) for key, value in values.items()})


def _read(value: str) -> str:
    """A value as Java reads it."""
    units = b"".join(
        int(code, 16).to_bytes(2, "big") if code else character.encode("utf-16-be")
        for code, character in re.findall(r"\\u([0-9a-f]{4})|(.)", value)
    )
    return units.decode("utf-16-be", "replace")
