"""Names that an attacker chose go through script, tree, terminal and every report as text alone."""

import io
import json
import re
import subprocess
import sys
import tarfile
import unicodedata
from html import escape
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.support.browser import visit
from tests.support.captured import tar
from tests.support.capturing import SHELLS, members, run_script
from tests.support.sessions import MAIN
from tests.support.world import NOBODY, world_of
from vmfex.evidence.embedded import load_embedded
from vmfex.evidence.host import ReadHost
from vmfex.evidence.sources.captured import read_capture

HOST = "b\x1b]0;taken\x07\x1b[2J<script>document.title='taken'</script>../../x"
DOMAIN = (
    "<script>document.title='taken'</script><img src=http://a.example/ onerror=x>'\"$(id)\u202e"
)
INTERFACE = "<b>'\"$(id)&;"
LIMIT = 300  # seconds


def hostile() -> bytes:
    """A capture of the reference host whose names are an attacker's."""
    recording = load_embedded("reference")
    with world_of(recording, old=True) as world:
        raw = run_script(root=world.root, tools=world.tools, user=NOBODY)
    with tarfile.open(fileobj=io.BytesIO(raw)) as archive:
        links = {m.name: m.linkname for m in archive if m.issym()}
    files: dict[str, bytes | str] = {}
    for path, content in members(raw).items():
        renamed = content.replace(b"db01", DOMAIN.encode()).replace(b"eth5", INTERFACE.encode())
        if path.endswith(".xml"):
            renamed = content.replace(b"db01", escape(DOMAIN).encode())
            renamed = renamed.replace(b"eth5", escape(INTERFACE).encode())
        files[path.replace("eth5", INTERFACE)] = renamed
    files |= {
        p.replace("eth5", INTERFACE): to.replace("eth5", INTERFACE) for p, to in links.items()
    }
    files["capture/begin"] = b"format 1\nhost " + HOST.encode() + b"\n"
    return tar(files)


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Where the reports are, and what the terminal got."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "host.tar").write_bytes(hostile())
    done = subprocess.run(
        [sys.executable, "-c", MAIN, "certify", "./host.tar", "--out=out", "--html", "--verbose"],
        cwd=folder,
        capture_output=True,
        timeout=LIMIT,
        env={
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "LC_ALL": "C.UTF-8",
        },
        check=False,
    )
    assert done.returncode in (0, 1, 6), done.stderr
    assert {path.name for path in folder.iterdir()} == {"host.tar", "out"}
    return folder / "out", done.stdout.decode() + done.stderr.decode()


def test_the_names_are_read() -> None:
    """They do get through: what follows is not about names that nobody has read."""
    host = ReadHost(read_capture(hostile()))
    assert DOMAIN in {domain.need().name for domain in host.domains.need()}
    assert INTERFACE in host.links.need()
    devices = [f.netdevs for f in host.pci.need().functions.values()]
    assert (INTERFACE,) in devices


def test_terminal(certified: tuple[Path, str]) -> None:
    """Nothing but printable characters and line feeds."""
    _, shown = certified
    odd = {c for c in shown if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
    assert odd <= {"\n"}
    assert "document.title" in shown


def test_junit(certified: tuple[Path, str]) -> None:
    out, _ = certified
    root = ElementTree.parse(out / "junit.xml").getroot()
    tags = {element.tag for element in root.iter()}
    assert "script" not in tags | {tag.lower() for tag in tags}
    text = (out / "junit.xml").read_text("utf-8")
    assert not {c for c in text if unicodedata.category(c) == "Cc"} - {"\n", "\t"}


def test_record(certified: tuple[Path, str]) -> None:
    """It can be read again, and says the same."""
    out, _ = certified
    record = json.loads((out / "certification.json").read_text("utf-8"))
    done = subprocess.run(
        [sys.executable, "-c", MAIN, "report", "json", out],
        capture_output=True,
        cwd=Path(__file__).parents[2],
        check=True,
    )
    assert json.loads(done.stdout) == record
    assert record["digest"]


def test_allure_page(certified: tuple[Path, str]) -> None:
    """In a browser no script of a name runs, and nothing is asked for."""
    out, _ = certified
    seen = visit(out / "report.html")
    assert seen.requests == ()
    assert ">taken<" not in seen.dom
    assert re.search(r"<title>\s*(NOT CERTIFIED|INCOMPLETE): ", seen.dom)


@pytest.mark.parametrize("shell", SHELLS)
def test_interface_names_in_the_script(shell: str, tmp_path: Path) -> None:
    """What sysfs lists may have any name that a kernel takes: it reaches no shell, and nothing of
    it is lost or comes to stand elsewhere."""
    names = [
        "a$(touch owned)",
        "b`id`",
        "c;id",
        "d*",
        "e'\"",
        "-f",
        "g\x1b[31m",
        "h\xff",
        "i&|",
        "...",
    ]
    names = [name.replace(" ", "${IFS}") for name in names]
    network = tmp_path / "sys/class/net"
    network.mkdir(parents=True)
    for number, name in enumerate(names):
        device = tmp_path / f"sys/devices/virtual/net/{name}"
        device.mkdir(parents=True)
        (device / "address").write_text(f"02:00:00:00:00:{number:02x}\n")
        (network / name).symlink_to(f"../../devices/virtual/net/{name}")
    tree = read_capture(run_script(shell, root=tmp_path))
    shown = set(tree.names("sys/class/net").need() or ())
    plain = [name for name in names if name.isascii() and name.isprintable()]
    assert shown >= set(plain)
    assert len(shown) == len(names)
    for number, name in enumerate(names):
        if name in plain:
            address = tree.read(f"sys/class/net/{name}/address").need()
            assert address == f"02:00:00:00:00:{number:02x}\n".encode()
    assert not Path("owned").exists()
