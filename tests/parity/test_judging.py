"""The quick way of judging, which the matrix stands on, against a run by pytest."""

import json
from pathlib import Path

import pytest

from tests.rules.changes import WEB01, edit, unreadable
from tests.rules.table import PRIVATE_21, REFERENCE, Host
from tests.support.sessions import plain

HOSTS = {
    "reference": REFERENCE,
    "violated": PRIVATE_21,
    "changed": REFERENCE.but(
        edit(f"{WEB01}/persistent.xml", "dev='eth2'", "dev='eth0'"), unreadable("ucsm")
    ),
    "unreadable": Host("unreadable"),
}


@pytest.mark.parametrize("name", HOSTS)
def test_quick_judgement_is_that_of_a_real_run(name: str, tmp_path: Path) -> None:
    """Every rule has the same findings in the record of a pytest session, in the same order."""
    host = HOSTS[name]
    recording, out = tmp_path / "host", tmp_path / "out"
    host.raw().write(recording)
    plain(out, recording)
    record = json.loads((out / "certification.json").read_text("utf-8"))
    keys = ("subject", "verdict", "observed", "wanted")
    real = {
        rule["id"]: (rule["verdict"], [tuple(f[key] for key in keys) for f in rule["findings"]])
        for rule in record["rules"]
    }
    judged = host.judged()
    quick = {
        rule: (
            str(judged.verdicts[rule]),
            [(f.subject, str(f.verdict), f.observed, f.wanted) for f in found],
        )
        for rule, found in judged.findings.items()
    }
    assert quick == real
