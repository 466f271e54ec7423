"""What may go wrong, each in the place of an answer. `Exchange.server.answer` is the real one."""

from contextlib import suppress

from lxml import etree

from tests.support.ucsm.server import Exchange, Fault

MIB = 2**20
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(
        f'<!ENTITY {new} "{f"&{old};" * 10}">'
        for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]><configResolveClasses><outConfigs>&i;</outConfigs></configResolveClasses>"
).encode()


def status(code: int, **headers: str) -> Fault:
    def fault(exchange: Exchange, _body: bytes) -> None:
        exchange.send_response(code)
        for name, value in headers.items():
            exchange.send_header(name, value)
        exchange.send_header("Content-Length", "0")
        exchange.end_headers()

    return fault


def instead(answer: bytes) -> Fault:
    """Another answer in the place of the real one."""
    return lambda exchange, _body: exchange.send(answer)


def cut_short(exchange: Exchange, body: bytes) -> None:
    """The real answer but for its end, and then no connection any more."""
    answer = exchange.server.answer(etree.fromstring(body))
    exchange.send(answer[:-10], length=len(answer))
    exchange.close_connection = True


def cut_without_length(exchange: Exchange, body: bytes) -> None:
    """The same, where the end of the connection is all that tells the end of the answer."""
    answer = exchange.server.answer(etree.fromstring(body))
    exchange.send_response(200)
    exchange.end_headers()
    exchange.wfile.write(answer[:-10])
    exchange.close_connection = True


def hang(exchange: Exchange, _body: bytes) -> None:
    """No answer at all, until the test ends."""
    exchange.server.released.wait(60)


def drip(exchange: Exchange, body: bytes) -> None:
    """The real answer, a byte now and then: no single wait is long."""
    answer = exchange.server.answer(etree.fromstring(body))
    exchange.send_response(200)
    exchange.send_header("Content-Length", str(len(answer)))
    exchange.end_headers()
    for byte in answer:
        exchange.wfile.write(bytes([byte]))
        if exchange.server.released.wait(0.2):
            return


def drip_header(exchange: Exchange, _body: bytes) -> None:
    """A header that does not end."""
    exchange.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not exchange.server.released.wait(0.2):
        exchange.wfile.write(b"x")


def huge(exchange: Exchange, _body: bytes) -> None:
    """200 MB of XML."""
    exchange.send_response(200)
    exchange.end_headers()
    with suppress(OSError):
        exchange.wfile.write(b"<configResolveClasses><outConfigs>")
        piece = b'<vmVif dn="x"/>' * (MIB // 15)
        for _ in range(200):
            exchange.wfile.write(piece)
    exchange.close_connection = True


def expire(exchange: Exchange, body: bytes) -> None:
    """The session ends on the server's side, as after its timeout; then the real answer to that."""
    exchange.server.sessions.clear()
    exchange.send(exchange.server.answer(etree.fromstring(body)))
