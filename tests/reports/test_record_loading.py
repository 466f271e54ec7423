"""A record that is read again: believed only as far as it agrees with itself."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.certifications import certification, result
from vmfex.checks.result.verdict import Verdict
from vmfex.reports import ReportError
from vmfex.reports.layout import encode
from vmfex.reports.loading import load, parse
from vmfex.reports.record import dump, write

Record = dict[str, Any]
Change = Callable[[Record], Any]


def _rule(record: Record) -> Record:
    first: Record = record["rules"][0]
    return first


def _grow(record: Record) -> None:
    _rule(record)["findings"][0]["evidence"][0]["id"] = "0" * 32


FAULTS: list[tuple[str, Change, str]] = [
    (
        "another schema",
        lambda r: r.update(schema="urn:vmfex:certification:3"),
        "names schema 'urn:vmfex:certification:3', and this version of vmfex reads ",
    ),
    ("no schema", lambda r: r.pop("schema"), "names no schema, and"),
    (
        "an unknown key",
        lambda r: r.update(extra=1),
        "at $, Additional properties are not allowed ('extra' was unexpected)",
    ),
    ("a missing key", lambda r: r.pop("host"), 'at $, "host" is a required property'),
    (
        "an unknown verdict",
        lambda r: _rule(r).update(verdict="passed"),
        'at $.rules[0].verdict, "passed" is not one of',
    ),
    (
        "a local time",
        lambda r: r.update(started="2026-03-01T10:00:00+01:00"),
        'at $.started, "2026-03-01T10:00:00+01:00" does not match',
    ),
    (
        "no VM interface on a topology",
        lambda r: r.update(topologies={"MacVTap direct": 0}),
        "at $.topologies['MacVTap direct'], 0 is less than the minimum of 1",
    ),
    (
        "a better decision",
        lambda r: r.update(decision="CERTIFIED"),
        "contradicts itself: it says CERTIFIED, and its findings say NOT CERTIFIED",
    ),
    (
        "a better verdict",
        lambda r: _rule(r).update(verdict="compliant"),
        "contradicts itself: HST-01 says compliant, and its findings say violated",
    ),
    (
        "other counts",
        lambda r: r["counts"].update(violated=0),
        "contradicts itself: its counts are not those of its rules",
    ),
    (
        "a rule twice",
        lambda r: r["not_run"].append("HST-01"),
        "contradicts itself: HST-01 is in it twice",
    ),
    (
        "evidence that is gone",
        _grow,
        "contradicts itself: evidence 00000000000000000000000000000000 is named and not there",
    ),
    (
        "changed evidence",
        lambda r: next(iter(r["evidence"].values())).update(raw="RHEL 9"),
        "was changed after it was filed",
    ),
]


@pytest.mark.parametrize(("change", "says"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_what_is_wrong_with_a_record_is_said_in_one_sentence(
    tmp_path: Path, change: Change, says: str
) -> None:
    """Each fault names the file and what is wrong in it."""
    record = dump(certification(result(Verdict.VIOLATED)))
    change(record)
    path = tmp_path / "certification.json"
    path.write_text(encode(record))
    with pytest.raises(ReportError, match=re.escape(says)) as caught:
        load(path)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


RECORD = b'{"schema": "urn:vmfex:certification:2", '
TEXTS = [
    (b"", "is not JSON at line 1: it ends early, as if it was cut off"),
    (b"[]", "names no schema"),
    (b"null", "names no schema"),
    (b'{"a": 1, "a": 2}', "the key 'a' stands twice in one object"),
    (b'{"a": NaN}', "NaN is not a JSON value"),
    (b"\xff\xfe{}", "it is not UTF-8 text"),
    (b"<testsuites/>", "is not JSON at line 1: Expecting value"),
    (b"[" * 200_000, "nested too deeply"),
    (b"9" * 10_000, "is not a record in JSON"),
    (b'{"a": 1e999}', "'1e999' is too large for a number"),
    (RECORD + b'"a": "\\ud800"}', "it has text that no UTF-8 holds"),
    (RECORD + b'"\\udfff": 1}', "it has text that no UTF-8 holds"),
    (RECORD + b'"a": ' + b"[" * 400 + b"]" * 400 + b"}", "it is nested too deeply"),
    (RECORD + b'"not_run": "' + b"x" * 1_000_000 + b'"}', "is not a valid record: at $, "),
    (RECORD + b",".join(b'"k%d": 1' % n for n in range(50_000)) + b"}", "is not a valid record"),
]


@pytest.mark.parametrize(("raw", "says"), TEXTS, ids=range(len(TEXTS)))
def test_a_file_that_is_no_record_is_refused(tmp_path: Path, raw: bytes, says: str) -> None:
    """Whatever the bytes are, the answer is one sentence."""
    path = tmp_path / "certification.json"
    path.write_bytes(raw)
    with pytest.raises(ReportError, match=re.escape(says)) as caught:
        load(path)
    assert str(caught.value).isprintable()
    assert len(str(caught.value).removeprefix(str(path))) < 500


def test_a_record_cut_off_anywhere_is_refused(tmp_path: Path) -> None:
    """No prefix of a record passes for a record."""
    text = encode(dump(certification(result())))
    path = tmp_path / "certification.json"
    for length in range(0, len(text.rstrip()), 7):
        path.write_text(text[:length])
        with pytest.raises(ReportError, match="is not JSON at line"):
            load(path)


def test_a_missing_file_and_a_directory_are_refused(tmp_path: Path) -> None:
    """The system's own reason stands in the sentence."""
    with pytest.raises(ReportError, match=r"gone\.json cannot be read: No such file"):
        load(tmp_path / "gone.json")
    with pytest.raises(ReportError, match="cannot be read: Is a directory"):
        load(tmp_path)


def test_a_written_record_is_loaded_as_it_was(tmp_path: Path) -> None:
    """The whole way: written, read, equal."""
    of = certification(result(Verdict.WAIVED), result(id_="HST-02"))
    write(of, tmp_path / "certification.json")
    assert load(tmp_path / "certification.json") == of


def test_a_record_of_the_first_version_still_loads() -> None:
    """It has the decision and the findings, and neither inventory nor capacity."""
    of = certification(result(Verdict.VIOLATED))
    record = dump(of) | {"schema": "urn:vmfex:certification:1"}
    for key in ("read", "plan", "accepted", "inventory", "capacity"):
        del record[key]
    assert parse(record) == of


def test_nothing_is_waived_by_nobody() -> None:
    """A record that says waived, and names no waiver, is not believed."""
    record = dump(certification(result(Verdict.WAIVED)))
    with pytest.raises(ReportError, match="names a waiver that is not there"):
        parse(record | {"accepted": []})
    del record["rules"][0]["findings"][0]["accepted"]
    with pytest.raises(ReportError, match="nobody is named who waived it"):
        parse(record)


@pytest.mark.parametrize(
    "edit",
    [
        {"kind": "objection"},
        {"kind": "statement"},
        {"rule": "VIC-01"},
        {"expires": "2026-03-01T10:00:00+00:00"},
        {"expires": "2020-01-01T00:00:00+00:00"},
        {"expires": None},
        {"risk_accepted": None},
        {"at": "2026-03-01T10:00:01+00:00"},  # said after it was judged
    ],
)
def test_nothing_is_waived_by_what_cannot_waive_it(edit: dict[str, str | None]) -> None:
    """A blocker's waiver that was another thing, of another rule, or over when it was judged."""
    record = dump(certification(result(Verdict.WAIVED)))
    waiver = {k: v for k, v in (record["accepted"][0] | edit).items() if v is not None}
    with pytest.raises(ReportError, match="HST-01 names what cannot accept it"):
        parse(record | {"accepted": [waiver]})


@pytest.mark.parametrize(
    "text",
    [
        *("2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-01-01T25:00:00Z"),
        *("0000-01-01T00:00:00Z", "9999-12-31T23:59:60Z"),
    ],
)
@pytest.mark.parametrize("key", ["started", "finished", "at", "expires"])
def test_what_is_no_instant_is_refused(key: str, text: str) -> None:
    """A thirteenth month, the thirtieth of February: in one sentence that says where."""
    record = dump(certification(result(Verdict.WAIVED)))
    of_waiver = key in ("at", "expires")
    (record["accepted"][0] if of_waiver else record)[key] = text
    place = f"accepted[0].{key}" if of_waiver else key
    with pytest.raises(ReportError) as refused:
        parse(record)
    assert str(refused.value) == (
        f"the record is not a valid record: at $.{place}, '{text}' is no instant"
    )


def test_the_place_of_a_waiver_is_a_whole_number() -> None:
    """0.0 is 0, in JSON."""
    record = dump(certification(result(Verdict.WAIVED)))
    record["rules"][0]["findings"][0]["accepted"] = 0.0
    assert repr(parse(record).results[0].findings[0].accepted) == "0"


def test_json_numbers_that_are_whole_are_whole(tmp_path: Path) -> None:
    """JSON has no integers: 4.0 VM interfaces are 4, in the type that the model has."""
    record = dump(certification(result(), topologies={"MacVTap direct": 4}))
    path = tmp_path / "certification.json"
    path.write_text(json.dumps(record | {"topologies": {"MacVTap direct": 4.0}}))
    assert repr(load(path).topologies) == "{'MacVTap direct': 4}"
