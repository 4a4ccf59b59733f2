"""The ceiling: the same answers by hand on the driver layer that Masthead itself uses, and no GraphQL.

Each document has a function of its own that sends written-out statements and builds the answer.
"""

import os
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson

from bench.queries import FOLDER
from bench.servers.ceiling import feed, home, post, wide
from db.database import Database
from db.reading import Reads

database = Database(os.environ["DATABASE_URL"])

Answer = Callable[[Reads, Mapping[str, Any]], Awaitable[dict[str, Any]]]
ANSWERS: dict[str, Answer] = {
    (FOLDER / f"{name}.graphql").read_text(): answer
    for name, answer in {
        "feed": feed.answer,
        "home": home.answer,
        "post": post.answer,
        "wide": wide.answer,
    }.items()
}
HEADERS = [(b"content-type", b"application/json")]


async def app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
        return
    parameters = orjson.loads(await body(receive))
    answer = ANSWERS[parameters["query"]]
    data = await answer(database.reads(), parameters["variables"])
    content = orjson.dumps({"data": data})
    length = (b"content-length", b"%d" % len(content))
    await send({"type": "http.response.start", "status": 200, "headers": [*HEADERS, length]})
    await send({"type": "http.response.body", "body": content})


async def body(receive: Any) -> bytes:
    message = await receive()
    parts = [message["body"]]
    while message["more_body"]:
        message = await receive()
        parts.append(message["body"])
    return b"".join(parts)


async def lifespan(receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await database.dispose()
    await send({"type": "lifespan.shutdown.complete"})
