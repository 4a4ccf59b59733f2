"""The load generator: a few connections that send requests and read answers, at little cost of its own."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Iterator
from dataclasses import dataclass, field
from itertools import count
from math import inf
from time import perf_counter, perf_counter_ns, process_time
from typing import Any
from urllib.parse import urlsplit

import httptools
import uvloop

from bench.processes import Failed

# In the place of a status: the connection was lost before the answer was complete.
LOST = 0


@dataclass(frozen=True, slots=True)
class Load:
    """What to send: the bodies in turn, for so many `seconds` or until there were so many `requests`.

    A connection sends its next request when the last is answered, or every `interval` seconds. `unique`
    is a part of the body that is another word each time, `token` an access token to send.
    """

    url: str
    bodies: tuple[str, ...]
    connections: int = 8
    seconds: float = 60
    requests: float = inf
    interval: float | None = None
    unique: str | None = None
    token: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a load; `cpu_ms` is the generator's own CPU time a request.

    `statuses` counts the answers by HTTP status (or LOST), `sizes` are the different lengths of bodies.
    """

    requests: int
    seconds: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float
    statuses: dict[int, int]
    sizes: frozenset[int]

    @property
    def rps(self) -> float:
        return self.requests / self.seconds

    def require_same(self) -> "Outcome":
        """Itself, when all answers were successes of one size. Raises Failed otherwise."""
        if self.statuses.keys() != {200} or len(self.sizes) != 1:
            sizes = sorted(self.sizes)[:10]
            raise Failed(f"answers by status: {self.statuses}, by size: {sizes}")
        return self


def send(load: Load) -> Outcome:
    """Sends it and waits for the last answer; where the server is not there, raises OSError."""
    return uvloop.run(_send(load))


@dataclass(slots=True)
class _Tally:
    """The answers so far: seconds, statuses and lengths of bodies."""

    numbers: Iterator[int] = field(default_factory=count)
    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    sizes: set[int] = field(default_factory=set)


class _Connection(asyncio.Protocol):
    """One request at a time."""

    def __init__(self) -> None:
        self.closed = False
        self._answer = asyncio.get_running_loop().create_future()
        self._parser = httptools.HttpResponseParser(self)
        self._size = 0

    def exchange(self, request: bytes) -> Awaitable[tuple[int, int]]:
        """Sends the request; the status of its answer, and the length of the body."""
        self._answer = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return self._answer

    def connection_made(self, transport: Any) -> None:
        self.transport: asyncio.Transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        self.closed = True
        self._finish(LOST)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        self._size += len(body)

    def on_message_complete(self) -> None:
        self.closed = not self._parser.should_keep_alive()
        self._finish(self._parser.get_status_code())

    def _finish(self, status: int) -> None:
        if not self._answer.done():
            self._answer.set_result((status, self._size))
        self._size = 0


async def _send(load: Load) -> Outcome:
    tally = _Tally()
    cpu, began = process_time(), perf_counter()
    await asyncio.gather(*(_client(load, tally, began) for _ in range(load.connections)))
    seconds, cpu = perf_counter() - began, process_time() - cpu
    latencies = sorted(tally.latencies)
    return Outcome(
        requests=len(latencies),
        seconds=seconds,
        p50_ms=_percentile(latencies, 0.5) * 1000,
        p99_ms=_percentile(latencies, 0.99) * 1000,
        cpu_ms=cpu / len(latencies) * 1000,
        statuses=dict(tally.statuses),
        sizes=frozenset(tally.sizes),
    )


async def _client(load: Load, tally: _Tally, began: float) -> None:
    """All requests of one connection, or of the next one when the server closes it."""
    connection = await _connected(load)
    due = perf_counter()
    for number in tally.numbers:
        if perf_counter() - began > load.seconds or number >= load.requests:
            break
        if load.interval is not None:
            await asyncio.sleep(due - perf_counter())
        # A request that leaves late has waited for the server: its time counts from when it was due.
        sent = perf_counter() if load.interval is None else due
        due += load.interval or 0
        if connection.closed:
            connection = await _connected(load)
        status, size = await connection.exchange(_request(load, number))
        tally.latencies.append(perf_counter() - sent)
        tally.statuses[status] += 1
        tally.sizes.add(size)
    connection.transport.close()


async def _connected(load: Load) -> _Connection:
    address = urlsplit(load.url)
    _, connection = await asyncio.get_running_loop().create_connection(
        _Connection, str(address.hostname), address.port or 80
    )
    return connection


def _request(load: Load, number: int) -> bytes:
    text = load.bodies[number % len(load.bodies)]
    if load.unique is not None:
        text = text.replace(load.unique, f"x{perf_counter_ns()}x{number}")
    body = text.encode()
    credential = f"Authorization: Bearer {load.token}\r\n" if load.token else ""
    head = (
        f"POST /graphql HTTP/1.1\r\nHost: {urlsplit(load.url).netloc}\r\nAccept: application/json\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n{credential}\r\n"
    )
    return head.encode() + body


def _percentile(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
