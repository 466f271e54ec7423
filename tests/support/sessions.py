"""Runs of the whole program, in this process or in one of its own, and bare ones to compare with.

`bare` is pytest with pytest-bdd and allure-pytest and nothing of ours: it shows what would happen.
"""

import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from vmfex import one_host
from vmfex.engine import catalogue
from vmfex.engine.request import Display, Request, Sources, plan_at
from vmfex.evidence.archive.manifest import QUESTIONS
from vmfex.evidence.host_spec import parse_host
from vmfex.evidence.sources.ucsm.manager import UcsmRequest
from vmfex.evidence.tree import Tree, WrappingTree
from vmfex.exits import status_of
from vmfex.fleet import fleet
from vmfex.fleet.many import ONE_RUN, Many

ROOT = Path(__file__).parents[2]
FEATURES = ROOT / "features"
REFUSED = "vmfex: refused: "
MAIN = "from vmfex.__main__ import main; main()"
# What writes beside the results, or collects the garbage of a whole test run after each session.
LIGHT = [f"-pno:{name}" for name in ("cacheprovider", "unraisableexception", "threadexception")]
Json = dict[str, Any]


@dataclass(frozen=True)
class Run:
    """What a run left."""

    status: int
    out: Path
    stdout: str
    stderr: str

    @property
    def errors(self) -> str:
        """What was said on stderr, without the progress that a slow machine makes it show, and
        without the hosts that are refused on the way."""
        lines, progress = self.stderr.splitlines(keepends=True), ("vmfex: still ", REFUSED)
        return "".join(line for line in lines if not line.startswith(progress))

    @property
    def refused(self) -> list[str]:
        """What was said of each host that is refused, as it happened."""
        lines = self.stderr.splitlines()
        return [line.removeprefix(REFUSED) for line in lines if line.startswith(REFUSED)]

    @property
    def record(self) -> Json:
        return dict(json.loads((self.out / "certification.json").read_text("utf-8")))

    @property
    def verdicts(self) -> dict[str, str]:
        return {rule["id"]: rule["verdict"] for rule in self.record["rules"]}

    @property
    def files(self) -> set[str]:
        """Their names, but for hidden ones, which are for the next run; none without a folder."""
        if not self.out.exists():
            return set()
        return {path.name for path in self.out.iterdir() if not path.name.startswith(".")}

    @property
    def unfinished(self) -> Path:
        """Where the files of a run that did not end are, until the next one."""
        return self.out / ".vmfex" / "new"

    @property
    def results(self) -> list[Json]:
        return results(self.out / "allure-results")

    def result(self, rule: str) -> Json:
        """The one Allure result of a rule that has one scenario."""
        [found] = [result for result in self.results if result["fullName"] == rule]
        return found


def results(folder: Path) -> list[Json]:
    """The Allure results in a folder, by name."""
    found = [json.loads(path.read_text("utf-8")) for path in folder.glob("*-result.json")]
    return sorted(found, key=lambda result: str(result["name"]))


def every_result(*but_not: str) -> list[str]:
    """The names of the results of a whole run, by name, but for those of some rules."""
    titles = {rule.id: rule.title for rule in catalogue.rules()}
    return sorted(
        f"{rule} {titles[rule]}" + (f": {scenario}" if len(names) > 1 else "")
        for rule, names in catalogue.scenarios().items()
        if rule not in but_not
        for scenario in names
    )


def names(results: Sequence[Json]) -> list[str]:
    """What the results are called, without what they say in brackets."""
    return sorted(re.sub(r"^\[[^]]*\] ", "", str(result["name"])) for result in results)


def message(result: Json) -> str:
    return str(result.get("statusDetails", {}).get("message", ""))


def certify(
    out: Path,
    host: str | Path = "reference",
    *,
    plan: Path | None = None,
    rules: Sequence[str] = (),
    tags: Sequence[str] = (),
    strict: bool = False,
    quiet: bool = False,
    html: bool = False,
    libvirt_uri: str = "qemu:///system",
    ucsm: UcsmRequest | None = None,
) -> Run:
    """`vmfex certify` in this process."""
    with _captured() as (stdout, stderr):
        request = Request(
            plan_at(plan),
            tuple(rules),
            tuple(tags),
            strict,
            sources=Sources(libvirt_uri, ucsm=ucsm),
        )
        status = ended(
            lambda: one_host.certify_one(
                parse_host(str(host)), request, out, Display(quiet, html=html)
            )
        )
    return Run(status, out, stdout.getvalue(), stderr.getvalue())


class Here(Executor):
    """Works where and when it is asked to: what a test has changed in this process counts."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


def certify_several(
    out: Path,
    *hosts: str,
    plan: Path | None = None,
    rules: Sequence[str] = (),
    quiet: bool = False,
    verbose: bool = False,
    html: bool = False,
    ucsm: UcsmRequest | None = None,
    executor: Executor | None = None,
    many: Many = ONE_RUN,
) -> Run:
    """`vmfex certify` with several hosts, in this process: also the judging, but for another
    `executor`."""
    with _captured() as (stdout, stderr):
        request = Request(plan_at(plan), tuple(rules), sources=Sources(ucsm=ucsm))
        status = ended(
            lambda: fleet.certify_fleet(
                [*map(parse_host, hosts)],
                request,
                out,
                Display(quiet, verbose, html),
                many,
                executor or (Here() if many.scheduler is None else None),
            )
        )
    return Run(status, out, stdout.getvalue(), stderr.getvalue())


def ended(run: Callable[[], int]) -> int:
    """The exit status of a run, as the program has it: an error is said, and none escapes."""
    try:
        return run()
    except (Exception, KeyboardInterrupt) as error:
        return status_of(error)


def plain(
    out: Path,
    host: str | Path = "reference",
    *arguments: str | Path,
    features: Path = FEATURES,
    plugins: Sequence[object] = (),
) -> Run:
    """`pytest FEATURES --host HOST` in this process, with the project's own settings."""
    # From confcutdir down to a path pytest looks into every directory, of which /tmp has thousands.
    root = ROOT if features.is_relative_to(ROOT) else features
    ours = ["-s", "--assert=plain", *LIGHT, *PLUGIN, f"--rootdir={root}"]
    ours += ["-c", str(ROOT / "pyproject.toml"), f"--confcutdir={root}"]
    words = [*ours, features, f"--host={host}", f"--out={out}", *arguments]
    with _captured() as (stdout, stderr):
        status = pytest.main([str(word) for word in words], [*plugins])
    return Run(int(status), out, stdout.getvalue(), stderr.getvalue())


PLUGIN_MODULE = "vmfex.pytest_plugin.plugin"


def _installed() -> bool:
    return any(point.value == PLUGIN_MODULE for point in entry_points(group="pytest11"))


PLUGIN = [] if _installed() else ["-p", PLUGIN_MODULE]


def bare(folder: Path, *arguments: str, plugins: Sequence[object] = ()) -> Run:
    """pytest, pytest-bdd and allure-pytest on the tests in `folder`, in this process."""
    (folder / "pytest.ini").touch()
    sys.modules["pytest_bdd.feature"].features.clear()
    words = [
        *("--disable-plugin-autoload", "-p", "pytest_bdd.plugin", "-p", "allure_pytest.plugin"),
        *("-s", *LIGHT, "--import-mode=importlib", f"--rootdir={folder}"),
        *("-c", str(folder / "pytest.ini"), f"--alluredir={folder / 'allure-results'}"),
    ]
    with _captured() as (stdout, stderr):
        status = pytest.main([*words, str(folder), *arguments], [*plugins])
    return Run(int(status), folder, stdout.getvalue(), stderr.getvalue())


def bare_project(folder: Path, feature: str, steps: str) -> Path:
    """A folder with one feature and its steps, as people write them without us."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "some.feature").write_text(feature)
    head = "from pytest_bdd import given, then, scenarios\nimport pytest\nscenarios('.')\n"
    (folder / f"test_{uuid4().hex}.py").write_text(head + steps)  # modules stay in sys.modules
    return folder


def command(
    *arguments: str | Path,
    cwd: Path,
    environment: Mapping[str, str] | None = None,
    before: Sequence[str | Path] = (),
    code: str = "",
) -> subprocess.CompletedProcess[str]:
    """`vmfex ARGUMENTS` in a process of its own, wrapped by `before` (strace), after `code`."""
    return subprocess.run(
        [*map(str, before), *command_line(*arguments, code=code)],
        cwd=cwd,
        env=process_environment(environment),
        capture_output=True,
        text=True,
        timeout=120,
    )


def command_line(*arguments: str | Path, code: str = "") -> list[str]:
    """`vmfex ARGUMENTS`, as it is installed but for `code`, which runs before it."""
    return [sys.executable, "-P", "-c", f"{code}\n{MAIN}", *map(str, arguments)]


def session_line(_certify: str, host: str, *arguments: str | Path, code: str = "") -> list[str]:
    """What runs the same in a pytest session: `pytest FEATURES --host HOST`, after `code`."""
    words = ["-s", "--assert=plain", *LIGHT, *PLUGIN, "-c", str(ROOT / "pyproject.toml")]
    words += [f"--rootdir={ROOT}", str(FEATURES), f"--host={host}", *map(str, arguments)]
    main = f"import pytest, sys; sys.exit(pytest.main({words!r}))"
    return [sys.executable, "-P", "-c", f"{code}\n{main}"]


def process_environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """What a process needs to find the program where it is not installed."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    return {**kept, "PYTHONPATH": str(ROOT), **(more or {})}


def unmeasured(environment: Mapping[str, str]) -> dict[str, str]:
    """For a process of which a test looks at what it loads: coverage loads itself first."""
    return {k: v for k, v in environment.items() if not k.startswith("COVERAGE_")}


@contextlib.contextmanager
def _captured() -> Iterator[tuple[io.StringIO, io.StringIO]]:
    stdout, stderr = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
        yield stdout, stderr


def copy_of_features(folder: Path) -> Path:
    return Path(shutil.copytree(FEATURES, folder / "features"))


def edit(features: Path, file: str, old: str, new: str) -> None:
    """Replaces the one place in a feature file that has `old`."""
    path = features / file
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{file} has {old!r} {text.count(old)} times"
    path.write_text(text.replace(old, new), "utf-8")


class Spy(WrappingTree):
    """A tree that passes every question on and takes down which; `meet` is called before each."""

    def __init__(self, tree: Tree) -> None:
        super().__init__(tree)
        self.asked: list[tuple[str, str]] = []

    def meet(self, question: str, path: str) -> None:
        """What happens when a question is asked; nothing, unless a test has it otherwise."""

    def __getattr__(self, question: str) -> Any:
        if question not in QUESTIONS:
            raise AttributeError(question)
        ask = getattr(self._tree, question)

        def asked(path: str) -> Any:
            self.asked.append((question, path))
            self.meet(question, path)
            return ask(path)

        return asked
