"""Waiting for values: together, in lists, and no longer than the deadline."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from inspect import iscoroutine
from typing import Any

from graphql.pyutils import UndefinedType

from engine.errors import DeadlineExceededError

Values = list[Any]


def awaits(kind: type) -> bool:
    """Whether values of this class are awaitable."""
    return hasattr(kind, "__await__")


# Classes of values that are neither awaitable nor failures; most values are of one of them.
PLAIN = frozenset({str, int, float, bool, type(None), tuple, list, dict, datetime})


def are_plain(kinds: set[type]) -> bool:
    """Whether among values of these classes is certainly nothing to wait for, and no failure."""
    return not any(
        awaits(kind) or issubclass(kind, Exception) or kind is UndefinedType for kind in kinds
    )


def abandon(awaitables: Iterable[Awaitable[Any]]) -> None:
    """Ends what nobody waits for any more."""
    for each in awaitables:
        if iscoroutine(each):
            each.close()
        elif hasattr(each, "cancel"):
            each.cancel()


def begun(awaitable: Awaitable[Any]) -> Awaitable[Any]:
    """The awaitable under way: a coroutine becomes a task; all else has begun by itself."""
    if not iscoroutine(awaitable):
        return awaitable
    task = asyncio.ensure_future(awaitable)
    task.add_done_callback(retrieve)
    return task


def retrieve(done: "asyncio.Future[Any]") -> None:
    """That nobody asks what became of it any more is no fault."""
    if not done.cancelled():
        done.exception()


async def outcome_of(awaitable: Awaitable[Any]) -> Any:
    """What it gives, or the exception that it raises."""
    try:
        return await awaitable
    except Exception as error:
        return error


async def outcomes_of(awaitables: Sequence[Awaitable[Any]]) -> Values:
    """What each gives, or the exception that it raises; they are awaited one after the other.

    The last one is first: what was asked for together mostly arrives in its order, and then this wakes
    up only once.
    """
    outcomes: Values = []
    for each in reversed(awaitables):
        try:
            outcomes.append(await each)
        except Exception as error:
            outcomes.append(error)
    outcomes.reverse()
    return outcomes


def outcome_now(awaitable: Awaitable[Any]) -> Any:
    """What it has given by now; a DeadlineExceededError, and its end, when nothing."""
    steps = None if iscoroutine(awaitable) else awaitable.__await__()
    try:
        if steps is not None:
            next(steps)
    except StopIteration as end:
        return end.value
    except (Exception, asyncio.CancelledError) as error:
        return error if isinstance(error, Exception) else DeadlineExceededError()
    abandon([awaitable])
    return DeadlineExceededError()


def without_waiting(value: Any) -> Any:
    """The value; what would take waiting is abandoned, and fails for want of time."""
    return outcome_now(value) if awaits(type(value)) else value


async def together(values: Values) -> Values:
    """The values, awaitable ones awaited at the same time; exceptions in the places of failures."""
    waiting = [index for index, value in enumerate(values) if awaits(type(value))]
    outcomes = await _all([values[index] for index in waiting])
    arrived = list(values)
    for index, outcome in zip(waiting, outcomes, strict=True):
        arrived[index] = outcome
    return arrived


async def _all(awaitables: list[Awaitable[Any]]) -> Values:
    if len(awaitables) == 1:
        return [await outcome_of(awaitables[0])]
    return await asyncio.gather(*map(outcome_of, awaitables))


def needs_waiting(value: Any, lists: int) -> bool:
    """Whether there is anything to wait for in lists within each other, `lists` of them."""
    if awaits(type(value)) or (lists > 0 and hasattr(value, "__aiter__")):
        return True
    if lists == 0 or not isinstance(value, (list, tuple)):
        return False
    return any(needs_waiting(item, lists - 1) for item in value)


async def settled(values: Values, lists: int, waited: int) -> Values:
    """Values with the items of lists awaited, and every async iterable gone through.

    The values themselves are awaited too, unless they were `waited` for already.
    """
    settle = _items if waited else _settled
    return await _all([settle(value, lists) for value in values])


async def _settled(value: Any, lists: int) -> Any:
    return await _items(await value if awaits(type(value)) else value, lists)


async def _items(value: Any, lists: int) -> Any:
    if lists > 0 and hasattr(value, "__aiter__"):
        value = [item async for item in value]
    if lists > 0 and isinstance(value, (list, tuple)):
        return await _all([_settled(item, lists - 1) for item in value])
    return value


def attempt(function: Callable[[Any], Any], objects: Iterable[Any]) -> Values:
    """What the function gives for each object, or the exception that it raises."""
    values: Values = []
    for each in objects:
        try:
            values.append(function(each))
        except Exception as error:
            values.append(error)
    return values
