"""Captures as tests write them."""

import io
import tarfile
from collections.abc import Mapping

from vmfex.checks.model.fact import Fact, Unknown
from vmfex.evidence.sources.captured import CapturedTree, read_capture

BEGIN = b"format 1\nhost blade-7\n"


def tar(files: Mapping[str, bytes | str], *more: tarfile.TarInfo) -> bytes:
    """A tar of files and links (text is a link's target)."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            if isinstance(content, str):
                entry.type, entry.linkname = tarfile.SYMTYPE, content
                archive.addfile(entry)
            else:
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
        for entry in more:
            archive.addfile(entry)
    return made.getvalue()


def tree_of(files: Mapping[str, bytes | str]) -> CapturedTree:
    return read_capture(tar({"capture/begin": BEGIN, **files}))


def reason(fact: Fact[object]) -> str:
    assert isinstance(fact, Unknown)
    return fact.reason
