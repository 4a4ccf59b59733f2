"""Plain graphql-core schemas from SDL, with dictionaries and objects for sources."""

import asyncio
from collections.abc import Callable, Generator
from functools import lru_cache
from typing import Any
from zlib import crc32

from graphql import ExecutionResult, GraphQLSchema, build_schema

from tests.engine.parity.runs import agreed

schema_of: Callable[[str], GraphQLSchema] = lru_cache(maxsize=None)(build_schema)


async def plainly(
    sdl: str, source: str, root: Callable[[], Any] = dict, **request: Any
) -> tuple[Any, list[tuple[str, list[str | int] | None]]]:
    """What both executors say of an operation: its data, and its errors as messages and paths."""
    return told(await agreed(schema_of(sdl), source, root=root, **request))


def told(result: ExecutionResult) -> tuple[Any, list[tuple[str, list[str | int] | None]]]:
    """A result's data, and its errors as messages and paths."""
    return result.data, [(error.message, error.path) for error in result.errors or ()]


def failing(message: str = "failed") -> Callable[..., Any]:
    """A resolver that raises."""

    def resolve(*arguments: Any, **named: Any) -> Any:
        raise ValueError(message)

    return resolve


def failing_later(message: str = "failed") -> Callable[..., Any]:
    """An asynchronous resolver that raises."""

    async def resolve(*arguments: Any, **named: Any) -> Any:
        await asyncio.sleep(0)
        raise ValueError(message)

    return resolve


class Later:
    """An awaitable that is no coroutine: a value, or an exception raised, after a turn of the loop."""

    def __init__(self, value: Any = None, error: Exception | None = None) -> None:
        self.value = value
        self.error = error

    def __await__(self) -> Generator[Any, None, Any]:
        yield from asyncio.sleep(0).__await__()
        if self.error is not None:
            raise self.error
        return self.value


class Unlucky:
    """An endless tree: any attribute is a resolver, whose outcome follows from the seed and its path."""

    def __init__(self, seed: int, mishaps: int, path: str = "") -> None:
        self.seed = seed
        self.mishaps = mishaps
        self.path = path

    def fate(self, name: str) -> int:
        return crc32(f"{self.seed}{self.path}.{name}".encode())

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        fate = self.fate(name)
        return self.unlucky(name, fate) if fate % 1000 < self.mishaps else self.lucky(name)

    def unlucky(self, name: str, fate: int) -> Any:
        where = f"{self.path}.{name}"
        outcomes = [None, failing(where), failing_later(where), ValueError(f"{where} returned")]
        return outcomes[fate // 1000 % len(outcomes)]

    def lucky(self, name: str) -> Any:
        value = self.value(name)
        return (lambda *_, **__: Later(value)) if self.fate(name + "?") % 2 else value

    def value(self, name: str) -> Any:
        """A list for names with `list`, a tree for names with `tree`, else a text."""
        if "list" in name:
            return [self.item(f"{name}[{index}]", name) for index in range(self.fate(name) % 4)]
        return self.item(name, name)

    def item(self, place: str, name: str) -> Any:
        fate = self.fate(place + "!")
        if "list" in name and fate % 1000 < self.mishaps:
            return ValueError(f"{place} failed") if fate % 2 else None
        return Unlucky(self.seed, self.mishaps, f"{self.path}.{place}") if "ree" in name else place
