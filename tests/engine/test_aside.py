import asyncio
import threading
from contextvars import ContextVar
from math import inf
from typing import Any

import pytest

from engine.aside import MOST_AT_ONCE, Aside, are_many
from engine.errors import DeadlineExceededError

PLACE: ContextVar[str] = ContextVar("place")


@pytest.mark.parametrize(
    ("variables", "many"),
    [
        ({}, False),
        ({"a": 1, "b": "x" * 10_000}, False),
        ({str(number): 1 for number in range(MOST_AT_ONCE)}, False),
        ({str(number): 1 for number in range(MOST_AT_ONCE + 1)}, True),
        ({"of": [1] * (MOST_AT_ONCE - 1)}, False),
        ({"of": [1] * MOST_AT_ONCE}, True),
        ({"of": [{"in": [1]}] * (MOST_AT_ONCE // 2)}, True),
    ],
)
def test_how_many_values_are_many(variables: dict[str, Any], many: bool) -> None:
    assert are_many(variables) is many


async def test_work_is_done_in_a_thread_and_in_the_context_of_its_task() -> None:
    PLACE.set("here")
    assert await Aside()(PLACE.get) == "here"
    assert await Aside()(threading.get_ident) != threading.get_ident()


async def test_the_thread_gives_way_to_operations_at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.aside.PATIENCE", inf)
    monkeypatch.setattr("engine.aside.LENIENCE", inf)
    aside, began = Aside(), threading.Event()

    def work() -> int:
        began.set()
        aside.give_way()
        return aside.running

    aside.running = 1
    task = asyncio.ensure_future(aside(work))
    await asyncio.to_thread(began.wait)
    aside.running = 0
    assert await task == 0


@pytest.mark.parametrize(("patience", "lenience"), [(0.001, inf), (inf, 0.001)])
async def test_the_thread_gives_way_for_a_while_only(
    patience: float, lenience: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.aside.PATIENCE", patience)
    monkeypatch.setattr("engine.aside.LENIENCE", lenience)
    aside = Aside()
    aside.running = 1
    await aside(aside.give_way)


async def test_what_waits_for_its_turn_waits_until_the_deadline() -> None:
    aside, end = Aside(), threading.Event()
    first = asyncio.ensure_future(aside(end.wait))
    await asyncio.sleep(0)  # in which it gets the thread
    done: list[int] = []
    with pytest.raises(DeadlineExceededError):
        await aside(lambda: done.append(1), asyncio.get_running_loop().time())
    await asyncio.sleep(0)  # in which the thread hears of it
    end.set()
    assert await first
    assert await aside(lambda: done) == []
