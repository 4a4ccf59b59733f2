"""What a request asks for: its body or its URL, read strictly.

https://graphql.github.io/graphql-over-http/draft/#sec-Request
"""

from collections.abc import Iterable, Mapping
from email.message import Message
from functools import lru_cache
from typing import Any, Final, NamedTuple, Self
from urllib.parse import parse_qsl

import orjson
from starlette.requests import ClientDisconnect, Request

from app.headers import header
from app.problems import Problem

# In the order in which they are looked at.
KINDS_OF: Final = {
    "extensions": dict,
    "query": str,
    "operationName": str,
    "variables": dict,
    "documentId": str,
}
# Those that can say which document is meant.
MEANING: Final = ("query", "documentId", "extensions")
NAMES: Final = tuple(KINDS_OF)
JSON_NAMES: Final = ("variables", "extensions")
KINDS: Final[Mapping[type, str]] = {
    str: "a string",
    bool: "a boolean",
    int: "a number",
    float: "a number",
    list: "an array",
    dict: "an object",
    type(None): "null",
}


class Parameters(NamedTuple):
    """The parameters of a well-formed request; the document is not yet parsed.

    `persisted` is the extension `persistedQuery`, which is not yet looked at.
    """

    query: str | None
    operation_name: str | None
    variables: dict[str, Any] | None
    document_id: str | None = None
    persisted: Any = None

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        """Raises Problem (BAD_REQUEST) that names the first parameter of a wrong type.

        Names that the specification does not know are ignored, as it asks.
        """
        persisted = _persisted(given["extensions"]) if "extensions" in given else None
        if given.get("query") is None and given.get("documentId") is None and persisted is None:
            raise Problem("BAD_REQUEST", 'The parameter "query" is missing.')
        for name, kind in KINDS_OF.items():
            if name in given:
                _require(name, given[name], kind)
        return cls(
            given.get("query"),
            given.get("operationName"),
            given.get("variables"),
            given.get("documentId"),
            persisted,
        )


async def from_body(request: Request, limit: int) -> Parameters:
    """The parameters of a POST, whose body is JSON in UTF-8 of at most `limit` bytes.

    Raises Problem: UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE or BAD_REQUEST.
    """
    _require_json(request)
    given = _json(await _body(request, limit), "The body")
    if isinstance(given, list):
        raise Problem("BAD_REQUEST", "Batches are not supported: send one operation a request.")
    if not isinstance(given, dict):
        raise Problem("BAD_REQUEST", f"The body must be an object, not {KINDS[type(given)]}.")
    return Parameters.of(given)


def from_url(pairs: Iterable[tuple[str, str]]) -> Parameters:
    """The parameters of a GET; a blank value counts as absent. Raises Problem (BAD_REQUEST)."""
    given: dict[str, Any] = {}
    for name, value in pairs:
        if name in given:
            raise Problem("BAD_REQUEST", f'The parameter "{name}" is given more than once.')
        if name in NAMES:
            given[name] = _json(value, f'The parameter "{name}"') if name in JSON_NAMES else value
    return Parameters.of(given)


def url_pairs(query_string: bytes, limit: int) -> list[tuple[str, str]]:
    """The names and values of a URL of at most `limit` bytes after the question mark.

    Raises Problem: URI_TOO_LONG or, when it is not UTF-8, BAD_REQUEST.
    """
    if len(query_string) > limit:
        raise Problem("URI_TOO_LONG", f"The query string is longer than {limit} bytes: use POST.")
    try:
        return parse_qsl(query_string.decode(), errors="strict")
    except UnicodeDecodeError:
        raise Problem("BAD_REQUEST", "The query string is not valid UTF-8.") from None


def _persisted(extensions: object) -> Any:
    return extensions.get("persistedQuery") if isinstance(extensions, dict) else None


def _require(name: str, value: Any, kind: type) -> None:
    if value is None or isinstance(value, kind):
        return
    raise Problem(
        "BAD_REQUEST",
        f'The parameter "{name}" must be {KINDS[kind]}, not {KINDS[type(value)]}.',
    )


def _json(source: bytes | str, what: str) -> Any:
    try:
        return orjson.loads(source)
    except orjson.JSONDecodeError as fault:
        raise Problem("BAD_REQUEST", f"{what} is not valid JSON: {fault}.") from None


def _require_json(request: Request) -> None:
    if not _is_json(header(request.scope, b"content-type")):
        raise Problem(
            "UNSUPPORTED_MEDIA_TYPE",
            "The body must be sent as Content-Type: application/json, in UTF-8.",
            {"Accept-Post": "application/json"},
        )
    if header(request.scope, b"content-encoding").lower() not in ("", "identity"):
        raise Problem(
            "UNSUPPORTED_MEDIA_TYPE",
            "Compressed bodies are not accepted.",
            {"Accept-Encoding": "identity"},
        )


@lru_cache(maxsize=256)
def _is_json(content_type: str) -> bool:
    header = Message()
    header["Content-Type"] = content_type
    return header.get_content_type() == "application/json" and header.get_content_charset(
        "utf-8"
    ) in ("utf-8", "utf8")


async def _body(request: Request, limit: int) -> bytes:
    """Stops at the first chunk past the limit, whatever Content-Length claims."""
    chunks: list[bytes] = []
    size, more = 0, True
    while more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunk = message.get("body", b"")
        chunks.append(chunk)
        size += len(chunk)
        if size > limit:
            raise Problem("PAYLOAD_TOO_LARGE", f"The body is larger than {limit} bytes.")
        more = message.get("more_body", False)
    return b"".join(chunks)
