"""A way to another machine that is long: TCP is passed on after a time, and counted.

It stands for `tc netem` (module sch_netem), which not every kernel has: packets are not lost, and
the time that the kernels' own handshake takes is not stretched.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

CHUNK = 2**16


class Relay:
    """Passes connections on to `port` of loopback, each way `delay` seconds later, but for the
    first `refused` of them, which it closes. `back` counts the bytes that come back."""

    def __init__(self, port: int, delay: float = 0, refused: int = 0) -> None:
        self._to, self._delay = port, delay
        self.refused = refused
        self.port = 0
        self.connections = self.back = 0
        self._loop = asyncio.new_event_loop()
        self._ready = Event()
        self._thread = Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()
        self._ready.wait()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            asyncio.start_server(self._connected, "127.0.0.1", 0, backlog=1000)
        )
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        with suppress(asyncio.CancelledError):
            waiting = asyncio.gather(*asyncio.all_tasks(self._loop), return_exceptions=True)
            self._loop.run_until_complete(waiting)

    async def _connected(self, near: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
        self.connections += 1
        if self.connections <= self.refused:
            out.close()
            return
        await asyncio.sleep(2 * self._delay)  # as the handshake of the kernels would take
        far, there = await asyncio.open_connection("127.0.0.1", self._to)
        await asyncio.gather(self._pass(near, there), self._pass(far, out, back=True))

    async def _pass(
        self, of: asyncio.StreamReader, to: asyncio.StreamWriter, back: bool = False
    ) -> None:
        """Each part as much later as every other: what is under way is not waited for."""
        waiting: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

        async def send() -> None:
            with suppress(OSError):
                while True:
                    when, part = await waiting.get()
                    await asyncio.sleep(max(0, when - self._loop.time()))
                    if not part:
                        break
                    to.write(part)
                    await to.drain()
                to.close()

        sending = asyncio.create_task(send())
        part = b"-"
        while part:
            try:
                part = await of.read(CHUNK)
            except OSError:
                part = b""
            self.back += len(part) if back else 0
            await waiting.put((self._loop.time() + self._delay, part))
        await sending


@contextmanager
def relay(port: int, delay: float = 0, refused: int = 0) -> Iterator[Relay]:
    made = Relay(port, delay, refused)
    made.start()
    try:
        yield made
    finally:
        made.stop()
