"""What comparisons with stock execution do not see: time, what is kept, and who pays for whom."""

import asyncio
import gc
from collections.abc import Callable, Sequence
from typing import Any

import strawberry
from strawberry.permission import BasePermission

from engine import Engine, Limits
from engine.fields import Following, batched, relation
from engine.operations import choose, coerce

SOON = 0.2


class Loads:
    """Loads that end when a test says so; `asked` are their keys and futures."""

    def __init__(self) -> None:
        self.asked: dict[str, asyncio.Future[list[str]]] = {}

    def of(self, name: str) -> Callable[[Any], Any]:
        loads = self

        class Loader:
            async def load(self, key: str) -> str:
                values: list[str] = await self.load_keys([key], None)
                return values[0]

            def load_keys(self, keys: Sequence[str], _: object) -> Any:
                future = loads.asked[name] = asyncio.get_running_loop().create_future()
                if name.startswith("fast"):
                    future.set_result([f"{name} {key}" for key in keys])
                return Following(future, lambda values: values)

        return lambda _info: Loader()


LOADS = Loads()


class IsOdd(BasePermission):
    message = "denied"

    def has_permission(self, source: Any, info: Any, **_: Any) -> bool:
        return bool(source.number % 2)


class Failing:
    async def load(self, key: int) -> str:
        raise RuntimeError("the database is down")

    async def load_keys(self, keys: Sequence[int], _: object) -> list[str]:
        raise RuntimeError("the database is down")


@strawberry.type
class Item:
    id: str = "1"
    number: int = 0
    fast: str | None = relation(LOADS.of("fast"), key="id")
    slow: str | None = relation(LOADS.of("slow"), key="id")
    slower: str | None = relation(LOADS.of("slower"), key="id")
    guarded: str | None = relation(
        lambda _info: Failing(), key="number", permission_classes=[IsOdd]
    )


def echoed(parents: Sequence[object], _call: object, text: str) -> list[int]:
    return [len(text)] * len(parents)


@strawberry.type
class Query:
    length: int = batched(echoed, reads=())

    @strawberry.field
    def item(self) -> Item:
        return Item()

    @strawberry.field
    def items(self) -> list[Item]:
        return [Item(number=1), Item(number=2)]

    @strawberry.field
    def leaves(self) -> list[str] | None:
        return [asyncio.get_running_loop().create_future()]  # type: ignore[list-item]


SCHEMA = strawberry.Schema(Query)
ENGINE = Engine(SCHEMA)


def deadline() -> float:
    return asyncio.get_running_loop().time() + SOON


async def test_what_is_there_at_the_deadline_is_given() -> None:
    for query in ("{ item { fast slow } }", "{ item { slow fast } }"):
        result = await ENGINE.execute(query, deadline=deadline())
        assert result.data == {"item": {"fast": "fast 1", "slow": None}}
        [error] = result.errors or []
        assert (error.path, error.extensions) == (["item", "slow"], {"code": "TIMEOUT"})


async def test_the_second_look_keeps_the_deadline() -> None:
    result = await ENGINE.execute("{ leaves }", deadline=deadline())
    assert result.data == {"leaves": None}
    assert [error.extensions for error in result.errors or ()] == [{"code": "TIMEOUT"}]


async def test_all_that_a_cancelled_request_waits_for_is_cancelled() -> None:
    LOADS.asked.clear()
    work = asyncio.ensure_future(ENGINE.execute("{ item { slow slower } }"))
    while len(LOADS.asked) < 2:
        await asyncio.sleep(0)
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    assert {name: load.cancelled() for name, load in LOADS.asked.items()} == {
        "slow": True,
        "slower": True,
    }


async def test_a_failure_to_load_is_no_denial_and_a_denial_no_failure() -> None:
    result = await ENGINE.execute("{ items { guarded } }")
    assert result.data == {"items": [{"guarded": None}, {"guarded": None}]}
    assert [(error.path, error.message) for error in result.errors or ()] == [
        (["items", 0, "guarded"], "the database is down"),
        (["items", 1, "guarded"], "denied"),
    ]


async def test_every_root_field_has_its_own_selection() -> None:
    for count in range(1, 30):
        parts = [f"f{each}: item {{ {'id' if each % 2 else 'number'} }}" for each in range(count)]
        result = await Engine(SCHEMA, Limits(aliases=None, root_fields=None)).execute(
            f"{{ {' '.join(parts)} }}"
        )
        expected = [{"id": "1"} if each % 2 else {"number": 0} for each in range(count)]
        assert list((result.data or {}).values()) == expected


def test_fragments_within_fragments_are_planned_once() -> None:
    schema = strawberry.Schema(Tree)
    engine = Engine(schema)
    levels = range(13)
    fragments = [
        f"fragment F{each} on Tree {{ a {{ ...F{each + 1} }} b {{ ...F{each + 1} }} }}"
        for each in levels
    ]
    last = f"fragment F{len(levels)} on Tree {{ name }}"
    document = engine.document(" ".join([*fragments, last, "{ ...F0 }"]))
    operation = choose(document.ast, None)
    variables = coerce(engine.schema, operation, {})  # type: ignore[arg-type]
    plan = engine._make_plan((document,), operation, variables)  # type: ignore[arg-type]
    # At each level one for `a` and one for `b`: not twice as many as at the level above.
    assert len(plan._units) == 2 * len(levels)


@strawberry.type
class Tree:
    name: str | None = None

    @strawberry.field
    def a(self) -> "Tree | None":
        return None

    @strawberry.field
    def b(self) -> "Tree | None":
        return None


async def test_a_plan_keeps_nothing_of_a_request() -> None:
    engine = Engine(SCHEMA)
    query = (
        "query ($text: String!, $is: Boolean!) { length(text: $text) item @skip(if: $is) { id } }"
    )
    secret = "s" * 6_000
    result = await engine.execute(query, {"text": secret, "is": True})
    assert result.data == {"length": 6_000}
    del result
    holders = [each for each in gc.get_referrers(secret) if isinstance(each, (dict, tuple))]
    assert holders == []
