"""Where a path leads inside a recording, by its symbolic links, as the kernel would walk it."""

from collections.abc import Callable, Container

from vmfex.checks.model.fact import Unknown
from vmfex.evidence.archive.entries import Entries
from vmfex.evidence.archive.manifest import Manifest
from vmfex.evidence.tree import where

LINK_LIMIT = 40  # Linux's MAXSYMLINKS


class Resolver:
    """`missing` tells of a path that is not held whether that is an absence; by default it is one
    below any area of which something is held. What is in `listed` is there without being held."""

    def __init__(
        self,
        entries: Entries,
        manifest: Manifest,
        missing: Callable[[str], Unknown | None] | None = None,
        listed: Container[str] = (),
    ) -> None:
        self._entries = entries
        self._manifest = manifest
        self._missing = missing or self._recorded
        self._listed = listed
        self._parents: dict[str, str | Unknown | None] = {"": ""}

    def resolve(self, path: str, *, follow: bool) -> str | Unknown | None:
        """The path without links; the last component's own link only if `follow`. None if there is
        no such path. Absolute targets and `..` stay inside: the recording is the root."""
        if self._is_held(path, follow):
            return path
        parent, _, name = path.rpartition("/")
        if parent not in self._parents:
            self._parents[parent] = self._walk("", parent.split("/"), follow=True)
        start = self._parents[parent]
        if start and isinstance(start, str) and self._is_held(f"{start}/{name}", follow):
            return f"{start}/{name}"
        here = self._walk(start, [name], follow=follow) if isinstance(start, str) else start
        if here == "":
            return Unknown(f"{where(path)} leads to the root, which is not recorded as such")
        return here

    def _is_held(self, path: str, follow: bool) -> bool:
        """Whether this very name is, and was read: all above it are directories then."""
        entries = self._entries
        if path in entries.links:
            held = not follow
        else:
            held = path in entries.sizes or (path != "" and path in entries.directories)
        return held and self._manifest.reason(path) is None

    def _walk(self, start: str, names: list[str], *, follow: bool) -> str | Unknown | None:
        entries, links = self._entries, self._entries.links
        done = start.split("/") if start else []
        if start in self._listed and not entries.holds(start):
            return self._missing("/".join([start, *names]))
        if start and start not in entries.directories:
            return None
        waiting = names[::-1]
        hops = 0
        while waiting:
            name = waiting.pop()
            if name in ("", "."):
                continue
            if name == "..":
                del done[-1:]
                continue
            done.append(name)
            here = "/".join(done)
            if self._manifest.unreadable and (reason := self._manifest.unreadable.get(here)):
                return Unknown(reason)
            if here in links and (waiting or follow):
                hops += 1
                if hops > LINK_LIMIT:
                    return Unknown(f"{where(here)} is one of too many symbolic links in a row")
                done = [] if links[here].startswith("/") else done[:-1]
                waiting += reversed(links[here].split("/"))
            elif entries.holds(here):
                if waiting and here not in entries.directories:
                    return None
            elif waiting or here not in self._listed:
                return self._missing(here)
        return "/".join(done)

    def _recorded(self, path: str) -> Unknown | None:
        return None if "/" in path else Unknown(f"the recording has no evidence under {path}/")
