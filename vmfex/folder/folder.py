"""The files of one run, made aside and put in place whole, and those of the run before.

At every moment the newest run that came to its end is in the folder or in `previous/`, and its
record is the last file to come and the first to go: what is without one never came to its end.
Whatever a killed run leaves, the next one puts in order before it begins (decision 0034).
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from vmfex.errors import UsageError
from vmfex.folder.lock import locked
from vmfex.folder.marker import MARKER, Marker, mark, marker_of
from vmfex.folder.moves import is_folder, keep, put, refused, remove, sync
from vmfex.folder.names import ASIDE, EARLIER, JOURNAL, LAST, NEW, OLD, PREVIOUS, PUBLISHED, WORK
from vmfex.folder.strangers import refuse_strangers


def folder_at(out: str | os.PathLike[str]) -> "Folder":
    """The folder of that name. Raises UsageError for an empty name, which would be the current
    folder, and for one that holds files of others under our names; touches nothing."""
    if not os.fspath(out):
        raise UsageError("the folder for the reports (--out) has no name: give one")
    refuse_strangers(Path(out))
    return Folder(Path(out))


class Folder:
    """`new` is where a run makes its files, `aside` what it needs until its end,
    `journal` the file in which it says how far it came."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self._work = out / WORK
        self.new = self._work / NEW
        self.aside = self._work / ASIDE
        self.journal = self._work / JOURNAL
        self.published = False

    @contextmanager
    def run(
        self, *, leaves_unfinished: bool = False, resumable: bool = False, resumes: bool = False
    ) -> Iterator["Folder"]:
        """Holds the folder for one run: the earlier run's files move to `previous`, and what this
        one has made and not published is removed at its end, but with `leaves_unfinished`, and
        where a `resumable` run is broken off, by the next run only, which finds it there where it
        `resumes`. Raises UsageError where the folder cannot be used."""
        with ExitStack() as stack:
            try:
                stack.enter_context(locked(self.out))
                refuse_strangers(self.out)  # again: another run may have come to its end meanwhile
                self._begin(resumes)
            except OSError as error:
                raise refused(self.out, error) from None
            stays = leaves_unfinished or resumable
            try:
                yield self
                stays = leaves_unfinished
            finally:
                with suppress(OSError):
                    remove(self.aside)
                    if self.published or not stays:
                        remove(self.journal)
                        remove(self.new)

    def _begin(self, resumes: bool) -> None:
        self._withdraw()
        self._set_earlier_aside()
        if not resumes:
            remove(self.journal)
            remove(self.new)
        remove(self.aside)
        for place in (self.new, self.aside):
            place.mkdir(exist_ok=True)

    def _set_earlier_aside(self) -> None:
        """Moves the run that is in place to `previous`. Files have both names until they are all
        there; a killed run may have come to any point of this."""
        out, earlier, previous = self.out, self._work / EARLIER, self.out / PREVIOUS
        marker = marker_of(out)
        if marker is not None:
            before = marker_of(previous)
            if before is None or before.run != marker.run:
                self._collect(marker, earlier)
                if os.path.lexists(previous):
                    previous.rename(self._work / OLD)
                earlier.rename(previous)
                sync(self._work, out)
            for name in reversed(_in_order(marker)):
                if not is_folder(out / name):
                    remove(out / name)
            sync(out)
        remove(self._work / OLD)

    def _collect(self, marker: Marker, earlier: Path) -> None:
        earlier.mkdir(exist_ok=True)
        for name in _in_order(marker):
            there = os.path.lexists(self.out / name) and not os.path.lexists(earlier / name)
            if there and not is_folder(self.out / name):
                keep(self.out / name, earlier / name)
        for name in _in_order(marker):
            if is_folder(self.out / name):
                put(self.out / name, earlier / name)
        sync(earlier)

    def publish(self) -> None:
        """Puts what was made in place, over nothing, the record last. Raises OSError, and takes
        back what is in place by then."""
        mark(self.new)
        sync(self.new)
        published = self._work / PUBLISHED
        self.new.rename(published)
        try:
            marker = marker_of(published)
            for name in _in_order(marker) if marker else ():
                if os.path.lexists(published / name):
                    put(published / name, self.out / name)
            sync(self.out)
            remove(published)  # a folder may be left in which nothing could be written
            self.published = True
        except BaseException:
            with suppress(OSError):
                self._withdraw()
            raise

    def _withdraw(self) -> None:
        """Takes back what was put in place by a run that did not get further."""
        published = self._work / PUBLISHED
        if not os.path.lexists(published):
            return
        marker = marker_of(published) or marker_of(self.out)
        if marker is not None and any(published.iterdir()):
            for name in reversed(_in_order(marker)):
                if not os.path.lexists(published / name):
                    remove(self.out / name)
        remove(published)


def _in_order(marker: Marker) -> list[str]:
    """The names of a run: the list itself before all, what people believe after all."""
    last = [name for name in LAST if name in marker.names]
    return [MARKER, *sorted(marker.names - {*last}), *last]


def previous_of(out: Path) -> Path | None:
    """The folder of the run before the one in this folder, where there is one."""
    previous = out / PREVIOUS
    return previous if is_folder(previous) and marker_of(previous) else None
