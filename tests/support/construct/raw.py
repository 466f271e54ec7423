"""A tree of raw evidence in memory: files, symbolic links and the manifest."""

import json
import posixpath
import tarfile
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.construct.sealing import sealed_contents
from vmfex.evidence.archive.manifest import MANIFEST
from vmfex.evidence.archive.writer import write_recording


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

    def write_tar(self, file: Path) -> None:
        """Writes the tree as a tar that says what it holds; its bytes depend on nothing else."""
        held = {path: content for path, content in self.files.items() if path != MANIFEST}
        write_recording(file, sealed_contents(held, self.links, json.loads(self.files[MANIFEST])))

    @classmethod
    def load(cls, file: Path) -> "RawTree":
        """The tree that a tar holds, as Python's own tarfile reads it."""
        tree = cls()
        with tarfile.open(file) as tar:
            for member in tar:
                content = tar.extractfile(member) if member.isreg() else None
                if content is not None:
                    tree.files[member.name] = content.read()
                elif member.issym():
                    tree.links[member.name] = member.linkname
        return tree
