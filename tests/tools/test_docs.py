"""What is said of the project: every page is found, every link leads somewhere, habits are kept."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)")
PAGES = sorted(
    page
    for pattern in (
        "*.md",
        "docs/*.md",
        "docs/decisions/*.md",
        "tests/README.md",
        "changelog.d/*.md",
    )
    for page in ROOT.glob(pattern)
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    """To a file or a folder of the project."""
    links = LINK.findall(re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("folder", ["docs", "docs/decisions"])
def test_every_page_is_in_the_index(folder: str) -> None:
    """A page that nothing names is not read."""
    index = ROOT / folder / "README.md"
    named = set(LINK.findall(index.read_text("utf-8")))
    pages = {page.name for page in (ROOT / folder).glob("*.md")} - {"README.md"}
    assert pages - named == set()


def test_hooks_run_what_make_check_runs() -> None:
    """No more and no less: whoever has the hooks is told what CI would tell."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    parts = re.search(r"^check: (.+)$", makefile, re.MULTILINE)
    assert parts is not None
    [local] = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    assert [hook["entry"] for hook in local["hooks"]] == [f"make {p}" for p in parts[1].split()]


def test_a_wrong_verdict_is_the_first_form() -> None:
    """And its first question is for the record, without which nobody can say more."""
    forms = sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("[0-9]*.yml"))
    form = yaml.safe_load(forms[0].read_text("utf-8"))
    asked = [part for part in form["body"] if part["type"] != "markdown"]
    assert form["name"] == "Wrong verdict"
    assert asked[0]["attributes"]["label"] == "certification.json"
    assert asked[0]["validations"] == {"required": True}
