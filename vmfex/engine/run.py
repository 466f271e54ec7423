"""Running the rules on a host, by pytest in this process and by nothing that is about pytest."""

import contextlib
import io
import os
import shutil
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from vmfex.checks.model.fact import Unknown
from vmfex.checks.result.certification import Decision
from vmfex.engine.catalogue import FEATURES
from vmfex.engine.guests import guests as parse_guests
from vmfex.engine.ledger import EXIT_STATUS, INTERRUPTED, NOTHING_RAN, USAGE
from vmfex.engine.page import render_page
from vmfex.progress import Progress, say

if TYPE_CHECKING:
    from vmfex.evidence.host import ReadHost
    from vmfex.evidence.sources.ucsm.manager import Asked, UcsManager

INI = Path(__file__).parent / "pytest.ini"
FOREIGN = ("PYTEST_", "ALLURE_")  # what starts so in the environment steers other people's tests
PLUGINS = ("pytest_bdd.plugin", "allure_pytest.plugin", "vmfex.pytest_plugin.plugin")
UNUSED = (
    *("cacheprovider", "logging", "junitxml", "doctest", "unittest", "pastebin", "faulthandler"),
    *("unraisableexception", "threadexception"),  # they collect all garbage several times
    *("debugging", "legacypath", "monkeypatch", "recwarn", "setuponly", "setupplan", "stepwise"),
    *("subtests", "tmpdir", "warnings"),
)


class Watcher:
    """Keeps hold of the session, and tells its progress."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self.session: Any = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_load_initial_conftests(self, early_config: pytest.Config) -> None:
        early_config.option.notify = self._progress.say

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        from vmfex.pytest_plugin.plugin import SESSION

        self.session = session.config.pluginmanager.get_plugin(SESSION)


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
    guests: tuple[str, ...] = (),
    ucsm: "Asked | None" = None,
) -> int:
    """Certifies one host and prints the report. Returns the exit status (README.md lists them)."""
    arguments = [f"--host={host}", f"--out={out}", f"--libvirt-uri={libvirt_uri}"]
    arguments += [f"--plan={plan}"] if plan else []
    arguments += [f"--rule={rule}" for rule in rules] + [f"--tag={tag}" for tag in tags]
    arguments += [f"--guest={guest}" for guest in guests]
    arguments += ["--strict-derived"] if strict else []
    if ucsm:
        arguments += [f"--ucsm={ucsm.url}"] + ([f"--ucsm-ca={ucsm.ca}"] if ucsm.ca else [])
        arguments += ["--ucsm-insecure"] if ucsm.insecure else []
    with Progress(f"certifying {host}", quiet) as progress:
        watcher = Watcher(progress)
        status = _pytest(arguments, watcher)
    session = watcher.session
    for error in session.certifier.errors if session else ():
        say(f"internal error: {error}")
    if session is None or session.output.certification is None:
        if session or status != USAGE:  # pytest has said itself what is wrong with the usage
            say(_unfinished(status, session))
        return status
    directory = session.output.directory
    report = render_page(directory, quiet) if html else str(directory)
    _print(session.output, quiet, verbose, report)
    return status


def _pytest(arguments: list[str], watcher: Watcher) -> int:
    """One pytest session on our features. Nothing of the user's pytest takes part in it."""
    for name in [name for name in os.environ if name.startswith(FOREIGN)]:
        del os.environ[name]
    # as modules: for a name, pytest searches the metadata of every installed package
    plugins = [import_module(name) for name in PLUGINS]
    unused = [word for name in UNUSED for word in ("-p", f"no:{name}")]
    fixed = ["--disable-plugin-autoload", "--noconftest", "--assert=plain", "--capture=no", "-q"]
    where = ["-c", str(INI), "--rootdir", str(FEATURES), "--import-mode=importlib", str(FEATURES)]
    with contextlib.redirect_stdout(io.StringIO()):
        return int(pytest.main([*fixed, *unused, *arguments, *where], [*plugins, watcher]))


def _print(output: Any, quiet: bool, verbose: bool, report: str) -> None:
    from vmfex.reports.text import wants_colour

    colour = wants_colour(sys.stdout, os.environ)
    width = shutil.get_terminal_size((100, 24)).columns
    style = {"colour": colour, "width": width, "quiet": quiet, "verbose": verbose}
    sys.stdout.write(output.text(report, **style))


def _unfinished(status: int, session: Any) -> str:
    ends = {
        INTERRUPTED: "interrupted: no record was written",
        NOTHING_RAN: "no rule ran: the selection names none",
    }
    said = ends.get(status, "the run did not come to its end: no record was written")
    part = session.output.unfinished() if session else None
    return f"{said}; the results so far are in {part}" if part else said


def record(
    host: str,
    target: Path,
    libvirt_uri: str,
    guests: tuple[str, ...] = (),
    ucsm: "Asked | None" = None,
) -> int:
    """Reads everything that any rule may ask for, and writes it as a recording. Returns 0, or 6 for
    a host that could not be read, of which nothing is written."""
    from vmfex.evidence.every_fact import read_everything
    from vmfex.evidence.host import ReadHost
    from vmfex.evidence.opening import open_tree, why_unread
    from vmfex.evidence.recorder import RecordingTree
    from vmfex.evidence.sources.captured import CapturedTree
    from vmfex.evidence.sources.ucsm.tree import host_of

    inside = parse_guests(guests)
    with Progress(f"recording {host}", quiet=False) as progress:
        manager = _manager(ucsm, progress) if ucsm else None
        opened = open_tree(
            host, libvirt_uri=libvirt_uri, ucsm=manager, notify=progress.say, guests=inside
        )
        unread = why_unread(opened)
        # a part of a capture is better than nothing
        if unread and not isinstance(host_of(opened), CapturedTree):
            say(f"nothing is recorded: {unread}")
            return EXIT_STATUS[Decision.INCOMPLETE]
        tree = RecordingTree(opened)
        read = ReadHost(tree)
        read_everything(read)
        lost = tree.write(target)
    for sentence in _of_the_fabric(read) if ucsm else ():
        say(sentence)
    if lost:
        say(f"the host changed meanwhile; recorded as unknown: {', '.join(lost)}")
    return 0


def _of_the_fabric(host: "ReadHost") -> Iterator[str]:
    """What UCS Manager did not tell, and what is to be known of how it was asked."""
    from vmfex.evidence.sources.ucsm.classes import CLASSES

    answers = [host.fabric.objects(class_id) for class_id in CLASSES]
    reasons = dict.fromkeys(a.reason for a in answers if isinstance(a, Unknown))
    yield from (f"recorded as unknown: {reason}" for reason in reasons)
    yield from host.fabric.notes()


def _manager(asked: "Asked", progress: Progress) -> "UcsManager":
    from vmfex.evidence.sources.ucsm.manager import open_manager

    return open_manager(asked, progress.say)
