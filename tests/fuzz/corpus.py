"""Inputs of a target: seeds made anew at every start, and what was found to be worth keeping."""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from random import Random

KEPT_LIMIT = 4 * 2**20  # bytes of a target that are in memory at once
INPUT_LIMIT = 2**16  # bytes of an input that is kept: larger ones teach little and cost much


class Corpus:
    """In a folder from run to run; without one, in memory only."""

    def __init__(self, seeds: Iterable[bytes], folder: Path | None) -> None:
        self._folder = folder
        self.seeds = list(seeds)
        self.kept: list[bytes] = []
        self._size = 0
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            for path in sorted(folder.iterdir()):
                self._keep(path.read_bytes())

    def pick(self, random: Random) -> bytes:
        """The newest are the most promising."""
        if not self.kept or random.random() < 0.3:
            return random.choice(self.seeds)
        newest = self.kept[-50:] if random.random() < 0.3 else self.kept
        return random.choice(newest)

    def add(self, raw: bytes) -> None:
        if not self._keep(raw) or self._folder is None:
            return
        (self._folder / sha256(raw).hexdigest()[:24]).write_bytes(raw)

    def _keep(self, raw: bytes) -> bool:
        if len(raw) > INPUT_LIMIT or self._size + len(raw) > KEPT_LIMIT:
            return False
        self.kept.append(raw)
        self._size += len(raw)
        return True
