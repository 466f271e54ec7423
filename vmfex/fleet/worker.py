"""A process that works for another: pieces of work come in on its standard input, a text for each
goes out on its standard output. It ends with the one that started it, whatever ended that.
"""

import os
import pickle
import signal
import struct
from collections.abc import Callable
from queue import SimpleQueue
from typing import BinaryIO

from vmfex.background import in_background

LENGTH = struct.Struct(">Q")
DONE, FAILED = b"+", b"-"  # begin an answer

Work = tuple[Callable[..., str], tuple[object, ...]]


def main() -> None:
    """Works until nothing comes any more."""
    for number in (signal.SIGINT, signal.SIGHUP):  # whoever started it hears them, and ends it
        signal.signal(number, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what anything prints is no answer
    asked: SimpleQueue[bytes] = SimpleQueue()
    in_background(_listen, asked)
    while True:
        answer = _answer(asked.get())
        try:
            send(answers, answer)
        except OSError:
            os._exit(0)


def _listen(asked: "SimpleQueue[bytes]") -> None:
    """In a thread: the end of the input is heard in the midst of work too."""
    with os.fdopen(0, "rb") as questions:
        while (question := receive(questions)) is not None:
            asked.put(question)
    os._exit(0)


def _answer(question: bytes) -> bytes:
    try:
        work: Work = pickle.loads(question)
        function, arguments = work
        return DONE + function(*arguments).encode()
    except BaseException as error:  # also what would end the process
        return FAILED + f"{type(error).__name__}: {error}".encode(errors="backslashreplace")


def send(stream: BinaryIO, message: bytes) -> None:
    """Writes a message, whole. Raises OSError."""
    stream.write(LENGTH.pack(len(message)) + message)
    stream.flush()


def receive(stream: BinaryIO) -> bytes | None:
    """The next message; None where there is none, or half of one."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    message = stream.read(length)
    return message if len(message) == length else None
