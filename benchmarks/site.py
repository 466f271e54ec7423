"""A site of hosts that differ: the recorded ones again and again, each with names, UUIDs and MACs
of its own, which follow from a seed. `python -m benchmarks.site DIRECTORY NUMBER [SEED]`
"""

import re
import sys
from collections.abc import Callable
from hashlib import sha256
from itertools import cycle, islice
from pathlib import Path

from tests.support.construct import RawTree
from vmfex.evidence.embedded import embedded_file, embedded_hosts

UUID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
MAC = re.compile(rb"52:54:00(?::[0-9A-Fa-f]{2}){3}")  # UCS Manager has capitals
NAME = re.compile(UUID.pattern + b"|" + MAC.pattern)
VM = re.compile(rb"\b(web|app|db)([0-9]{2})\b")


def write_site(directory: Path, number: int, seed: int = 1) -> None:
    """Writes that many captures into a new directory."""
    directory.mkdir()
    trees = {name: RawTree.load(embedded_file(name)) for name in embedded_hosts()}
    for count, name in enumerate(islice(cycle(trees), number)):
        other(trees[name], f"{seed}/{count}", count).write_tar(directory / f"{count:04}-{name}.tar")


def other(tree: RawTree, seed: str, number: int) -> RawTree:
    """The host with names of its own, in files and in what they are called."""
    change = _changing(seed, number)
    names = {name for content in tree.files.values() for name in NAME.findall(content)}
    raw = {_raw(name): _raw(change(name)) for name in names}

    def changed(path: str, content: bytes) -> bytes:
        if not path.endswith(".bin"):
            return change(content)
        for old, new in raw.items():  # Netlink's messages have the bytes themselves
            content = content.replace(old, new)
        return content

    return RawTree(
        {change(p.encode()).decode(): changed(p, content) for p, content in tree.files.items()},
        {change(p.encode()).decode(): change(to.encode()).decode() for p, to in tree.links.items()},
    )


def _changing(seed: str, number: int) -> Callable[[bytes], bytes]:
    def digits(match: re.Match[bytes]) -> str:
        return sha256(seed.encode() + match[0].lower()).hexdigest()

    def uuid(match: re.Match[bytes]) -> bytes:
        d = digits(match)
        return f"{d[:8]}-{d[8:12]}-4{d[13:16]}-8{d[17:20]}-{d[20:32]}".encode()

    def mac(match: re.Match[bytes]) -> bytes:
        d = digits(match)
        return f"52:54:00:{d[:2]}:{d[2:4]}:{d[4:6]}".encode()

    def change(content: bytes) -> bytes:
        named = VM.sub(rb"\g<1>\g<2>-" + str(number).encode(), content)  # a new UUID may have db10
        return MAC.sub(mac, UUID.sub(uuid, named))

    return change


def _raw(name: bytes) -> bytes:
    return bytes.fromhex(re.sub(rb"[-:]", b"", name).decode())


if __name__ == "__main__":
    write_site(Path(sys.argv[1]), int(sys.argv[2]), int(*sys.argv[3:4] or ["1"]))
