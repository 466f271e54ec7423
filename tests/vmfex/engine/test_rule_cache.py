"""Rules kept between runs: only what this program wrote, whole, is used again."""

import json
import os
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from vmfex.engine import rule_cache, rule_set
from vmfex.engine.catalogue import FEATURES, digest


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that a run has left."""
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    monkeypatch.setattr(rule_cache, "PLACE", tmp_path / "__pycache__")
    rule_set.load()
    [file] = (tmp_path / "__pycache__").iterdir()
    return file


def test_second_run_reads_what_the_first_wrote(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same rules and scenarios, without reading a feature file."""
    first = rule_set._read(FEATURES)
    monkeypatch.setattr(rule_set, "_read", lambda _: pytest.fail("was read again"))
    again = rule_set.load()
    assert (tuple(again.rules.values()), again.scenarios) == first
    assert again.digest == digest()


def _sealed(content: object) -> bytes:
    text = json.dumps(content).encode()
    return sha256(text).hexdigest().encode() + b"\n" + text


def _without_a_scenario(file: Path) -> bytes:
    seal, _, text = file.read_bytes().partition(b"\n")
    content = json.loads(text)
    content["scenarios"] = [s for s in content["scenarios"] if s["rule_id"] != "VIC-02"]
    return seal + b"\n" + json.dumps(content).encode()


DAMAGE: dict[str, Callable[[Path], bytes]] = {
    "empty": lambda _: b"",
    "cut off": lambda file: file.read_bytes()[:-100],
    "deep": lambda _: b"[" * 200_000,
    "no rule": lambda _: json.dumps({"rules": [], "scenarios": []}).encode(),
    "a scenario less": _without_a_scenario,
    "of another form": lambda _: _sealed({}),
    "not text": lambda _: b"\xff\xfe\n",
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_not_used(kept: Path, damage: str) -> None:
    """Whatever is in the file: what was not written by us is not judged by, and is replaced."""
    kept.write_bytes(DAMAGE[damage](kept))
    rules = rule_set.load()
    assert any(scenario.rule_id == "VIC-02" for scenario in rules.scenarios)
    assert rule_cache.read(digest()) is not None


def test_what_is_not_a_file_of_ours(kept: Path) -> None:
    """A pipe is not waited for; a file that others may write is not believed."""
    kept.chmod(0o666)
    assert rule_cache.read(digest()) is None
    kept.unlink()
    os.mkfifo(kept)
    assert rule_cache.read(digest()) is None


def test_nothing_is_written_where_bytecode_is_not(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PYTHONDONTWRITEBYTECODE holds for the rules too: a host stays as it is."""
    shutil.rmtree(kept.parent)
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    rule_set.load()
    assert not kept.parent.exists()
