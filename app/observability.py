"""Logs: one format for ours and the libraries', one line a request."""

import asyncio
import logging
import re
import sys
from collections.abc import Sequence
from contextvars import Context, ContextVar
from datetime import UTC, datetime
from random import getrandbits
from time import perf_counter
from typing import Any, BinaryIO, Final, cast

import orjson
import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.typing import EventDict, Processor

from app.headers import add_missing, header

FACTS: Final[ContextVar[dict[str, Any]]] = ContextVar("facts")
"""What is known of the request at work: see `note`."""
NOTHING: Final[dict[str, Any]] = {}

Headers = tuple[tuple[bytes, bytes], ...]

# Data is shown in no frame, runs nothing, and is not for pages of other sites unless CORS lets them.
RESPONSE_HEADERS: Final[Headers] = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)
# Two years (RFC 6797); whether other hosts below ours have https is not ours to say.
STRICT_TRANSPORT: Final = (b"strict-transport-security", b"max-age=63072000")
# Seconds until a request's line is written.
DELAY: Final = 0.1
# As structlog names them.
LEVELS: Final = {"exception": "error", "warn": "warning"}
# What proxies and tracing systems send, and nothing that could forge a line of a log.
REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._:@+/=-]{1,128}")


def configure(level: str, format: str) -> None:
    """Logs of `level` and above go to standard error as "json" or, for people, as "console".

    The libraries' loggers pass through the same format; run uvicorn with `log_config=None` and
    `access_log=False`, or it brings handlers and request lines of its own.
    """
    rendered = _json() if format == "json" else _console()
    structlog.configure(
        processors=[_described, *rendered],
        # Not by way of the standard library, which costs a request's line ten times as much.
        logger_factory=structlog.BytesLoggerFactory(cast("BinaryIO", _Output(sys.stderr.buffer))),
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )
    _configure_libraries(level, rendered)


def _configure_libraries(level: str, rendered: Sequence[Processor]) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_described],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *rendered,
                _decoded,
            ],
        )
    )
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    # It tells at every look which kind of database it found.
    logging.getLogger("alembic.runtime.migration").setLevel(logging.WARNING)


def note(**facts: object) -> None:
    """Adds to what the line of the request at work says, and every other that is logged meanwhile."""
    known = FACTS.get(None)
    if known is not None:
        known.update(facts)


class RequestLog:
    """Gives every request its id and, when it is over, its one line.

    The id is the X-Request-ID header's when that is sane, else a fresh one; it stands in
    `request.state.request_id`, in the response's header and in every line logged meanwhile.
    Every response that it sees gets `headers`, where it does not say otherwise itself.

    Lines are written some at a time, after DELAY: one by one they took a twentieth of a request's time.
    """

    def __init__(self, app: ASGIApp, headers: Headers = RESPONSE_HEADERS) -> None:
        self.app = app
        self._headers = headers
        # Bound once; structlog's own cache of loggers would outlive a change of configuration.
        self._log = structlog.get_logger(__name__).bind()
        self._waiting: list[dict[str, Any]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            try:
                return await self.app(scope, receive, send)
            finally:
                self._write()
        request_id = request_id_of(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        FACTS.set({"request_id": request_id})
        exchange = Exchange(send, ((b"x-request-id", request_id.encode()), *self._headers))
        started = perf_counter()
        try:
            await self.app(scope, receive, exchange.send)
        finally:
            self._finished(
                method=scope["method"],
                path=scope["path"],
                status=exchange.status,
                bytes=exchange.bytes,
                duration_ms=round((perf_counter() - started) * 1_000, 2),
            )

    def _finished(self, **facts: object) -> None:
        if not self._waiting:
            asyncio.get_running_loop().call_later(DELAY, self._write, context=Context())
        self._waiting.append({"timestamp": datetime.now(UTC), **FACTS.get(), **facts})

    def _write(self) -> None:
        waiting, self._waiting = self._waiting, []
        for facts in waiting:
            self._log.info("request", **facts)


class Exchange:
    """One response on its way out: marks it with headers and measures it."""

    def __init__(self, send: Send, headers: Headers) -> None:
        self._send = send
        self._headers = headers
        # What the outermost layer answers when no response was started.
        self.status = 500
        self.bytes = 0

    async def send(self, message: Message) -> None:
        """ASGI."""
        if message["type"] == "http.response.start":
            self.status = int(message["status"])
            add_missing(message, self._headers)
        elif message["type"] == "http.response.body":
            self.bytes += len(message.get("body", b""))
        await self._send(message)


def request_id_of(scope: Scope) -> str:
    """The client's request id when it is sane, else a fresh one."""
    given = header(scope, b"x-request-id")
    if given and REQUEST_ID.fullmatch(given):
        return given
    # It tells requests apart, and opens nothing: no need to ask the system for each.
    return f"{getrandbits(128):032x}"


class _Output:
    """A binary stream for logs: a full disk or a closed stream costs lines, never requests."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, line: bytes) -> None:
        try:
            self._stream.write(line)
            self._stream.flush()
        except (OSError, ValueError):
            pass

    def flush(self) -> None:
        """Each line is on its way already."""


def _described(logger: Any, method: str, event: EventDict) -> EventDict:
    """Adds what every line says of itself, a library's too; structlog's own steps cost three times that."""
    record = event.get("_record")
    event["level"] = LEVELS.get(method, method)
    event["logger"] = logger.name if record is None else record.name
    if "timestamp" not in event:
        event["timestamp"] = datetime.now(UTC)
    return {**FACTS.get(NOTHING), **event}


def _json() -> list[Processor]:
    return [_serialised]


def _console() -> list[Processor]:
    # The plain formatter: the others print local variables, and with them people's data.
    plain = structlog.dev.plain_traceback
    return [_dated, structlog.dev.ConsoleRenderer(exception_formatter=plain), _encoded]


def _dated(_logger: object, _method: str, event: EventDict) -> EventDict:
    return {**event, "timestamp": event["timestamp"].isoformat().replace("+00:00", "Z")}


def _serialised(logger: object, method: str, event: EventDict) -> bytes:
    if "exc_info" in event:
        event = structlog.processors.format_exc_info(logger, method, event)
    return orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_UTC_Z)


def _encoded(_logger: object, _method: str, line: Any) -> bytes:
    return str(line).encode()


def _decoded(_logger: object, _method: str, line: Any) -> str:
    return bytes(line).decode()
