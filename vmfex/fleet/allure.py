"""Allure's results of several hosts in one folder, and the page that is made of them."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from vmfex.engine.output import PART, RESULTS
from vmfex.page import render_page
from vmfex.progress import say
from vmfex.reports.summary import HostSummary
from vmfex.version import VERSION

MOST_HOSTS = 100  # in one page: 6,000 results take a browser 2.4 s, 60,000 take 17 s and 1 GB


def combine(out: Path, hosts: Sequence[HostSummary], html: bool, quiet: bool) -> str:
    """Puts every host's results into one folder, and renders them. Returns what the last line of
    the output points at. What is missing is only said: no verdict depends on it."""
    if len(hosts) > MOST_HOSTS:
        if html:
            say(f"no HTML report: a page of more than {MOST_HOSTS} hosts cannot be read")
        return str(out)
    try:
        _gather(out, hosts)
    except OSError as error:
        say(f"the hosts' Allure results cannot be put together: {error.strerror}")
        return str(out)
    return render_page(out, quiet, by_host=True) if html else str(out)


def _gather(out: Path, hosts: Sequence[HostSummary]) -> None:
    from vmfex.reports.allure.content import write_environment

    part = out / PART
    part.mkdir()
    for host in hosts:
        if host.directory:
            for file in (out / host.directory / RESULTS).glob("*-*"):  # not environment.properties
                try:
                    os.link(file, part / file.name)
                except OSError:  # a file system without links
                    shutil.copyfile(file, part / file.name)
    decided = [str(host.decision or "none") for host in hosts]
    counted = ", ".join(f"{decided.count(name)} {name}" for name in sorted(set(decided)))
    values = {"Hosts": str(len(hosts)), "Decisions": counted, "vmfex": VERSION}
    write_environment(part, values)
    part.rename(out / RESULTS)
