"""One input, run within its limits: what went wrong, if anything did."""

import faulthandler
import signal
import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

TIME_LIMIT = 5.0  # seconds of processor time that an input may take: others use the machine too
STUCK = 300.0  # seconds after which one that waits, or hears no signal, ends the process
MEMORY_LIMIT = 300 * 10**6  # bytes that the process may ever have
_REARM = 10.0
_PEAK = Path("/proc/self/clear_refs")
_TOGETHER = 40  # inputs after which memory is measured: to ask for it takes as long as most of them
Read = Callable[[bytes], Iterable[str]]


class Hang(BaseException):
    """An input took longer than its limit. No `except Exception` of the program catches it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """`kind` is crash, hang or memory; `place` tells one fault from another."""

    kind: str
    place: str
    trace: str


class Guard:
    """Runs inputs. `peak` is the most memory that the process had with any of them. `stuck`: the
    process ends itself where one of them hears no signal."""

    def __init__(
        self, limit: float = TIME_LIMIT, memory: int = MEMORY_LIMIT, stuck: bool = False
    ) -> None:
        self._limit, self._memory = limit, memory
        self._armed = 0.0
        self._recent: list[tuple[Read, bytes]] = []
        self.peak = 0
        signal.signal(signal.SIGPROF, _hang)
        self._stuck = stuck

    def run(self, read: Read, raw: bytes) -> set[str] | Fault:
        """What the input came to, in words, or the fault of the program that it met."""
        if self._stuck and time.monotonic() > self._armed + _REARM:
            self._armed = time.monotonic()
            faulthandler.dump_traceback_later(STUCK, exit=True)
        signal.setitimer(signal.ITIMER_PROF, self._limit)
        try:
            said = set(read(raw))
        except (Hang, Exception, RecursionError) as error:
            return Fault("hang" if isinstance(error, Hang) else "crash", _place(error), _trace())
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        self._recent.append((read, raw))
        return said

    def too_much(self) -> tuple[Read, bytes, Fault] | None:
        """Of the inputs since this was last asked, the one that took too much memory, if one did:
        to be asked after each input, and answered after some."""
        if len(self._recent) < _TOGETHER:
            return None
        recent, self._recent = self._recent, []
        if (most := self._measured()) <= self._memory:
            return None
        for read, raw in recent:
            self.run(read, raw)
            if (peak := self._measured()) > self._memory:
                break
        self._recent = []
        return read, raw, Fault("memory", "memory", f"{max(peak, most) // 10**6} MB")

    def _measured(self) -> int:
        """The most since the last time."""
        peak = peak_memory()
        self.peak = max(self.peak, peak)
        if peak > self._memory:
            forget_peak()
        return peak


def peak_memory() -> int:
    """Bytes: the most that this process had since that was last forgotten."""
    from resource import RUSAGE_SELF, getrusage

    return getrusage(RUSAGE_SELF).ru_maxrss * 1024


def forget_peak() -> None:
    """What the process has now is the most again."""
    _PEAK.write_text("5")


def _hang(_number: int, _frame: FrameType | None) -> None:
    raise Hang


def _place(error: BaseException) -> str:
    """The kind of the error, and the last line of the program on the way to it."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if "/site-packages/" not in f.filename and "/lib/" not in f.filename]
    last = (ours or frames)[-1]
    return f"{type(error).__name__} in {Path(last.filename).name}:{last.lineno}"


def _trace() -> str:
    return traceback.format_exc(limit=-25)
