"""Connections, and clients that keep them waiting.

uvicorn waits for ever for the head of a request, for the rest of a body whose request has been answered,
and for a client to take its answer.
"""

import sys
from asyncio import BaseTransport, Transport
from fcntl import ioctl
from http import HTTPStatus
from termios import TIOCOUTQ
from typing import ClassVar, Final

from starlette.responses import Response
from uvicorn._types import HTTPScope
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

LONGEST_HEAD: Final = 65_536
"""Bytes of a request's address and headers."""
LOOKS: Final = 4
"""How often, in the time of its patience, a connection is looked at."""
TOO_LONG: Final = Response(
    status_code=HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, headers={"Connection": "close"}
)


class Connection(HttpToolsProtocol):
    """A connection that is closed when for `patience` seconds, up to a quarter more, its client has not

    - completed the head of a request: 408, or no word where it has not begun one;
    - taken a byte of what is sent to it, as far as the kernel can tell.

    Nothing is timed in requests themselves: the connection is looked at now and then, all its life.
    A head of more than LONGEST_HEAD bytes is refused with 431, and so are the trailers of a body.
    """

    # With more in its dictionary, an object is slower in all that it does.
    __slots__ = ("_before", "_message", "_received", "_timer", "_unmoved", "_unsent")

    patience: ClassVar[float]

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Begins to look."""
        super().connection_made(transport)
        # Bytes that came after what the last head or part of a body came with, and the bytes of that.
        self._received = 0
        self._before = 0
        # What was seen at the last look, and how many looks before have seen the same.
        self._unsent = 0
        self._message: HTTPScope | None = None
        self._unmoved = 0
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Ends the looks."""
        self._timer.cancel()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self) -> None:
        """Leaves the connection to another protocol."""
        self._timer.cancel()
        super().handle_websocket_upgrade()

    def data_received(self, data: bytes) -> None:
        """Refuses heads and trailers that are too long before they have ended."""
        self._received += len(data)
        super().data_received(data)
        if self._received > LONGEST_HEAD:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        elif self._received == 0:
            self._before = len(data)

    def on_headers_complete(self) -> None:
        """Has a request with too long a head answered by TOO_LONG, in its turn."""
        may_be_long = self._before + self._received > LONGEST_HEAD
        self._received = 0
        if may_be_long and self._length_of_head() > LONGEST_HEAD:
            # No longer address can be read.
            self.url = b"/"
            self.app = TOO_LONG
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Counts from here on: bodies have limits of their own."""
        self._received = 0
        super().on_body(body)

    def resume_writing(self) -> None:
        """Most of what waited has been taken; what waits at the next look may be as much again."""
        self._unmoved = 0
        super().resume_writing()

    def _is_in_head(self) -> bool:
        """Whether a message has begun whose head is not complete: it has no cycle yet."""
        return self.scope is not (self.cycle and self.cycle.scope)

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _length_of_head(self) -> int:
        return len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)

    def _watch(self) -> None:
        self._timer = self.loop.call_later(self.patience / LOOKS, self._look)

    def _look(self) -> None:
        unsent = _unsent(self.transport)
        waits = unsent > 0 or not self._is_answering()
        if waits and unsent == self._unsent and self.scope is self._message:
            self._unmoved += 1
        else:
            self._unmoved = 0
        self._unsent, self._message = unsent, self.scope
        # Again also when it is over: what was last written may not be taken either.
        self._watch()
        if self._unmoved >= LOOKS:
            self._give_up()

    def _give_up(self) -> None:
        self._unmoved = 0
        if self._unsent or self.transport.is_closing():
            self.transport.abort()
        elif self._is_in_head():
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)
        else:
            # A browser may connect before it has anything to ask, and would show what it did not ask for.
            self.transport.close()

    def _refuse(self, status: HTTPStatus) -> None:
        """Answers, unless the client would take it for another answer or has had its last, and closes."""
        if not self._is_answering() and not self.transport.is_closing():
            headers = [
                *self.server_state.default_headers,
                (b"content-length", b"0"),
                (b"connection", b"close"),
            ]
            lines = [b"%s: %s\r\n" % header for header in headers]
            self.transport.write(b"".join([STATUS_LINE[status], *lines, b"\r\n"]))
        self.transport.close()


def patient_for(seconds: float) -> type[Connection]:
    """Connections with this patience, for `uvicorn.Config(http=...)`."""
    return type("Connection", (Connection,), {"__slots__": (), "patience": seconds})


def _unsent(transport: Transport) -> int:
    """Bytes that wait for the client; 0 when the kernel has taken them all.

    While some wait here, those in the kernel count: it asks for more only after a large part of them has
    been taken.
    """
    waiting = transport.get_write_buffer_size()
    return waiting and waiting + _queued(transport)


def _queued(transport: BaseTransport) -> int:
    """Bytes in the kernel that the client has not acknowledged; 0 where it does not say."""
    try:
        answer = ioctl(transport.get_extra_info("socket").fileno(), TIOCOUTQ, bytes(4))
    except OSError:
        return 0
    return int.from_bytes(answer, sys.byteorder)
