"""What readers of each format make of it: the word of each rule, by host and id.

The reading is the greenest that a reader could come to: a pass among skipped results is a pass.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from openpyxl import load_workbook
from prometheus_client.parser import text_string_to_metric_families

from vmfex.reports.formats.cells import BOM

Words = dict[tuple[str, str], Any]
GREENEST = ("failed", "passed", "skipped")


def cucumber(text: str) -> Words:
    words: Words = {}
    for feature in json.loads(text):
        for element in feature["elements"]:
            host = element["id"].split(";")[0]
            found = {step["result"]["status"] for step in element["steps"]}
            ids = [tag["name"][1:] for tag in element["tags"]] or ["decision"]
            words[host, ids[0]] = next(word for word in GREENEST if word in found)
    return words


def sarif(text: str) -> Words:
    words: Words = {}
    for run in json.loads(text)["runs"]:
        host = run["properties"]["host"]
        words |= {(host, rule["id"]): None for rule in run["tool"]["driver"]["rules"]}
        for result in run["results"]:
            place = (host, result["ruleId"])
            words[place] = "fail" if words[place] == "fail" else result["kind"]
    return words


def hdf(made: str | dict[str, str]) -> Words:
    texts = made.values() if isinstance(made, dict) else [made]
    return {place: word for text in texts for place, word in _hdf(json.loads(text)).items()}


def _hdf(document: Any) -> Words:
    host = document["platform"]["name"]
    return {
        (host, control["id"]): _hdf_status(control)
        for profile in document["profiles"]
        for control in profile["controls"]
    }


def _hdf_status(control: Any) -> str:
    found = {result["status"] for result in control["results"]}
    return next(word for word in GREENEST if word in found)


def rows(text: str) -> list[dict[str, str]]:
    """The rows of a CSV file, by the names of its columns."""
    assert text.startswith(BOM)
    return list(csv.DictReader(io.StringIO(text.removeprefix(BOM), newline="")))


def findings_csv(text: str) -> Words:
    return {(row["host"], row["rule"]): row["verdict"] for row in rows(text) if row["rule"]}


def sheets(raw: bytes) -> dict[str, list[list[Any]]]:
    """The values of a workbook, by the names of its sheets."""
    book = load_workbook(io.BytesIO(raw))
    return {s.title: [[c.value for c in row] for row in s.iter_rows()] for s in book.worksheets}


def findings_xlsx(raw: bytes) -> Words:
    header, *body = sheets(raw)["Rules"]
    made = [dict(zip(header, row, strict=True)) for row in body]
    return {(row["host"], row["rule"]): row["verdict"] for row in made}


def prometheus(text: str) -> Words:
    return {
        (sample.labels["host"], sample.labels["rule"]): sample.labels["verdict"]
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == "vmfex_rule_verdict" and sample.value == 1
    }


def oscal(files: dict[str, str]) -> Words:
    words: Words = {}
    results = json.loads(files["assessment-results.json"])["assessment-results"]["results"]
    for result in results:
        host = next(p["value"] for p in result["props"] if p["name"] == "host")
        for selection in result["reviewed-controls"]["control-selections"]:
            included = selection.get("include-controls", ())
            words |= {(host, control["control-id"]): None for control in included}
        for finding in result.get("findings", ()):
            id_ = finding["target"]["target-id"].removesuffix("_obj")
            status = finding["target"]["status"]
            words[host, id_] = status["state"], status["reason"]
    return words


def actions(text: str) -> Words:
    return {(row["host"], row["rule"]): row["status"] for row in rows(text)}


def nagios(text: str) -> dict[str, int]:
    """The performance data: how many rules have each verdict."""
    said = re.findall(r"(\w+)=(\d+);;;0", text.partition(" | ")[2])
    return {label: int(number) for label, number in said}


READERS: dict[str, Callable[[Any], Words]] = {
    "cucumber": cucumber,
    "sarif": sarif,
    "hdf": hdf,
    "csv": findings_csv,
    "xlsx": findings_xlsx,
    "prometheus": prometheus,
    "oscal": oscal,
    "actions": actions,
}


def counted(words: Iterable[Any], known: Sequence[Any]) -> dict[Any, int]:
    """How often each word of a format stands."""
    listed = list(words)
    return {word: listed.count(word) for word in known}
