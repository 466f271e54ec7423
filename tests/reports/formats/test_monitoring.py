"""Nagios and Prometheus, as their own programs read them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from tests.support.formats import (
    CERTIFIED,
    CONTEXT,
    HOSTS,
    INCOMPLETE,
    PARTIAL,
    WHOLE,
    WITH_WAIVERS,
    hostile,
)
from tests.support.readers import promtool
from vmfex.checks.result.certification import Certification
from vmfex.reports.formats import nagios, prometheus

# of the plugins' guidelines: SERVICE STATUS - text | 'label'=value[unit];[warn];[crit];[min];[max]
LINE = re.compile(
    r"VMFEX (OK|WARNING|CRITICAL|UNKNOWN) - [^|\n]+ \|( [a-z_]+=\d+;;;0)+\n", re.ASCII
)
STATUS = {"OK": 0, "WARNING": 1, "CRITICAL": 2, "UNKNOWN": 3}


@pytest.mark.parametrize(
    ("hosts", "word"),
    [
        ([CERTIFIED], "OK"),
        ([WITH_WAIVERS], "WARNING"),
        ([INCOMPLETE], "UNKNOWN"),
        ([PARTIAL], "UNKNOWN"),
        ([WHOLE], "CRITICAL"),
        ([CERTIFIED, WITH_WAIVERS], "WARNING"),
        ([CERTIFIED, INCOMPLETE, WITH_WAIVERS], "UNKNOWN"),
        (HOSTS, "CRITICAL"),
    ],
    ids=str,
)
def test_the_line_and_the_status_say_the_decision(hosts: list[Certification], word: str) -> None:
    """Only a certified host is OK; of several the worst speaks."""
    text = nagios.render(hosts, CONTEXT)
    match = LINE.fullmatch(text)
    assert match is not None
    assert match[1] == word
    assert nagios.status(hosts) == STATUS[word]


def test_the_line_names_the_rules_and_the_time() -> None:
    """What decides, and when it was judged: a record does not age by itself."""
    assert nagios.render([WHOLE], CONTEXT).startswith(
        "VMFEX CRITICAL - reference: NOT CERTIFIED; violated: VIC-02; "
        "undetermined: PRF-04, EMU-01; waived: SRV-03, HDV-05; not run: 1; "
        "judged 2026-03-01 10:00 UTC; constructed: no real host gave this evidence; "
        "the certificate was not verified | "
    )


@given(st.text())
def test_any_host_gives_one_line(name: str) -> None:
    """A name can begin neither another line nor the performance data."""
    assert LINE.fullmatch(nagios.render([hostile(name or "-")], CONTEXT))
    assert nagios.cannot_tell(name).count("\n") == 1


@pytest.mark.parametrize("of", [*HOSTS, hostile()], ids=lambda of: ascii(of.host)[:12])
def test_promtool_finds_nothing(of: Certification) -> None:
    """Names, types, help and labels are as Prometheus wants them."""
    assert promtool(prometheus.render([of], CONTEXT)) == ""


def test_promtool_takes_several_hosts() -> None:
    """Each metric once, with a sample for each host."""
    assert promtool(prometheus.render(HOSTS, CONTEXT)) == ""


def test_only_the_decision_of_a_host_is_one() -> None:
    """The others are 0, so that an alert can ask for any of them."""
    families = text_string_to_metric_families(prometheus.render(HOSTS, CONTEXT))
    samples = next(f for f in families if f.name == "vmfex_decision").samples
    for of in HOSTS:
        mine = [s for s in samples if s.labels["host"] == of.host]
        assert {s.labels["decision"] for s in mine if s.value} == {of.decision}
        assert len(mine) == 4


def test_the_time_is_there() -> None:
    """2026-03-01T10:00:02.5Z, for alerts on records that are old."""
    families = text_string_to_metric_families(prometheus.render([WHOLE], CONTEXT))
    [sample] = next(f for f in families if f.name == "vmfex_judged_timestamp_seconds").samples
    assert sample.value == 1772359202.5


@given(st.text())
def test_any_host_gives_metrics_that_can_be_read(name: str) -> None:
    """Quotes, backslashes and line feeds of a name stay within its label."""
    families = list(text_string_to_metric_families(prometheus.render([hostile(name)], CONTEXT)))
    assert len(families) == 5
