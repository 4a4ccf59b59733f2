"""Waiting for a condition instead of for a time."""

import asyncio
import time
from collections.abc import Callable

PATIENCE = 120.0


def eventually(condition: Callable[[], bool]) -> None:
    """Returns as soon as the condition holds; fails when it does not within PATIENCE seconds."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


async def until(condition: Callable[[], bool]) -> None:
    """The same for a condition that the running event loop works towards."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.005)
