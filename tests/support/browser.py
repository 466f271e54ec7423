"""Opens a page in a real browser and tells what the page asked the network for."""

import json
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.needs import program

_SILENT = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # asked for is enough: nothing leaves the machine
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)


@dataclass(frozen=True)
class Visit:
    """What a page became (its DOM as HTML), and the addresses that it asked the network for."""

    dom: str
    requests: tuple[str, ...]


def visit(page: Path | str, fragment: str = "", *, width: int = 1366, dark: bool = False) -> Visit:
    """Opens a page from disk, or an address of this machine, and gives its scripts ten seconds of
    their own time."""
    address = page if isinstance(page, str) else page.resolve().as_uri()
    chromium = program("chromium", "chromium-browser", "google-chrome")
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "network.json")
        command = [
            str(chromium),
            *_SILENT,
            f"--user-data-dir={folder}/user",
            f"--window-size={width},900",
            f"--blink-settings=preferredColorScheme={0 if dark else 1}",
            f"--log-net-log={log}",
            "--virtual-time-budget=10000",
            "--dump-dom",
            f"{address}#{fragment}",
        ]
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=True,
        )
        return Visit(done.stdout, _requests(json.loads(log.read_text(encoding="utf-8"))))


def printed(page: Path) -> list[str]:
    """The text of each sheet of paper that a page is printed on."""
    chromium = program("chromium", "chromium-browser", "google-chrome")
    with tempfile.TemporaryDirectory() as folder:
        paper = Path(folder, "page.pdf")
        options = (f"--user-data-dir={folder}/user", f"--print-to-pdf={paper}")
        command = [str(chromium), *_SILENT, *options, page.resolve().as_uri()]
        subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=120, check=True
        )
        text = subprocess.run(
            [str(program("pdftotext")), "-raw", str(paper), "-"],
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
    return text.stdout.rstrip("\f").split("\f")


def _requests(log: Any) -> tuple[str, ...]:
    """The requests of a page; the browser's own errands carry an initiator that is no origin."""
    events = (event.get("params", {}) for event in log["events"])
    return tuple(
        event["url"]
        for event in events
        if event.get("initiator", "not an origin") != "not an origin"
    )
