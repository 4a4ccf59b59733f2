"""Mutations, whose order the world's log shows, and subscriptions."""

import asyncio
from collections.abc import AsyncIterator

import strawberry

from tests.engine.parity.schema.characters import Character, character
from tests.engine.parity.schema.guards import Never
from tests.engine.parity.schema.world import Info


@strawberry.type
class Change:
    """A payload, whose fields see the log as it is when they are resolved."""

    name: str

    @strawberry.field
    def log(self, info: Info) -> list[str]:
        return list(info.context.log)

    @strawberry.field
    async def log_later(self, info: Info) -> list[str]:
        await asyncio.sleep(0)
        info.context.log.append(f"{self.name} read")
        return list(info.context.log)

    @strawberry.field
    def fails(self, info: Info) -> str:
        info.context.log.append(f"{self.name} fails")
        raise ValueError(f"{self.name} fails")

    @strawberry.field
    def character(self, info: Info) -> Character:
        return character(info.context, 1)


@strawberry.type
class Mutation:
    @strawberry.mutation
    def change(self, info: Info, name: str = "x") -> Change:
        info.context.log.append(name)
        return info.context.lived(Change(name=name), name)

    @strawberry.mutation
    async def change_later(self, info: Info, name: str = "x", turns: int = 2) -> Change | None:
        info.context.log.append(f"{name} begins")
        for _ in range(max(0, min(turns, 5))):
            await asyncio.sleep(0)
        info.context.log.append(f"{name} ends")
        return info.context.lived(Change(name=name), name, "later")

    @strawberry.mutation
    async def fail(self, info: Info, name: str = "x") -> Change | None:
        info.context.log.append(f"{name} fails")
        await asyncio.sleep(0)
        raise ValueError(f"{name} fails")

    @strawberry.mutation
    async def fail_required(self, info: Info, name: str = "x") -> Change:
        info.context.log.append(f"{name} fails")
        await asyncio.sleep(0)
        raise ValueError(f"{name} fails")

    @strawberry.mutation(permission_classes=[Never])
    def never(self, info: Info) -> Change | None:
        info.context.log.append("never")
        return Change(name="never")


@strawberry.type
class Event:
    number: int

    @strawberry.field
    async def half(self, info: Info) -> int:
        await asyncio.sleep(0)
        if self.number % 2:
            raise ValueError(f"{self.number} is odd")
        return self.number // 2

    @strawberry.field
    async def character(self, info: Info) -> Character | None:
        return character(info.context, self.number)


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def count(self, info: Info, to: int = 3) -> AsyncIterator[int]:
        for number in range(to):
            await asyncio.sleep(0)
            yield number

    @strawberry.subscription
    async def events(self, info: Info, to: int = 3) -> AsyncIterator[Event]:
        for number in range(to):
            yield Event(number=number)

    @strawberry.subscription
    async def maybe_events(self, info: Info) -> AsyncIterator[list[Event | None] | None]:
        yield [Event(number=0), None, Event(number=1)]
        yield None
        yield []

    @strawberry.subscription
    async def fails_after(self, info: Info, events: int = 1) -> AsyncIterator[int]:
        for number in range(events):
            yield number
        raise ValueError("the source failed")

    @strawberry.subscription
    async def not_a_stream(self, info: Info) -> AsyncIterator[int]:
        return 1  # type: ignore[return-value]

    @strawberry.subscription(permission_classes=[Never])
    async def never(self, info: Info) -> AsyncIterator[int]:
        yield 1
