"""The initramfs: busybox, the modules that a 9p root needs, and `init`."""

import lzma
import stat
from itertools import count
from pathlib import Path

from tests.lab.parts import Parts

NEEDED = ("9p", "9pnet_virtio", "overlay")
DIRECTORIES = ("bin", "dev", "proc", "sys", "modules", "machine", "changes", "root")
INIT = Path(__file__).with_name("init")


def initramfs(parts: Parts) -> bytes:
    """An archive as the kernel unpacks it. Raises OSError."""
    modules = {Path(path).name.removesuffix(".xz"): path for path in _in_order(parts.modules)}
    files = {
        "init": INIT.read_bytes(),
        "bin/busybox": parts.busybox.read_bytes(),
        "modules/order": "".join(f"{name}\n" for name in modules).encode(),
    }
    for name, path in modules.items():
        packed = (parts.modules / path).read_bytes()
        files[f"modules/{name}"] = lzma.decompress(packed) if path.endswith(".xz") else packed
    inodes = count(1)
    entries = [_entry(next(inodes), name, stat.S_IFDIR | 0o755) for name in DIRECTORIES]
    entries += [_entry(next(inodes), name, stat.S_IFREG | 0o755, files[name]) for name in files]
    return b"".join([*entries, _entry(0, "TRAILER!!!", 0)])


def _in_order(modules: Path) -> list[str]:
    """The paths of NEEDED and of what they need, each after what it needs itself."""
    lines = (modules / "modules.dep").read_text().splitlines()
    needs = {path: rest.split() for path, _, rest in (line.partition(":") for line in lines)}
    by_name = {Path(path).name.partition(".")[0]: path for path in needs}
    paths = [by_name[name] for name in NEEDED if name in by_name]  # the others are built in
    return list(dict.fromkeys(p for path in paths for p in (*reversed(needs[path]), path)))


def _entry(inode: int, name: str, mode: int, content: bytes = b"") -> bytes:
    """An entry of a `newc` archive (the kernel's Documentation/driver-api/early-userspace)."""
    named = name.encode() + b"\0"
    fields = (inode, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(named), 0)
    header = b"070701" + b"".join(b"%08X" % field for field in fields) + named
    return _padded(header) + _padded(content)


def _padded(part: bytes) -> bytes:
    return part + bytes(-len(part) % 4)
