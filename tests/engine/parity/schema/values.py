"""Leaves and lists: custom scalars, enums, and lists of each nullability from each kind of iterable."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, NewType

import strawberry

from tests.engine.parity.schema.characters import Episode
from tests.engine.parity.schema.world import Info, World, called


def even(value: Any) -> int:
    """Raises ValueError for what is not an even number."""
    if not isinstance(value, int) or value % 2:
        raise ValueError(f"{value!r} is not even")
    return value


Even = NewType("Even", int)
Json = strawberry.scalars.JSON
SCALARS: dict[object, Any] = {
    Even: strawberry.scalar(name="Even", serialize=even, parse_value=even),
}


@strawberry.type
class Lists:
    """Numbers in lists; each list and each item may come to grief."""

    world: strawberry.Private[World]

    nullable: list[int | None] | None
    full: list[int] | None
    items: list[int | None]
    required: list[int]

    @strawberry.field
    def nested(self, info: Info) -> list[list[int | None] | None] | None:
        return nested(called(info), "nested")

    @strawberry.field
    def nested_full(self, info: Info) -> list[list[int] | None] | None:
        return nested(called(info), "nestedFull")

    @strawberry.field
    def nested_required(self, info: Info) -> list[list[int]]:
        return nested(called(info), "nestedRequired")

    @strawberry.field
    async def nested_later(self, info: Info) -> list[list[int | None]] | None:
        return nested(called(info), "nestedLater")

    @strawberry.field
    def deep(self, info: Info) -> list[list[list[int] | None]]:
        world = called(info)
        return [nested(world, "deep", 0), nested(world, "deep", 1), []]

    @strawberry.field
    def generated(self, info: Info) -> list[int]:
        return generated(called(info))  # type: ignore[return-value]

    @strawberry.field
    def tuples(self, info: Info) -> list[int | None]:
        return tuple(numbers(called(info), "tuples"))  # type: ignore[return-value]

    @strawberry.field
    def frozen(self, info: Info) -> list[int]:
        called(info)
        return frozenset([7])  # type: ignore[return-value]

    @strawberry.field
    def streamed(self, info: Info) -> list[int | None]:
        return streamed(called(info))  # type: ignore[return-value]

    @strawberry.field
    def awaited(self, info: Info) -> list[int | None] | None:
        return awaited(called(info), "awaited")

    @strawberry.field
    async def awaited_full(self, info: Info) -> list[int] | None:
        return awaited(called(info), "awaitedFull")

    @strawberry.field
    def text(self, info: Info) -> list[str] | None:
        """A string is not a list."""
        called(info)
        return "text"  # type: ignore[return-value]

    @strawberry.field
    def single(self, info: Info) -> list[int] | None:
        called(info)
        return 1  # type: ignore[return-value]

    @strawberry.field
    def endless(self, info: Info) -> list[list["Lists | None"] | None] | None:
        world = called(info)
        return world.lived([[lists(world), None], None, []], "endless")


def lists(world: World) -> Lists:
    return Lists(
        world=world,
        nullable=world.stored(numbers(world, "nullable"), "nullable"),
        full=world.stored(numbers(world, "full"), "full"),
        items=world.stored(numbers(world, "items"), "items"),
        required=world.stored(numbers(world, "required"), "required"),
    )


def numbers(world: World, *key: object) -> list[Any]:
    return [world.stored(index, *key, index) for index in range(world.fate(*key) % 4)]


def nested(world: World, *key: object) -> Any:
    return [world.stored(numbers(world, *key, row), *key, row, "row") for row in range(3)]


def generated(world: World) -> Iterator[Any]:
    for number in range(3):
        yield world.lived(number, "generated", number)


async def streamed(world: World) -> AsyncIterator[Any]:
    for number in range(3):
        yield world.lived(number, "streamed", number)
        await asyncio.sleep(0)


def awaited(world: World, name: str) -> Any:
    """Some items of the list are yet to come."""

    async def later(number: int) -> Any:
        await asyncio.sleep(0)
        return world.lived(number, name, number)

    return [1, later(2), later(3), world.stored(4, name, 4)]


@strawberry.type
class Leaves:
    """A field for each kind of leaf, and leaves that cannot be what they should."""

    int_: int = strawberry.field(name="int", default=2**31 - 1)
    float_: float = strawberry.field(name="float", default=0.1)
    whole: float = 3
    string: str = "é\u2028\x00"
    boolean: bool = True
    id: strawberry.ID = strawberry.ID("1")
    number_id: strawberry.ID = 7  # type: ignore[assignment]
    when: datetime = datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)
    day: date = date(2026, 1, 2)
    hour: time = time(3, 4)
    price: Decimal = Decimal("1.50")
    key: uuid.UUID = uuid.UUID(int=7)
    json: Json = strawberry.field(default_factory=lambda: {"b": [1, None], "a": {"c": True}})
    even: Even | None = Even(2)
    odd: Even | None = Even(3)
    episode: Episode = Episode.EMPIRE
    episodes: list[Episode | None] = strawberry.field(default_factory=lambda: [*Episode, None])
    too_large: int | None = 2**31
    not_finite: float | None = float("nan")
    infinite: float | None = float("inf")
    fraction: int | None = 1.5  # type: ignore[assignment]
    whole_fraction: int | None = 2.0  # type: ignore[assignment]
    number_as_string: int | None = "12"  # type: ignore[assignment]
    boolean_as_int: int | None = True
    int_as_string: str | None = 12  # type: ignore[assignment]
    boolean_as_string: str | None = True  # type: ignore[assignment]
    dict_as_string: str | None = strawberry.field(default_factory=dict)
    int_as_boolean: bool | None = 1  # type: ignore[assignment]
    string_as_boolean: bool | None = "true"  # type: ignore[assignment]
    not_an_episode: Episode | None = "vii"  # type: ignore[assignment]
    raw_episode: Episode | None = "iv"  # type: ignore[assignment]
    not_a_date: date | None = "2026"  # type: ignore[assignment]


@strawberry.type
class ValueQuery:
    @strawberry.field
    def lists(self, info: Info) -> Lists:
        return lists(called(info))

    @strawberry.field
    async def lists_or_null(self, info: Info) -> Lists | None:
        return lists(called(info))

    @strawberry.field
    def leaves(self) -> Leaves:
        return Leaves()

    @strawberry.field
    def required_odd(self) -> Even:
        return Even(1)
