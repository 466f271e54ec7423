"""A tree of evidence out of a dictionary, with the semantics of docs/recordings.md."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from vmfex.checks.model.fact import Fact, Known, Unknown
from vmfex.evidence.tree import BaseTree

Content = bytes | str | tuple[str]


@dataclass(frozen=True)
class DictTree(BaseTree):
    """Path to content: text, bytes, or a one-tuple for a symbolic link with that target. Links are
    not followed. `unreadable` names paths (or directories) and the reason."""

    files: Mapping[str, Content]
    unreadable: Mapping[str, str] = field(default_factory=dict)
    name: str = "test host"
    constructed: bool = True
    digest: str | None = None

    def _denied(self, path: str) -> Unknown | None:
        for prefix, reason in self.unreadable.items():
            if path == prefix or path.startswith(f"{prefix}/"):
                return Unknown(f"{path}: {reason}")
        area = path.partition("/")[0]
        known = any(p.partition("/")[0] == area for p in self.files)
        return None if known else Unknown(f"the recording has no evidence under {area}/")

    def read(self, path: str) -> Fact[bytes | None]:
        content = self.files.get(path)
        raw = content.encode() if isinstance(content, str) else content
        return self._denied(path) or Known(raw if isinstance(raw, bytes) else None)

    def names(self, path: str) -> Fact[tuple[str, ...] | None]:
        paths = [p.removeprefix(f"{path}/") for p in self.files if p.startswith(f"{path}/")]
        entries = {p.partition("/")[0] for p in paths} - {"."}  # `x/.` makes x an empty directory
        return self._denied(path) or Known(tuple(sorted(entries)) if paths else None)

    def link(self, path: str) -> Fact[str | None]:
        content = self.files.get(path)
        return self._denied(path) or Known(content[0] if isinstance(content, tuple) else None)

    def exists(self, path: str) -> Fact[bool]:
        there = any(p == path or p.startswith(f"{path}/") for p in self.files)
        return self._denied(path) or Known(there)
