"""What to do where UCS Manager told nothing, or not this: by whether and how it was asked."""

import re

from vmfex.checks.text import one_line, shorten
from vmfex.evidence.way_in import WayIn

ADDRESS = re.compile(r"UCS Manager at (\S+) ")
# What its sources say went wrong (sources/ucsm/channel.py, answers.py), and what helps
MEANINGS = (
    ("certificate that is not trusted", "Name the CA that signed it: `--ucsm-ca FILE`."),
    (
        "no TLS that this machine accepts",
        "An old UCS Manager speaks old TLS only: see `--ucsm-insecure` in docs/fabric.md, and what "
        "it gives up.",
    ),
    (
        "(error 551)",
        "It refused the login: check the user and the password that vmfex was given "
        "(docs/fabric.md), and whether the user is locked.",
    ),
    (
        "(error 552)",
        "Its session ended half-way, for example because somebody ended it: run again.",
    ),
    ("session limit", "End sessions of that user in UCS Manager, or raise the limit; run again."),
    (
        "no class named",
        "This release is older than what was asked for: it stays undetermined there, or see it in "
        "UCS Manager itself (docs/fabric.md).",
    ),
    ("MiB", "Nothing that UCS Manager sends: find out who answers (`{curl}`)."),
    ("document type", "Nothing that UCS Manager sends: find out who answers (`{curl}`)."),
    ("web page", "Check the address after `--ucsm`: `{curl}` should answer in XML."),
    ("HTTP", "Check the address after `--ucsm`: `{curl}` should answer in XML."),
    (
        "refused:",
        "Its own words say why. A user with the role read-only may read all that is asked "
        "(docs/fabric.md).",
    ),
    (
        "answered with error",
        "Its own words say why. A user with the role read-only may read all that is asked "
        "(docs/fabric.md).",
    ),
    ("reached", "See from this machine whether it is reached: `{curl}`; then certify anew."),
    ("answer", "See from this machine whether it answers: `{curl}`; then certify anew."),
)


def ask(way: WayIn, host: str) -> str:
    """For a UCS Manager that nobody asked."""
    if way.again:
        return (
            f"Ask UCS Manager too: `vmfex certify {way.again} --ucsm https://ADDRESS` "
            "(docs/fabric.md)."
        )
    name = shorten(one_line(host), 80)
    return f"Certify {name} with `--ucsm https://ADDRESS`: UCS Manager tells it (docs/fabric.md)."


def mend(reason: str) -> str:
    """For one that was asked and did not tell."""
    named = ADDRESS.search(reason)
    address = shorten(one_line(named[1]), 80) if named else "ADDRESS"
    curl = f"curl -k https://{address.removeprefix('https://')}/nuova"
    said = next((what for sign, what in MEANINGS if sign in reason), "")
    return said.format(curl=curl) or f"Ask UCS Manager anew; `{curl}` shows whether it answers."
