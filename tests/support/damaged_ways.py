"""Each recorded host as evidence that can be damaged, by each way that the project has to it."""

import io
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from tests.support.capturing import run_script
from tests.support.damage import Held, Opener, as_capture, as_recording, as_sosreport
from tests.support.ways import in_the_layout_of_sos
from tests.support.world import NOBODY, world_of
from vmfex.evidence.archive.entries import KEEP
from vmfex.evidence.archive.streams import Source
from vmfex.evidence.archive.tar import Archive, read_archive, read_stream
from vmfex.evidence.embedded import embedded_file, load_embedded
from vmfex.evidence.every_fact import read_everything
from vmfex.evidence.host import ReadHost
from vmfex.evidence.recorder import RecordingTree


@cache
def held(name: str, way: str) -> Held:
    """What the host's evidence is in, read in that way."""
    return WAYS[way][0](name)


def _embedded(name: str) -> Held:
    return _held(read_archive(embedded_file(name)))


def _recorded(name: str) -> Held:
    with tempfile.TemporaryDirectory() as directory:
        tree = RecordingTree(load_embedded(name))
        read_everything(ReadHost(tree))
        tree.write(Path(directory) / "host.tar")
        return _held(read_archive(Path(directory) / "host.tar"))


def _captured(name: str) -> Held:
    with world_of(load_embedded(name)) as world:
        raw = run_script(root=world.root, tools=world.tools, user=NOBODY)
    return _held(read_stream(Source(io.BytesIO(raw))))


def _reported(name: str) -> Held:
    return Held(in_the_layout_of_sos(name), {})


def _held(archive: Archive) -> Held:
    """With what stands for a directory that is empty."""
    empty = (path for path, names in archive.entries.children().items() if path and not names)
    kept = {f"{path}/{KEEP}": b"" for path in empty}
    return Held({**archive.contents, **kept}, archive.entries.links)


WAYS: dict[str, tuple[Callable[[str], Held], Opener]] = {
    "embedded": (_embedded, as_recording),
    "recording": (_recorded, as_recording),
    "capture": (_captured, as_capture),
    "sosreport": (_reported, as_sosreport),
}
