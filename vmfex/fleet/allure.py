"""Allure's results of several hosts in one folder, and the page that is made of them."""

import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from vmfex.folder.folder import Folder
from vmfex.folder.moves import remove
from vmfex.folder.names import CERTIFICATE, RESULTS
from vmfex.page import render_page
from vmfex.progress import say
from vmfex.reports.summary import HostSummary
from vmfex.version import VERSION

MOST_HOSTS = 100  # in one page: 6,000 results take a browser 2.4 s, 60,000 take 17 s and 1 GB


def combine(folder: Folder, hosts: Sequence[HostSummary], html: bool, quiet: bool) -> str:
    """Puts every host's results into one folder, and renders them. Returns what the last line of
    the output points at. What is missing is only said: no verdict depends on it."""
    if len(hosts) > MOST_HOSTS:
        if html:
            say(f"no HTML report: a page of more than {MOST_HOSTS} hosts cannot be read")
        return str(folder.out / CERTIFICATE)
    try:
        _gather(folder.new, hosts)
    except OSError as error:
        with suppress(OSError):
            remove(folder.new / RESULTS)
        say(f"the hosts' Allure results cannot be put together: {error.strerror or error}")
        return str(folder.out / CERTIFICATE)
    return render_page(folder, quiet, by_host=True) if html else str(folder.out / CERTIFICATE)


def _gather(new: Path, hosts: Sequence[HostSummary]) -> None:
    from vmfex.reports.allure.content import write_environment

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
    decided = [str((host.directory and host.decision) or "none") for host in hosts]
    counted = ", ".join(f"{decided.count(name)} {name}" for name in sorted(set(decided)))
    values = {"Hosts": str(len(hosts)), "Decisions": counted, "vmfex": VERSION}
    write_environment(made, values)
