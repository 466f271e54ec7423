"""`--html`: the page is made of whole results, and the verdict never depends on it."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.runs import VIEWS
from tests.support.sessions import certify
from vmfex.reports.allure.page import Heading


def test_page_is_where_the_last_line_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is rendered from the finished results beside them, before they are in place."""
    asked: list[Any] = []
    monkeypatch.setattr("vmfex.reports.allure.page.render", lambda *paths: asked.append(paths))
    run = certify(tmp_path / "out", rules=["VIC-01"], html=True)
    heading = Heading("INCOMPLETE: reference")
    assert asked == [(run.unfinished / "allure-results", run.unfinished / "report.html", heading)]
    assert run.stdout.endswith(f"; report: {run.out}/report.html\n")


def test_page_that_cannot_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason is said once; status, record and results are what they are without it."""
    reason = "no HTML report: Node.js is missing"
    monkeypatch.setattr("vmfex.reports.allure.page.render", lambda *_: reason)
    run = certify(tmp_path / "out", html=True)
    assert run.status == 0
    assert run.errors == f"vmfex: {reason}\n"
    assert run.files == {*VIEWS, "allure-results"}
    assert run.stdout.endswith(f"; report: {run.out}/certificate.html\n")


def test_no_page_of_a_run_that_did_not_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is rendered where nothing was certified."""

    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("vmfex.reports.allure.page.render", lambda *_: pytest.fail("was rendered"))
    monkeypatch.setattr("vmfex.checks.rules.adapter.has_vic", interrupt)
    assert certify(tmp_path / "out", html=True).status == 2
