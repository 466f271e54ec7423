"""The Allure report as one HTML file that opens from disk and in which nothing calls out."""

import json
import os
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from vmfex.checks.text import one_line
from vmfex.reports.allure.node import GENERATOR, NoReport, run, wheel
from vmfex.reports.record import write_whole

MOST_NAME = 64  # characters of an environment's name
TIME_LIMIT = 300  # seconds; 60,000 results take 25

# What Allure 3 puts into every page (@allurereport/plugin-awesome, generators.js), with no switch.
_ANALYTICS = re.compile(
    r'<script async src="https://www\.googletagmanager\.com/[^"]*"></script>\s*'
    r"<script>\s*window\.dataLayer\b.*?</script>\s*",
    re.DOTALL,
)
_TRACKERS = ("googletagmanager", "google-analytics", "dataLayer", "gtag(")
_LOADED_FROM_ELSEWHERE = re.compile(
    r"<(?:script|link|img|iframe|object|embed)\b[^>]*?\b(?:src|href|data)\s*=\s*[\"']?(?:\w+:)?//",
    re.I,
)
_MODULE = """const config = %s;
const hosts = %s;
config.environments = Object.fromEntries(hosts.map(({ host, name, variables }, index) => [
  `host-${index + 1}`,
  { name, variables, matcher: ({ labels }) =>
    labels.some((label) => label.name === "host" && label.value === host) },
]));
export default config;
"""
# Evidence comes from a host that is not trusted: a picture in it must not call out either.
_POLICY = (
    '<meta http-equiv="Content-Security-Policy" '
    "content=\"default-src data: blob: 'unsafe-inline' 'unsafe-eval'\">"
)
# Allure moves to the first failure at once, and what a reader has to see first, the host and the
# decision, is then above the screen. Until something is pressed, nothing moves.
_STAYS_AT_THE_TOP = """<script>{
  const own = Object.getOwnPropertyDescriptor(Element.prototype, "scrollTop");
  const still = function (value) {
    if (!this.matches("[data-tree-scroll-container]")) own.set.call(this, value);
  };
  Object.defineProperty(Element.prototype, "scrollTop", { ...own, set: still });
  for (const act of ["pointerdown", "keydown"]) addEventListener(act, () =>
    Object.defineProperty(Element.prototype, "scrollTop", own), { capture: true, once: true });
}</script>"""


@dataclass(frozen=True, slots=True)
class Shown:
    """A host among others: how its results call it (their label `host`), how the page does, and
    what the page says of it."""

    host: str
    name: str
    told: dict[str, str]


@dataclass(frozen=True, slots=True)
class Heading:
    """The page's title, and the hosts that it is of where there are several."""

    title: str
    hosts: Sequence[Shown] = field(default=())


def render(results: Path, target: Path, heading: Heading) -> str | None:
    """Makes the page `target` from a folder of Allure results; `target` is whole or untouched.

    Returns None, or the sentence that says why there is no page.
    """
    try:
        write_whole(target, without_calls(generate(results, heading)))
    except NoReport as reason:
        return str(reason)
    except OSError as error:
        return f"no HTML report: {error.strerror or error}"
    except (ValueError, MemoryError) as error:  # a page that is not text, or not of this world
        return f"no HTML report: the Allure generator's page cannot be used: {error!r}"
    return None


def without_calls(page: str) -> str:
    """The page without the generator's analytics, with a policy that lets nothing be loaded, and
    opening at its top.

    Raises a `NoReport` when something that calls out is left.
    """
    page = _ANALYTICS.sub("", page)
    page, heads = re.subn("<head>", f"<head>\n    {_POLICY}{_STAYS_AT_THE_TOP}", page, count=1)
    left = [tracker for tracker in _TRACKERS if tracker in page]
    if elsewhere := _LOADED_FROM_ELSEWHERE.search(page):
        left.append(elsewhere[0][:200])
    if left or not heads:
        what = ", ".join(left) or "a page without a head"
        raise NoReport(
            f"the generator's page would make network requests ({what}), so it is not published"
        )
    return page


def generate(results: Path, heading: Heading) -> str:
    """Allure's own page for these results, which calls out. Raises a `NoReport`."""
    if not any(results.glob("*-result.json")):
        raise NoReport(f"there are no Allure results in {results}")
    node, script = _node(), _script()
    with tempfile.TemporaryDirectory(prefix="vmfex-allure-") as name:
        folder = Path(name)
        config = folder / "allurerc.mjs"
        config.write_text(configuration(heading), encoding="ascii")
        options = [f"--config={config}", f"--output={folder}/report"]
        _run([str(node), str(script), "generate", *options, str(results.resolve())], folder)
        page = folder / "report" / "index.html"
        if not page.is_file():
            raise NoReport("the Allure generator wrote no page")
        return page.read_text(encoding="utf-8")


def configuration(heading: Heading) -> str:
    """Allure's configuration as a module: each host is one of its environments, found by a function
    that JSON could not hold. Names from a host are strings in it, and nothing else."""
    content = json.loads((GENERATOR / "allurerc.json").read_text(encoding="utf-8"))
    content["name"] = heading.title
    hosts = [
        {"host": each.host, "name": name, "variables": each.told}
        for each, name in zip(heading.hosts, _environments(heading.hosts), strict=True)
    ]
    return _MODULE % (json.dumps(content), json.dumps(hosts))


def _environments(hosts: Sequence[Shown]) -> list[str]:
    """What Allure takes for the name of an environment (@allurereport/core-api, environment.js): at
    most 64 characters, no path, and no name twice. A long one is cut before its decision."""
    names: list[str] = []
    for number, host in enumerate(hosts, start=1):
        name = re.sub(r"[/\\]", "_", one_line(host.name)).strip(" .") or "host"
        if len(name) > MOST_NAME or name in names:
            label, colon, decision = name.rpartition(": ")
            end = f" ({number}){colon}{decision if colon else ''}"
            name = f"{(label or decision)[: MOST_NAME - len(end)]}{end}"
        names.append(name)
    return names


def _node() -> Path:
    return wheel() / "bin" / "node"


def _script() -> Path:
    script = GENERATOR / "node_modules" / "allure" / "cli.js"
    if not script.is_file():
        raise NoReport("Allure's page needs its generator: run `vmfex install-html`")
    return script


def _run(command: list[str], folder: Path) -> None:
    """Runs the generator in a folder of its own.

    It sees nothing of our environment: tokens and CI variables there make it upload and annotate.
    """
    environment = {
        "PATH": os.defpath,
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "NO_COLOR": "1",
    }
    run("the Allure generator", command, folder, environment, TIME_LIMIT)
