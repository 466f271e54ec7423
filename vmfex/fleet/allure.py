"""Allure's results of several hosts in one folder, and the page that is made of them."""

import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from vmfex.allure_extent import Allure
from vmfex.checks.result.certification import Decision
from vmfex.checks.text import one_line
from vmfex.engine.request import Display
from vmfex.folder.folder import Folder
from vmfex.folder.moves import remove
from vmfex.folder.names import CERTIFICATE, RESULTS
from vmfex.page import render_page
from vmfex.progress import say
from vmfex.reports.summary import HostSummary
from vmfex.version import VERSION

if TYPE_CHECKING:
    from vmfex.reports.allure.page import Shown

NO_RECORD = "without a record"
WORST_FIRST = tuple(map(str, reversed(Decision)))
MOST_HOSTS = 100  # in one page: 6,000 results take a browser 2.4 s, 60,000 take 17 s and 1 GB


def extent_of(hosts: int) -> Allure:
    """Which results so many hosts have where nobody says it."""
    return Allure.ALL if hosts <= MOST_HOSTS else Allure.NOT_COMPLIANT


def combine(folder: Folder, hosts: Sequence[HostSummary], display: Display) -> str:
    """Puts every host's results into one folder, and renders them. Returns what the last line of
    the output points at. What is missing is only said: no verdict depends on it."""
    if display.allure is Allure.NONE:
        return str(folder.out / CERTIFICATE)
    if len(hosts) > MOST_HOSTS:
        if display.html:
            say(f"no HTML report: a page of more than {MOST_HOSTS} hosts cannot be read")
        return str(folder.out / CERTIFICATE)
    try:
        _gather(folder.new, hosts)
    except OSError as error:
        with suppress(OSError):
            remove(folder.new / RESULTS)
        say(f"the hosts' Allure results cannot be put together: {error.strerror or error}")
        return str(folder.out / CERTIFICATE)
    if not display.html:
        return str(folder.out / CERTIFICATE)
    return render_page(
        folder, display.quiet, f"{_decisions(hosts)}: {len(hosts)} hosts", _shown(hosts)
    )


def _shown(hosts: Sequence[HostSummary]) -> list["Shown"]:
    from vmfex.reports.allure.page import Shown

    return [
        Shown(
            one_line(host_in_allure(host.host, host.label)),
            f"{host.label}: {_decision(host)}",
            {"Host": one_line(host.host), "Decision": _decision(host), **host.beside},
        )
        for host in hosts
        if host.directory
    ]


def _gather(new: Path, hosts: Sequence[HostSummary]) -> None:
    from vmfex.reports.allure.environment import of_all, write_environment

    made, wanted = new / RESULTS, 0
    made.mkdir()
    for host in hosts:
        if host.directory:
            for file in (new / host.directory / RESULTS).glob("*-*"):  # not environment.properties
                wanted += 1
                try:
                    os.link(file, made / file.name)
                except OSError:  # a file system without links
                    shutil.copyfile(file, made / file.name)
    there = sum(1 for _ in made.iterdir())
    if there != wanted:
        raise OSError(f"{there} of {wanted} files are there")
    told = [(host.label, _decision(host), host.beside) for host in hosts]
    write_environment(made, of_all(told, _decisions(hosts), VERSION))


def _decisions(hosts: Sequence[HostSummary]) -> str:
    """How many hosts have which decision, the worst first."""
    from vmfex.reports.allure.environment import counted

    return counted([_decision(host) for host in hosts], (NO_RECORD, *WORST_FIRST))


def _decision(host: HostSummary) -> str:
    return str((host.directory and host.decision) or NO_RECORD)


def host_in_allure(host: str, label: str) -> str:
    """How a host is told apart from the others. No host can call itself so that it has another's
    name here: labels are unique, and hold no parenthesis."""
    return label if host == label else f"{host} ({label})"
