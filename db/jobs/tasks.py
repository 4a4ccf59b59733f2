"""What a worker can do, and how it goes on when that fails."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import random
from typing import Final, NamedTuple

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate import jobs as procrastinate_jobs

FIRST_PAUSE: Final = timedelta(seconds=30)
"""Before the second attempt; each pause after it is twice as long, up to LONGEST_PAUSE."""
LONGEST_PAUSE: Final = timedelta(hours=2)


class Refused(Exception):
    """The job cannot be done, now or later; the message says why, and names nobody."""


class Job(NamedTuple):
    """A job under way: its id, and the how-manieth attempt this is, from 1."""

    id: int
    attempt: int


@dataclass(frozen=True, slots=True)
class Task:
    """Jobs of this name, and what does one, given its arguments.

    A job may be done more than once: when its worker died before it could say that it was done. What
    raises is tried again, `attempts` times in all, unless it raises Refused. With `cron` (five fields,
    UTC) there is such a job without arguments at these times.
    """

    name: str
    do: Callable[..., Awaitable[None]]
    attempts: int = 1
    cron: str | None = None


class Backoff(BaseRetryStrategy):
    """`attempts` in all, later and later; at once, and for free, where the worker had to stop."""

    def __init__(self, attempts: int) -> None:
        self._attempts = attempts

    def get_retry_decision(
        self, *, exception: BaseException, job: procrastinate_jobs.Job
    ) -> RetryDecision | None:
        """When to try again; None for never."""
        if isinstance(exception, asyncio.CancelledError):
            return RetryDecision(retry_at=datetime.now(UTC))
        if isinstance(exception, Refused) or job.attempts + 1 >= self._attempts:
            return None
        return RetryDecision(retry_at=datetime.now(UTC) + pause_after(job.attempts + 1))


def pause_after(attempt: int) -> timedelta:
    """How long to wait after the how-manieth attempt, give or take a tenth."""
    pause: timedelta = min(FIRST_PAUSE * 2 ** min(attempt - 1, 20), LONGEST_PAUSE)
    return pause * (0.9 + 0.2 * random())  # noqa: S311 - it only spreads them
