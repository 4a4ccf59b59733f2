"""Fields behind loaders of both libraries, and batched fields, whose resolvers see all parents at once."""

import asyncio
from collections.abc import Sequence
from typing import Any

import strawberry
from aiodataloader import DataLoader
from strawberry.dataloader import DataLoader as StrawberryLoader

from engine.fields import Call, batched, column, relation, same
from tests.engine.parity.schema.guards import AllowedByParent
from tests.engine.parity.schema.world import (
    Info,
    World,
    called,
    missing,
    returned,
    returned_with_code,
)

ITEMS = 8
# What a loader may give for a key: nothing, or an exception.
ABSENT = [missing, returned, returned_with_code]


def make_item(world: World, number: int) -> Any:
    """An item, or what became of it: None, or an exception among the results."""
    number %= ITEMS
    return world.lived(Item(number=number, world=world), number, "loaded", mishaps=ABSENT)


class Items(DataLoader[int, Any]):
    """Items by number; it can also answer for a whole level."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world

    async def batch_load_fn(self, keys: list[int]) -> list[Any]:
        self.world.batches.append(("items", tuple(keys)))
        await asyncio.sleep(0)
        return [make_item(self.world, key) for key in keys]

    async def load_keys(self, keys: Sequence[int], columns: object) -> Sequence[Any]:
        return await asyncio.gather(*map(self.load, keys), return_exceptions=True)


def load_items(info: Info) -> Items:
    return info.context.loaders.setdefault("items", Items(info.context))


def strawberry_items(info: Info) -> StrawberryLoader[int, Any]:
    async def load(keys: list[int]) -> list[Any]:
        info.context.batches.append(("strawberry items", tuple(keys)))
        return [make_item(info.context, key) for key in keys]

    if "strawberry" not in info.context.loaders:
        info.context.loaders["strawberry"] = StrawberryLoader(load)
    return info.context.loaders["strawberry"]


def count_twice(parents: Sequence[Any], call: Call) -> list[Any]:
    world = call.info.context
    return [world.stored(parent.number * 2, parent.number, "doubles") for parent in parents]


async def count_thrice(parents: Sequence[Any], call: Call, plus: int = 0) -> list[Any]:
    world = call.info.context
    await asyncio.sleep(0)
    return [world.stored(each.number * 3 + plus, each.number, "triples") for each in parents]


def siblings_of(numbers: Sequence[int], call: Call, first: int = 2) -> list[Any]:
    world = call.info.context
    return [
        [make_item(world, number + step) for step in range(min(first, 3))] for number in numbers
    ]


def staged(world: World, number: int) -> Any:
    """A stage, or what became of it."""
    number %= ITEMS
    return world.lived(Stage(number=number, world=world), number, "staged", mishaps=ABSENT)


def stages_of(numbers: Sequence[int], call: Call, plus: int = 0) -> list[Any]:
    return [staged(call.info.context, number + plus) for number in numbers]


async def stages_later(numbers: Sequence[int], call: Call) -> list[Any]:
    await asyncio.sleep(0)
    return stages_of(numbers, call)


def squared(plus: int = 0) -> int:
    if plus < 0:
        raise ValueError("it is below 0")
    return min(plus, 100) ** 2


def stages_below(stages: Sequence[Any], call: Call) -> list[Any]:
    return [staged(stage.world, stage.number + 1) for stage in stages]


def items_from(stages: Sequence[Any], call: Call, first: int = 2) -> list[Any]:
    return siblings_of([stage.number for stage in stages], call, first)


def fail_all(parents: Sequence[Any], call: Call) -> list[Any]:
    raise ValueError("the whole batch failed")


def give_too_many(parents: Sequence[Any], call: Call) -> list[Any]:
    return [1] * (len(parents) + 1)


async def give_too_few(parents: Sequence[Any], call: Call) -> list[Any]:
    return [1] * (len(parents) - 1)


@strawberry.type
class Stage:
    """Most of its fields are resolved for the values of a column: what selects them alone, opens."""

    number: int
    world: strawberry.Private[World]

    nested: "Stage" = batched(stages_below, typed=True)
    doubles: int | None = batched(count_twice)
    doubles_required: int = batched(count_twice)
    triples: int | None = batched(count_thrice)
    items: list["Item"] = batched(items_from)
    siblings: list["Item"] = batched(siblings_of, key="number")
    guarded_doubles: int | None = batched(count_twice, permission_classes=[AllowedByParent])
    nothing: int | None = batched(fail_all)


@strawberry.type
class Item:
    number: int
    world: strawberry.Private[World]

    @property
    def next_number(self) -> int | None:
        return None if self.number % 3 == 2 else self.number + 1

    @strawberry.field
    async def next(self, info: Info) -> "Item | None":
        called(info)
        return await load_items(info).load((self.number + 1) % ITEMS)

    @strawberry.field
    def next_awaitable(self, info: Info) -> "Item | None":
        called(info)
        return load_items(info).load((self.number + 2) % ITEMS)  # type: ignore[return-value]

    @strawberry.field
    async def next_of_strawberry(self, info: Info) -> "Item | None":
        called(info)
        return await strawberry_items(info).load((self.number + 1) % ITEMS)

    @strawberry.field
    async def some(self, info: Info) -> list["Item"]:
        called(info)
        return await load_items(info).load_many([self.number, (self.number + 3) % ITEMS])

    @strawberry.field
    async def next_required(self, info: Info) -> "Item":
        called(info)
        return await load_items(info).load((self.number + 4) % ITEMS)

    related: "Item | None" = relation(load_items, key="next_number")
    related_required: "Item" = relation(load_items, key="next_number")
    doubles: int | None = batched(count_twice)
    doubles_required: int = batched(count_twice)
    triples: int | None = batched(count_thrice, reads=["number"])
    triples_required: int = batched(count_thrice)
    siblings: list["Item"] = batched(siblings_of, key="number")
    siblings_or_null: list["Item | None"] | None = batched(siblings_of, key="number")
    guarded_doubles: int | None = batched(count_twice, permission_classes=[AllowedByParent])
    guarded_related: "Item | None" = relation(
        load_items, key="next_number", permission_classes=[AllowedByParent]
    )
    nothing: int | None = batched(fail_all)
    myself: "Item" = same()
    myself_unless: "Item | None" = same(unless="next_number")
    own_number: int = column("number")
    stage: Stage = batched(stages_of, key="number", typed=True)
    stage_or_null: Stage | None = batched(stages_of, key="number", typed=True)
    stage_later: Stage = batched(stages_later, key="number", typed=True)
    stage_prepared: Stage = batched(stages_of, prepare=squared, key="number", typed=True)
    guarded_stage: Stage | None = batched(
        stages_of,
        prepare=squared,
        key="number",
        typed=True,
        permission_classes=[AllowedByParent],
    )


@strawberry.type
class Miscounted:
    number: int
    too_many: int | None = batched(give_too_many)
    too_few: int | None = batched(give_too_few)
    too_few_required: int = batched(give_too_few)


@strawberry.type
class LoadingQuery:
    @strawberry.field
    async def items(self, info: Info, first: int = 3) -> list[Item | None]:
        called(info)
        wanted = range(max(0, min(first, 5)))
        loads = map(load_items(info).load, wanted)
        return await asyncio.gather(*loads, return_exceptions=True)

    @strawberry.field
    def item(self, info: Info, number: int = 0) -> Item | None:
        return make_item(called(info), number)

    @strawberry.field
    def miscounted(self, info: Info, count: int = 1) -> list[Miscounted]:
        return [Miscounted(number=number) for number in range(count)]
