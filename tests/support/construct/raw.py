"""A tree of raw evidence in memory: files, symbolic links and the manifest."""

import json
import os
import posixpath
from dataclasses import dataclass, field
from pathlib import Path

MANIFEST = "manifest.json"


@dataclass
class RawTree:
    """Paths are relative, with `/`; a link's target is stored as the host has it, relative."""

    files: dict[str, bytes] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)

    def put(self, path: str, content: str | bytes) -> None:
        self.files[path] = content.encode() if isinstance(content, str) else content

    def link(self, path: str, to: str) -> None:
        """A symbolic link to another path of the tree, stored relative as sysfs does."""
        self.links[path] = posixpath.relpath(to, posixpath.dirname(path))

    def describe(self, name: str, note: str, unreadable: dict[str, str] | None = None) -> None:
        manifest = {
            "name": name,
            "constructed": True,
            "note": note,
            "unreadable": unreadable or {},
        }
        self.put(MANIFEST, json.dumps(manifest, indent=2) + "\n")

    def edit(self, path: str, old: str, new: str) -> None:
        """Replaces text in a file; raises ValueError where the file does not have it."""
        content = self.files[path].decode()
        if old not in content:
            raise ValueError(f"{path} has no {old!r}")
        self.put(path, content.replace(old, new))

    def remove(self, path: str) -> None:
        """Takes a file, a link or a whole directory away; raises KeyError if there is none."""
        gone = [p for p in (*self.files, *self.links) if p == path or p.startswith(f"{path}/")]
        if not gone:
            raise KeyError(path)
        for each in gone:
            self.files.pop(each, None)
            self.links.pop(each, None)

    def write(self, directory: Path) -> None:
        """Writes the tree into a directory that is empty or not there yet."""
        for path, content in self.files.items():
            target = directory / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        for path, to in self.links.items():
            link = directory / path
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(to)

    @classmethod
    def load(cls, directory: Path) -> "RawTree":
        """The tree that a directory holds."""
        tree = cls()
        for root, directories, names in os.walk(directory):
            for name in (*directories, *names):
                entry = Path(root, name)
                path = entry.relative_to(directory).as_posix()
                if entry.is_symlink():
                    tree.links[path] = str(entry.readlink())
                elif entry.is_file():
                    tree.files[path] = entry.read_bytes()
        return tree
