"""Running the rules on a host, by pytest in this process and by nothing that is about pytest."""

import contextlib
import io
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from vmfex.catalogue import FEATURES
from vmfex.progress import Progress

INI = Path(__file__).parent / "pytest.ini"
FOREIGN = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DISABLE_PLUGIN_AUTOLOAD")
PLUGINS = ("pytest_bdd.plugin", "allure_pytest.plugin", "vmfex.plugin")
UNUSED = ("cacheprovider", "logging", "junitxml", "doctest", "unittest", "pastebin", "faulthandler")


class Watcher:
    """Keeps hold of the session, and tells its progress."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self.session: Any = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_load_initial_conftests(self, early_config: pytest.Config) -> None:
        early_config.known_args_namespace.notify = self._progress.say

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        self.session = session.config.pluginmanager.get_plugin("vmfex")


def certify(
    host: str,
    *,
    plan: Path | None,
    out: Path,
    rules: tuple[str, ...],
    tags: tuple[str, ...],
    strict: bool,
    libvirt_uri: str,
    quiet: bool,
    verbose: bool,
    html: bool,
) -> int:
    """Certifies one host and prints the report. Returns the exit status (docs/exit-status.md)."""
    arguments = [f"--host={host}", f"--out={out}", f"--libvirt-uri={libvirt_uri}"]
    arguments += [f"--plan={plan}"] if plan else []
    arguments += [f"--rule={rule}" for rule in rules] + [f"--tag={tag}" for tag in tags]
    arguments += ["--strict-derived"] if strict else []
    with Progress(f"certifying {host}", quiet) as progress:
        watcher = Watcher(progress)
        status = _pytest(arguments, watcher)
    session = watcher.session
    if session is None:
        return status
    for error in session.certifier.errors:
        print(f"vmfex: internal error: {error}", file=sys.stderr)
    if session.output.certification is None:
        print(_unfinished(status), file=sys.stderr)
        return status
    report = _html(session.output) if html else str(session.output.directory)
    _print(session.output, quiet, verbose, report)
    return status


def _pytest(arguments: list[str], watcher: Watcher) -> int:
    """One pytest session on our features. Nothing of the user's pytest takes part in it."""
    for name in FOREIGN:
        os.environ.pop(name, None)
    plugins = [word for name in PLUGINS for word in ("-p", name)]
    unused = [word for name in UNUSED for word in ("-p", f"no:{name}")]
    fixed = ["--disable-plugin-autoload", "--noconftest", "--assert=plain", "--capture=no", "-q"]
    where = ["-c", str(INI), "--rootdir", str(FEATURES), "--import-mode=importlib", str(FEATURES)]
    with contextlib.redirect_stdout(io.StringIO()):
        return int(pytest.main([*fixed, *plugins, *unused, *arguments, *where], [watcher]))


def _print(output: Any, quiet: bool, verbose: bool, report: str) -> None:
    from reports.text import wants_colour

    colour = wants_colour(sys.stdout, os.environ)
    width = shutil.get_terminal_size((100, 24)).columns
    style = {"colour": colour, "width": width, "quiet": quiet, "verbose": verbose}
    sys.stdout.write(output.text(report, **style))


def _html(output: Any) -> str:
    """Renders Allure's page. The verdicts stand without it: what is missing is only said."""
    from reports.allure_html import render
    from vmfex.output import HTML, RESULTS

    target = output.directory / HTML
    with Progress("rendering the report", quiet=False):
        error = render(output.directory / RESULTS, target)
    if error:
        print(f"vmfex: no HTML report: {error}", file=sys.stderr)
        return str(output.directory)
    return str(target)


def _unfinished(status: int) -> str:
    ends = {
        2: "vmfex: interrupted: no record was written",
        5: "vmfex: no rule ran: the selection names none",
    }
    return ends.get(status, "vmfex: the run did not come to its end: no record was written")


def record(host: str, target: Path, libvirt_uri: str) -> int:
    """Reads everything that any rule may ask for, and writes it as a recording. Returns 0."""
    from fixtures.host import ReadHost
    from fixtures.recorder import RecordingTree
    from fixtures.sources import open_tree
    from vmfex.everything import read_everything

    with Progress(f"recording {host}", quiet=False) as progress:
        tree = RecordingTree(open_tree(host, libvirt_uri=libvirt_uri, notify=progress.say))
        read_everything(ReadHost(tree))
        tree.write(target)
    return 0
