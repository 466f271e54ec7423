"""How the kernel's reply about a PF grows with its VFs, and what SRV-03 makes of it."""

from collections.abc import Mapping

import pytest

from tests.lab.lab import MEASUREMENT, Result
from vmfex.checks.rules.netlink_limit import LIST_HEADER, NEST_LIMIT

# Linux 6.12; docs/sources.md, 3: computed from the kernel's sources, and measured here.
BYTES_PER_VF = {True: 296, False: 196}  # with statistics, and without


@pytest.mark.parametrize("statistics", [True, False])
def test_the_reply_grows_by_the_same_for_each_vf(
    results: Mapping[str, Result], statistics: bool
) -> None:
    """A straight line through 0 to 7 VFs, whose slope is what each VF takes."""
    rows = [r for r in results[MEASUREMENT].measurement if r["statistics"] == statistics]
    assert [row["vfs"] for row in rows] == list(range(8))
    slope = BYTES_PER_VF[statistics]
    for row in rows:
        assert row["reply_bytes"] == rows[0]["reply_bytes"] + slope * row["vfs"]
        assert (row["vf_entries"], row["vf_bytes"]) == (row["vfs"], slope * row["vfs"])


def test_srv_03_measures_the_same(results: Mapping[str, Result]) -> None:
    """The finding on the live host shows the reply, the bytes per VF and the limit of the line."""
    [seven] = [r for r in results[MEASUREMENT].measurement if r["vfs"] == 7 and r["statistics"]]
    base, slope = seven["reply_bytes"] - seven["vf_bytes"], BYTES_PER_VF[True]
    limit = (NEST_LIMIT - base - LIST_HEADER) // slope
    record = results["compliant"].record
    [rule] = [rule for rule in record["rules"] if rule["id"] == "SRV-03"]
    for finding in rule["findings"]:
        assert f"reply of {seven['reply_bytes']} bytes" in finding["observed"]
        assert f"{slope} bytes per VF (measured on 7)" in finding["observed"]
        assert f"limit {limit} VFs" in finding["observed"]
