"""Installs the Allure generator: the npm packages of its lock file, each by its digest."""

import os
import shutil
import tempfile
from pathlib import Path

from vmfex.reports.allure.node import GENERATOR, NoReport, run, wheel

SECONDS = 900
LISTS = ("package.json", "package-lock.json")
OPTIONS = (
    *("--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"),
    *("--fetch-retries=1", "--fetch-timeout=60000"),
)


def install() -> Path:
    """Puts them beside their lock file, all or none, and returns that folder. npm's own
    configuration says from where they come. Raises a `NoReport`."""
    node = wheel()
    npm = node / "lib/node_modules/npm/bin/npm-cli.js"
    command = [str(node / "bin/node"), str(npm), "ci", *OPTIONS]
    modules = GENERATOR / "node_modules"
    try:
        with tempfile.TemporaryDirectory(dir=GENERATOR, prefix=".new-") as name:
            for file in LISTS:
                shutil.copy(GENERATOR / file, name)
            run("npm", command, Path(name), os.environ, SECONDS)
            shutil.rmtree(modules, ignore_errors=True)
            Path(name, "node_modules").rename(modules)
    except OSError as error:
        raise NoReport(f"{modules} cannot be made: {error.strerror or error}") from None
    return modules
