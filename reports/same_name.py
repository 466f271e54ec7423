"""Hosts of one run that call themselves the same: one host, perhaps, that is counted twice."""

from collections.abc import Iterable

from vmfex.checks.text import shown
from vmfex.reports.summary import HostSummary

MOST = 4  # labels that are named


def told(hosts: Iterable[HostSummary]) -> str:
    """A sentence about the name that the most have; empty where each has its own. What was not
    read has no name of its own."""
    labels: dict[str, list[str]] = {}
    for host in hosts:
        if host.directory and not host.reason:
            labels.setdefault(host.host, []).append(host.label)
    several = {name: of for name, of in labels.items() if len(of) > 1}
    if not several:
        return ""
    name, first = max(several.items(), key=lambda each: len(each[1]))
    named = ", ".join(first[:MOST]) + (f" and {len(first) - MOST} more" if first[MOST:] else "")
    others = f"; so do the hosts of {len(several) - 1} other names" if len(several) > 1 else ""
    return (
        f"{len(first)} hosts call themselves {shown(name)} ({named}){others}: one host under two "
        "names is counted twice here, in decisions and in the room of the site"
    )
