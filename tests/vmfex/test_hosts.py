"""`vmfex hosts`: a line of what each embedded host is, and one of them unpacked."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.support.sessions import certify
from vmfex.cli import cli
from vmfex.evidence.embedded import embedded_hosts


def hosts(*words: str) -> Result:
    return CliRunner().invoke(cli, ["hosts", *words])


@pytest.fixture(scope="module")
def listed() -> dict[str, str]:
    """What the command says of each host."""
    return dict(line.split(maxsplit=1) for line in hosts().stdout.splitlines())


def test_each_host_has_a_line() -> None:
    """Sorted, the descriptions below one another, on stdout; none is so long that it wraps."""
    result = hosts()
    lines = result.stdout.splitlines()
    assert tuple(line.split()[0] for line in lines) == embedded_hosts()
    width = max(map(len, embedded_hosts())) + 2
    assert all(line[width - 2 : width] == "  " and line[width].isupper() for line in lines)
    assert max(map(len, lines)) <= 120
    assert (result.exit_code, result.stderr) == (0, "")


def test_a_program_without_hosts_lists_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which is no error."""
    monkeypatch.setattr("vmfex.evidence.embedded.HOSTS", tmp_path)
    assert (hosts().stdout, hosts().exit_code) == ("", 0)


@pytest.mark.parametrize("name", embedded_hosts())
def test_the_line_ends_with_the_decision(name: str, listed: dict[str, str], tmp_path: Path) -> None:
    """What it promises is what `vmfex certify` says."""
    decision = certify(tmp_path / "out", name).record["decision"]
    assert listed[name].rpartition(": ")[2] == decision.lower()


def test_an_unpacked_host_certifies_the_same(tmp_path: Path) -> None:
    """Its record has the same rules and findings, and no digest: it is no file any more."""
    done = hosts("unpack", "reference", str(tmp_path / "host"))
    assert (done.exit_code, done.output) == (0, "")
    first = certify(tmp_path / "first", "reference")
    second = certify(tmp_path / "second", str(tmp_path / "host"))
    assert first.status == second.status == 0
    changed = {key for key in first.record if first.record[key] != second.record.get(key)}
    assert changed <= {"digest", "started", "finished"}
    assert "digest" in first.record
    assert "digest" not in second.record


def test_what_is_there_is_not_written_over(tmp_path: Path) -> None:
    """One sentence, the exit status of wrong usage, and the directory as it was."""
    (tmp_path / "notes.json").write_text(json.dumps("mine"))
    done = hosts("unpack", "reference", str(tmp_path))
    assert done.exit_code == 4
    assert done.stderr.startswith("vmfex: ")
    assert done.stderr.endswith("is written to a new place or an empty directory.\n")
    assert [path.name for path in tmp_path.iterdir()] == ["notes.json"]


@pytest.mark.parametrize(
    "words", [("unpack", "blade-9", "d"), ("unpack",), ("unpack", "reference"), ("nothing",)]
)
def test_wrong_words(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Are usage errors, and nothing is written."""
    monkeypatch.chdir(tmp_path)
    assert hosts(*words).exit_code == 4
    assert not list(tmp_path.iterdir())
