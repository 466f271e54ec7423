"""Writes the corpus anew: `python -m tests.corpus.make`. Each file is another kind of input."""

import gzip
import lzma
from pathlib import Path

from backports import zstd

from tests.evidence.test_captured import BANNER
from tests.evidence.test_captured_hostile import LIES
from tests.support.captured import BEGIN, tar
from tests.support.capturing import members, run_script
from tests.support.ways import in_the_layout_of_sos
from tests.support.world import NOBODY, world_of
from vmfex.evidence.embedded import load_embedded
from vmfex.evidence.sources.captured import read_capture

CORPUS = Path(__file__).parent / "captures"


def main() -> None:
    CORPUS.mkdir(exist_ok=True)
    for name, old in (("reference", False), ("rhel61-private-ucs21", True)):
        with world_of(load_embedded(name), old=old) as world:
            raw = run_script(root=world.root, tools=world.tools, user=NOBODY)
        read_capture(raw)
        (CORPUS / f"{name}.tar.xz").write_bytes(lzma.compress(raw))
    small = {path: raw for path, raw in members(raw).items() if not path.startswith("sys/")}
    (CORPUS / "small.tar").write_bytes(tar(small))
    (CORPUS / "small.tar.gz").write_bytes(gzip.compress(tar(small), mtime=0))
    (CORPUS / "small.tar.zst").write_bytes(zstd.compress(tar(small)))
    (CORPUS / "banner.tar").write_bytes(BANNER + tar({"capture/begin": BEGIN, "uname": b"x\n"}))
    for number, (files, _) in enumerate(LIES.values()):
        lie = tar({"capture/begin": BEGIN, **files})
        (CORPUS / f"lie-{number}.tar").write_bytes(lie)
    top = "sosreport-host-2026-11-25-abcdefg"
    report = {f"{top}/{path}": raw for path, raw in in_the_layout_of_sos("reference").items()}
    (CORPUS / "sosreport.tar.xz").write_bytes(lzma.compress(tar(report)))


if __name__ == "__main__":
    main()
