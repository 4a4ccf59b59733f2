"""Whether all servers give the same answer: before anything is timed, and not only the same shape."""

import re
from datetime import datetime
from typing import Any

import httpx

from bench.processes import Failed, Server
from bench.queries import Query

# Cursors are opaque (https://relay.dev/graphql/connections.htm): each server has its own.
OPAQUE = frozenset({"cursor", "startCursor", "endCursor"})
# ISO 8601 writes one moment in several ways.
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def require_equal(servers: list[Server], query: Query) -> None:
    """Raises Failed, which names the first difference, when a server's data is not Masthead's."""
    expected, *others = servers
    wanted = comparable(answer(expected, query))
    for server in others:
        found = difference(wanted, comparable(answer(server, query)))
        if found is not None:
            raise Failed(f"{server.name} answers {query.name} otherwise at {found}")


def answer(server: Server, query: Query) -> Any:
    """The data of the answer. Raises Failed when there are errors."""
    headers = {"Content-Type": "application/json"}
    body = query.body(server.program.queries)
    response = httpx.post(f"{server.url}/graphql", content=body, headers=headers, timeout=60)
    result = response.json()
    if response.status_code != 200 or "errors" in result:
        raise Failed(f"{server.name} fails at {query.name}: {response.text[:1000]}")
    return result["data"]


def comparable(data: Any) -> Any:
    """The data with its moments read, and of its cursors only whether there is one."""
    if isinstance(data, list):
        return [comparable(item) for item in data]
    if isinstance(data, dict):
        return {
            name: bool(value) if name in OPAQUE else comparable(value)
            for name, value in data.items()
        }
    if isinstance(data, str) and MOMENT.fullmatch(data):
        return datetime.fromisoformat(data)
    return data


def difference(one: Any, other: Any, path: str = "data") -> str | None:
    """The path and the values of the first place where two answers differ; None when they do not."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        parts = [difference(one[name], other[name], f"{path}.{name}") for name in one]
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        parts = [difference(*both, f"{path}[{at}]") for at, both in pairs]
    else:
        return None if one == other else f"{path}: {str(one)[:200]} and {str(other)[:200]}"
    return next(filter(None, parts), None)
