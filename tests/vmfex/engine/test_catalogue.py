"""The catalogue: every rule of the features, in order, and the digest of what judges."""

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.sessions import FEATURES, copy_of_features, edit
from vmfex.checks.result.rule import Severity
from vmfex.engine import catalogue
from vmfex.engine.catalogue import CatalogueError, digest, documents, field, rules, scenarios

VIC = "adapter/vic.feature"


@pytest.fixture
def features(tmp_path: Path) -> Iterator[Path]:
    """A copy of the features, not remembered from another test."""
    yield copy_of_features(tmp_path)
    documents.cache_clear()


def test_every_rule_once_and_in_the_order_of_the_list() -> None:
    """As rules.csv has them, whatever the order of the files."""
    with (FEATURES / "rules.csv").open(encoding="utf-8", newline="") as file:
        assert [rule.id for rule in rules()] == [row["id"] for row in csv.DictReader(file)]


def test_another_order_of_the_list_is_the_order_of_the_rules(features: Path) -> None:
    """The last one listed comes last, wherever its Rule is."""
    edit(features, "rules.csv", "VIC-01,blocker,no\n", "")
    with (features / "rules.csv").open("a") as file:
        file.write("VIC-01,blocker,no\n")
    assert rules(features)[-1].id == "VIC-01"


def test_what_a_rule_is() -> None:
    """All that a report shows of it comes from the feature file."""
    rule = next(rule for rule in rules() if rule.id == "SRV-06")
    assert rule.derived
    assert rule.area == "sriov"
    assert all((rule.title, rule.feature, rule.source, rule.remedy, rule.evidence, rule.violation))
    blockers = {rule.id for rule in rules() if rule.severity is Severity.BLOCKER}
    assert {"HST-01", "VIC-01", "VIC-02"} <= blockers


def test_scenarios_of_each_rule() -> None:
    """Every rule has at least one; a rule with several has them by their names."""
    names = scenarios()
    assert set(names) == {rule.id for rule in rules()}
    assert all(names.values())
    assert names["HST-04"] == (
        "The kernel offers KVM",
        "libvirt offers KVM",
        "VMs run on KVM",
    )


@pytest.mark.parametrize(
    ("description", "found"),
    [
        ("    Source: The guide\n    Remedy: Do it.", "The guide"),
        ("\tSource:\tThe guide  \n", "The guide"),
        ("    Source: a: b, c: d\n", "a: b, c: d"),
        ("    Source:\n    Remedy: Do it.", ""),
        ("    Source:   \n    Remedy: Do it.", ""),
        ("    Resource: The guide\n", ""),
        ("", ""),
    ],
)
def test_fields_of_a_rule(description: str, found: str) -> None:
    """A field is what stands on its line, and never the next line."""
    assert field({"description": description}, "Source") == found


def test_digest_is_that_of_the_content(features: Path) -> None:
    """Wherever the features lie it is the same, and files that judge nothing do not count."""
    (features / "notes.md").write_text("not a rule")
    assert digest(features) == digest()
    assert digest().startswith("sha256:")


def test_digest_changes_with_the_features(features: Path) -> None:
    """A limit, another list, a renamed file, a file that is gone: each is another rule set."""
    digests = {digest(features)}
    edit(features, "rules.csv", "VIC-01,blocker,no", "VIC-01,blocker,yes")
    digests.add(digest(features))
    edit(features, VIC, "Then each has at most 116 vNICs", "Then each has at most 117 vNICs")
    digests.add(digest(features))
    (features / VIC).rename(features / "adapter/card.feature")
    digests.add(digest(features))
    (features / "adapter/card.feature").unlink()
    digests.add(digest(features))
    assert len(digests) == 5


@pytest.mark.parametrize("room", catalogue.DECIDING)
def test_digest_changes_with_what_judges(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: str
) -> None:
    """Vocabulary, checks, parsers and the engine decide as the features do."""
    for name in catalogue.DECIDING:
        code = shutil.ignore_patterns("__pycache__")
        shutil.copytree(catalogue.PACKAGE / name, tmp_path / name, ignore=code)
    monkeypatch.setattr(catalogue, "PACKAGE", tmp_path)
    before = digest()
    with (tmp_path / room / "__init__.py").open("a") as file:
        file.write("# changed\n")
    assert digest() != before


def test_folder_without_features(tmp_path: Path) -> None:
    """No rules are not an empty rule set: it cannot certify anything."""
    with pytest.raises(CatalogueError, match="holds no feature file"):
        rules(tmp_path)
