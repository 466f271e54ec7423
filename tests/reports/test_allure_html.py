import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.browser import Visit, visit
from tests.support.needs import missing
from tests.support.sessions import certify
from vmfex.reports.allure import page as allure_html
from vmfex.reports.allure.environment import of_all
from vmfex.reports.allure.node import NoReport
from vmfex.reports.allure.page import (
    Heading,
    Shown,
    configuration,
    generate,
    render,
    without_calls,
)

TRACKER = "www.googletagmanager.com"
SAMPLE = """
import allure, pytest

@allure.title("SRV-03 violated <script>document.title = 'taken'</script>")
def test_violated():
    with allure.step("Then no PF has more than 32 VFs"):
        allure.attach("<img src='http://evidence.example/x.png'>", "eth2")
        assert False, "eth2 has 40"

@allure.title("SRV-04 undetermined")
def test_undetermined(): raise RuntimeError("UNDETERMINED: no libvirt")

@allure.title("SRV-05 interrupted")
def test_interrupted(): raise RuntimeError("INTERRUPTED")

@allure.title("SRV-06 waived")
def test_waived(): pytest.xfail("WAIVED: W-17 until 2027-01-01")

@allure.title("SRV-07 not applicable")
def test_not_applicable(): pytest.skip("NOT APPLICABLE: no VM")
"""
TITLE = "NOT CERTIFIED: blade-7<script>document.title = 'taken'</script>"
HEADING = Heading(TITLE)
CATEGORIES = ("Violated", "Undetermined", "Interrupted", "Waived", "Not applicable")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Allure results with one test for each verdict that is not a pass."""
    folder = tmp_path_factory.mktemp("sample")
    (folder / "test_sample.py").write_text(SAMPLE)
    command = [sys.executable, "-m", "pytest", "--quiet", "--disable-plugin-autoload"]
    options = ["-p", "allure_pytest", "-p", "no:cacheprovider", "--alluredir=results"]
    subprocess.run([*command, *options, "test_sample.py"], cwd=folder, capture_output=True)
    return folder / "results"


@pytest.fixture(scope="module")
def generated(results: Path) -> str:
    """The page as Allure makes it."""
    try:
        return generate(results, HEADING)
    except NoReport as reason:
        missing(str(reason))


@pytest.fixture(scope="module")
def page(results: Path, generated: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page as we publish it."""
    assert TRACKER in generated
    target = tmp_path_factory.mktemp("page") / "report.html"
    assert render(results, target, HEADING) is None
    return target


@pytest.fixture(scope="module")
def visited(page: Path) -> Visit:
    """Our page as a reader's browser has it, opened from disk."""
    return visit(page)


def test_generated_page_calls_out(generated: str, tmp_path: Path) -> None:
    """Allure's own page asks a tracker, which is what the next test says ours does not."""
    page = tmp_path / "allure.html"
    page.write_text(generated)
    assert TRACKER in generated
    assert [TRACKER in request for request in visit(page).requests] == [True]


def test_published_page_calls_nobody_and_works(page: Path, visited: Visit) -> None:
    """Opened from disk, our page shows the results and asks the network for nothing."""
    assert visited.requests == ()
    assert "SRV-03 violated" in visited.dom
    assert TRACKER not in page.read_text()


def test_names_from_a_host_are_not_run(visited: Visit) -> None:
    """A script in a name is text: it does not get to change the page."""
    assert "&lt;/script&gt; </title>" in visited.dom


def test_host_and_decision_are_the_title(visited: Visit) -> None:
    """Of the browser's tab and of the page."""
    head, _, body = visited.dom.partition("</head>")
    assert "<title> NOT CERTIFIED: blade-7&lt;" in head
    assert "NOT CERTIFIED: blade-7&lt;" in body


PROBE = """<script>setInterval(() => {
  const tree = document.querySelector("[data-tree-scroll-container]");
  if (tree && tree.scrollTop > 0) document.documentElement.dataset.moved = true;
}, 50)</script></body>"""
VISITS = 5  # until Allure's own page has come so far in the time that a visit has


def test_page_opens_at_its_top(tmp_path: Path) -> None:
    """Allure's own moves to the first failure, past the host and the decision; ours does not."""
    run = certify(tmp_path / "out", "fabric-6454")
    try:
        own = generate(run.out / "allure-results", HEADING)
    except NoReport as reason:
        missing(str(reason))
    for name, text in (("own", own), ("ours", without_calls(own))):
        (tmp_path / f"{name}.html").write_text(text.replace("</body>", PROBE))

    def moved(name: str) -> bool:
        return 'data-moved="true"' in visit(tmp_path / f"{name}.html").dom

    assert any(moved("own") for _ in range(VISITS))
    assert not moved("ours")


def test_hosts_of_any_name_are_environments(results: Path, tmp_path: Path) -> None:
    """Allure refuses names that are long, twice the same or a path; ours are cut, and a name is
    text in the configuration."""
    names = [
        "a" * 100,
        "a" * 100,
        "../x",
        "..",
        "`${process.exit(9)}`\u2028\"'",
        "e\u0301\U0001f525",
    ]
    hosts = [Shown(name, name, {"Decision": "CERTIFIED"}) for name in names]
    try:
        assert generate(results, Heading("6 CERTIFIED: 6 hosts", hosts))
    except NoReport as reason:
        missing(str(reason))


def test_a_decision_is_whole_whatever_a_host_is_called() -> None:
    """In the names of Allure's environments, which are short, and beside the results, of which the
    page shows the first words."""
    names = ["a" * 80, "a" * 80, "b" * 80, "c"]
    hosts = [Shown(name, f"{name}: NOT CERTIFIED", {}) for name in names]
    [told] = re.findall("^const hosts = (.*);$", configuration(Heading("", hosts)), re.MULTILINE)
    shown = [host["name"] for host in json.loads(told)]
    assert len(set(shown)) == len(names)
    assert all(len(name) <= 64 and name.endswith(": NOT CERTIFIED") for name in shown)
    beside = of_all([(name, "NOT CERTIFIED", {"Judged": "today"}) for name in names], "", "1")
    assert beside["Host-4"] == "NOT CERTIFIED: c; Judged: today"
    assert beside["Host-1"].startswith("NOT CERTIFIED: aaa")


def test_verdicts_are_not_lumped_together(page: Path) -> None:
    """Every verdict that is not a pass has a category of its own, and no other is there."""
    shown = visit(page, "categories").dom
    places = [shown.index(f">{category}<") for category in CATEGORIES]
    assert places == sorted(places)
    assert not any(f">{other}<" in shown for other in ("Product errors", "Error in the program"))


def test_policy_stops_what_evidence_would_load(tmp_path: Path) -> None:
    """Scripts that ask for something get it in a plain page, and not in one of ours."""
    calls = "new Image().src = 'http://a.example/'; fetch('https://b.example/').catch(() => 0)"
    raw = f"<html><head></head><body><script>{calls}</script></body></html>"
    plain, mended = tmp_path / "plain.html", tmp_path / "mended.html"
    plain.write_text(raw)
    mended.write_text(without_calls(raw))
    assert set(visit(plain).requests) == {"http://a.example/", "https://b.example/"}
    assert visit(mended).requests == ()


@pytest.mark.parametrize(
    "page",
    [
        '<html><head></head><script src="https://stats.example/s.js"></script></html>',
        "<html><head><link rel=preconnect href=//stats.example></head></html>",
        "<html><head></head><script>gtag('config', 'G-1')</script></html>",
        "<html><body>no head, so no policy</body></html>",
    ],
)
def test_page_that_would_call_out_is_refused(
    page: str, results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a call left in it, or no place for the policy, a page does not replace the old one."""
    monkeypatch.setattr(allure_html, "generate", lambda *_: page)
    target = tmp_path / "report.html"
    target.write_text("the last one")
    assert "would make network requests" in str(render(results, target, HEADING))
    assert [file.read_text() for file in tmp_path.iterdir()] == ["the last one"]


def test_rendering_writes_the_page_and_nothing_else(
    results: Path, page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No history, no known issues, no cache: neither in the current folder nor in the results."""
    before = sorted(results.iterdir())
    monkeypatch.chdir(tmp_path)
    assert page.exists()
    assert render(results, Path("report.html"), HEADING) is None
    assert [file.name for file in tmp_path.iterdir()] == ["report.html"]
    assert sorted(results.iterdir()) == before


def test_absent_node_is_said_in_a_sentence(
    results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without Node.js there is no page, no traceback, and a sentence with the extra that has it."""
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    said = render(results, tmp_path / "report.html", HEADING)
    assert said == "Allure's page needs Node.js: install vmfex with its extra `html`"


def test_absent_generator_is_said_in_a_sentence(
    results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the generator's npm packages the sentence says how to get them."""
    monkeypatch.setattr(allure_html, "GENERATOR", tmp_path)
    said = str(render(results, tmp_path / "report.html", HEADING))
    assert said == "Allure's page needs its generator: run `vmfex install-html`"


def test_no_results_are_no_page(tmp_path: Path) -> None:
    """A folder without results, or no folder at all, does not become an empty report."""
    assert "there are no Allure results" in str(render(tmp_path, tmp_path / "report.html", HEADING))
    assert "there are no Allure results" in str(
        render(tmp_path / "none", tmp_path / "report.html", HEADING)
    )


@pytest.mark.parametrize(
    ("behaviour", "sentence"),
    [
        ("exec sleep 60", "did not finish within 0.2 s"),
        ("echo first; echo 'out of memory' >&2; exit 3", "failed (3): out of memory"),
        ("exit 0", "wrote no page"),
    ],
)
def test_generator_that_misbehaves(
    behaviour: str,
    sentence: str,
    results: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A generator that hangs, fails or writes nothing ends in a sentence within the time limit."""
    program = tmp_path / "node"
    program.write_text(f"#!/bin/sh\n{behaviour}\n")
    program.chmod(0o755)
    monkeypatch.setattr(allure_html, "_node", lambda: program)
    monkeypatch.setattr(allure_html, "_script", lambda: Path("cli.js"))
    monkeypatch.setattr(allure_html, "TIME_LIMIT", 0.2)
    assert sentence in str(render(results, tmp_path / "report.html", HEADING))


def test_generator_sees_nothing_of_our_environment(
    results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token in the environment, with which it would upload, does not reach the generator."""
    program = tmp_path / "node"
    program.write_text(f"#!/bin/sh\nenv > {tmp_path}/seen\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setattr(allure_html, "_node", lambda: program)
    monkeypatch.setenv("ALLURE_SERVICE_ACCESS_TOKEN", "secret")
    render(results, tmp_path / "report.html", HEADING)
    assert "secret" not in (tmp_path / "seen").read_text()
