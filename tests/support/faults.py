"""Runs of the program in which something goes wrong, and what has to hold afterwards."""

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.support.runs import found
from tests.support.sessions import command_line, process_environment
from vmfex.folder.marker import marker_of
from vmfex.folder.names import HOSTS, RECORD, RESULTS, SUMMARY
from vmfex.folder.strangers import refuse_strangers
from vmfex.reports.loading import load

PATIENCE = 300  # seconds; ends what would wait for ever
# A page in no time: what it looks like is tried elsewhere.
PAGE = (
    "import vmfex.reports.allure.page as page\n"
    "page.generate = lambda *_: '<html><head></head><body>report</body></html>'\n"
)


def run(
    cwd: Path, *words: str, code: str = "", before: Sequence[str] = (), **environment: str
) -> subprocess.CompletedProcess[str]:
    """`vmfex WORDS`, after `code`. What it says is words for people, however it ends; what only a
    slow machine makes it say is left out."""
    done = subprocess.run(
        [*before, *command_line(*words, code=code)],
        cwd=cwd,
        env=process_environment({"PYTHONDONTWRITEBYTECODE": "1", **environment}),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    lines = done.stderr.splitlines(keepends=True)
    done.stderr = "".join(line for line in lines if not line.startswith("vmfex: still "))
    assert "Traceback" not in done.stderr, done.stderr
    assert "Exception ignored" not in done.stderr, done.stderr
    assert all(line.startswith("vmfex: ") for line in done.stderr.splitlines()), done.stderr
    return done


def but_refusals(said: str) -> str:
    """What was said but for the hosts that were refused, which are told as it happens."""
    lines = said.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("vmfex: refused: "))


def whole(folder: Path) -> str | None:
    """When the run in the folder began: every file that it wrote is there as it wrote it, and no
    other; its records can be believed, and each of its Allure results is of its hosts. None where
    there is no run."""
    marker = marker_of(folder)
    if marker is None:
        assert not found(folder), found(folder).keys()
        return None
    refuse_strangers(folder)
    assert found(folder).keys() == marker.files.keys()
    if (folder / SUMMARY).exists():
        summary = json.loads((folder / SUMMARY).read_text("utf-8"))
        places = [folder / host["directory"] for host in summary["hosts"]]
        assert {path.name for path in (folder / HOSTS).iterdir()} == {p.name for p in places}
        started = str(summary["started"])
    else:
        places, started = [folder], load(folder / RECORD).started
    hosts = {load(place / RECORD).host for place in places}
    assert hosts_of_results(folder / RESULTS) == hosts
    return started


def hosts_of_results(results: Path) -> set[str]:
    """Whose results are there."""
    documents = [json.loads(p.read_text("utf-8")) for p in results.glob("*-result.json")]
    return {document["parameters"][0]["value"] for document in documents}


def no_certificate(out: Path) -> bool:
    """Whether nothing is in place that anybody could believe."""
    return not found(out)


def limited(name: str, value: int | str) -> str:
    """Code that sets one of the process's limits."""
    return f"import resource as r; r.setrlimit(r.{name}, ({value}, {value}))\n"


def may_mount() -> bool:
    """Whether a process of ours may have file systems of its own."""
    command = ["unshare", "--mount", "sh", "-c", "mount -t tmpfs -o size=4k vmfex /mnt"]
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except OSError:
        return False


def number(name: str, otherwise: int) -> int:
    """A whole number from the environment."""
    return int(os.environ.get(name) or otherwise)
