"""Writes Allure's results, in the place of allure-pytest's own writer of files.

That one writes each file aside and renames it, encodes JSON in Python, and writes a text anew for
every result that shows it: together a tenth of a certification's run time. Here the whole
directory is renamed when it is complete, and a text that is there already gets a second name.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import allure_commons
from allure_commons.logger import AllureFileLogger
from attr import asdict

from vmfex.reports.allure.results import write_new


class AllureFiles:
    """The files of one session, in a directory that nobody else writes to."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._written: dict[bytes, str] = {}

    @allure_commons.hookimpl
    def report_result(self, result: Any) -> None:
        content = asdict(result, filter=lambda _, value: value or value is False)
        name = result.file_pattern.format(prefix=uuid4())
        self._write(name, json.dumps(content).encode("ascii"))

    @allure_commons.hookimpl
    def report_attached_data(self, body: bytes, file_name: str) -> None:
        there = self._written.setdefault(body, file_name)
        if there != file_name:
            try:
                os.link(self._directory / there, self._directory / file_name)
                return
            except OSError:
                pass  # a file system without links
        self._write(file_name, body)

    def _write(self, name: str, content: bytes) -> None:
        write_new(str(self._directory / name), content)


def take_over(directory: Path) -> Callable[[], None]:
    """Puts our writer in the place of allure-pytest's. Returns what puts that back, since
    allure-pytest unregisters it at the end."""
    plugins = allure_commons.plugin_manager
    theirs = [plugin for plugin in plugins.get_plugins() if isinstance(plugin, AllureFileLogger)]
    ours = AllureFiles(directory)
    for plugin in theirs:
        plugins.unregister(plugin)
    plugins.register(ours)

    def give_back() -> None:
        plugins.unregister(ours)
        for plugin in theirs:
            plugins.register(plugin)

    return give_back
