"""Logs: one format for ours and the libraries', one line a request."""

import logging
import re
import sys
from collections.abc import Mapping, Sequence
from time import perf_counter
from typing import Any, Final
from uuid import uuid4

import orjson
import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.typing import Processor

# What proxies and tracing systems send, and nothing that could forge a line of a log.
REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._:@+/=-]{1,128}")

log = structlog.get_logger(__name__)


def configure(level: str, format: str) -> None:
    """Logs of `level` and above go to standard error as "json" or, for people, as "console".

    The libraries' loggers pass through the same format; run uvicorn with `log_config=None` and
    `access_log=False`, or it brings handlers and request lines of its own.
    """
    shared = _processors()
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *(_json() if format == "json" else _console()),
            ],
        )
    )
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    # It tells at every look which kind of database it found.
    logging.getLogger("alembic.runtime.migration").setLevel(logging.WARNING)


class RequestLog:
    """Gives every request its id and, when it is over, its one line.

    The id is the X-Request-ID header's when that is sane, else a fresh one; it stands in
    `request.state.request_id`, in the response's header and in every line logged meanwhile.
    Whatever is bound to structlog's context variables on the way joins the line.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        request_id = request_id_of(Headers(scope=scope))
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        exchange = Exchange(send, request_id)
        started = perf_counter()
        try:
            await self.app(scope, receive, exchange.send)
        finally:
            log.info(
                "request",
                method=scope["method"],
                path=scope["path"],
                status=exchange.status,
                bytes=exchange.bytes,
                duration_ms=round((perf_counter() - started) * 1_000, 2),
            )


class Exchange:
    """One response on its way out: marks it with the request id and measures it."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._request_id = request_id
        # What the outermost layer answers when no response was started.
        self.status = 500
        self.bytes = 0

    async def send(self, message: Message) -> None:
        """ASGI."""
        if message["type"] == "http.response.start":
            self.status = int(message["status"])
            MutableHeaders(scope=message)["X-Request-ID"] = self._request_id
        elif message["type"] == "http.response.body":
            self.bytes += len(message.get("body", b""))
        await self._send(message)


def request_id_of(headers: Headers) -> str:
    """The client's request id when it is sane, else a fresh one."""
    given = headers.get("x-request-id", "")
    return given if REQUEST_ID.fullmatch(given) else uuid4().hex


def _processors() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _json() -> Sequence[Processor]:
    return (
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(serializer=_serialise),
    )


def _console() -> Sequence[Processor]:
    # The plain formatter: the others print local variables, and with them people's data.
    return (structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),)


def _serialise(event: Mapping[str, Any], **_: Any) -> str:
    return orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
