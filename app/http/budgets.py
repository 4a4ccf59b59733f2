"""How much each client may ask for: points of cost a minute, and calls of what invites guessing.

Points are counted in a sliding window (`limits`), in memory, or in a Valkey that several servers share.
While that is away each server counts for itself: a client may then have a little more, and no request
fails for it.
"""

import time
from collections.abc import Mapping
from math import ceil
from typing import Any, Final

import structlog
from graphql import DocumentNode, GraphQLError, OperationDefinitionNode
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import StorageError

from app.settings import Settings
from db.errors import RateLimited
from db.viewer import network_of
from engine.operations import root_fields
from resolvers.context import Budget, Context

WINDOW: Final = 60
"""Seconds."""
FAILURE: Final = 10
"""Points for a request that fails before it runs: reading it has cost us something, too."""
RETRY: Final = 5.0
"""Seconds until a Valkey that was away is asked again."""

THROTTLES: Final[Mapping[str, int]] = {
    "completeSignIn": 60,
    "finishPasskeySignIn": 60,
    "refreshSession": 120,
    "requestPasswordReset": 30,
    "resetPassword": 30,
    "resumeSignIn": 60,
    "searchPostsOfPublication": 300,
    "signIn": 60,
    "signUp": 30,
    "startPasskeySignIn": 60,
    "verifyEmail": 60,
}
"""How often a network address may ask for these root fields in a minute, each alias counted."""

log = structlog.get_logger(__name__)


class Budgets:
    """Charges clients; `engine.meter.Meter`."""

    def __init__(self, settings: Settings) -> None:
        self._anonymous = _points(settings.budget_anonymous)
        self._viewer = _points(settings.budget_viewer)
        self._key = _points(settings.budget_key)
        self._spares_this_machine = settings.in_development
        self._memory = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._shared = _shared(settings.valkey_url)
        self._away_until = 0.0

    async def charge(self, context: Context, cost: int) -> GraphQLError | None:
        """Takes the points of an operation; an error when there are not so many left."""
        who, item = self._whose(context)
        if item is None:
            return None
        limit = item.amount
        allowed = await self._hit(item, who, max(1, cost))
        reset_at, remaining = await self._left(item, who)
        context.exchange.budget = Budget(cost, limit, remaining, reset_at)
        if allowed:
            return None
        seconds = max(1, ceil(reset_at - time.time()))
        message = f"The budget of {limit:,} points a minute is used up."
        return GraphQLError(message, original_error=RateLimited(message, seconds))

    async def settle(self, context: Context, cost: int) -> None:
        """Gives back what an operation cost less than it might have."""
        budget = context.exchange.budget
        who, item = self._whose(context)
        if budget is None or item is None or cost >= budget.cost:
            return
        await self._hit(item, who, cost - budget.cost)
        remaining = min(item.amount, budget.remaining + budget.cost - cost)
        context.exchange.budget = budget._replace(remaining=remaining)

    async def throttle(
        self, context: Context, document: DocumentNode, operation: OperationDefinitionNode
    ) -> None:
        """Counts the calls of root fields. Raises RateLimited when there are too many."""
        address = context.client.address
        if self._is_spared(address):
            return
        fields = root_fields(document, operation)
        for name in sorted(set(fields) & THROTTLES.keys()):
            await self.throttle_calls(name, THROTTLES[name], address, fields.count(name))

    async def throttle_calls(
        self, name: str, most: int, address: str | None, calls: int = 1
    ) -> None:
        """Counts calls by a network address. Raises RateLimited when they are too many for a minute."""
        if self._is_spared(address):
            return
        item = RateLimitItemPerMinute(most, namespace=name)
        if not await self._hit(item, network_of(address), calls):
            raise RateLimited(f"Too many calls of {name}: try again later.", WINDOW)

    def _whose(self, context: Context) -> tuple[str, RateLimitItem | None]:
        """Whose budget it is, and how large; None where nothing is limited."""
        viewer, address = context.viewer, context.client.address
        if viewer is not None:
            return (viewer.key_id, self._key) if viewer.key_id else (viewer.user_id, self._viewer)
        if self._is_spared(address):
            return "", None
        return network_of(address), self._anonymous

    def _is_spared(self, address: str | None) -> bool:
        """In development, programs of this machine."""
        return self._spares_this_machine and address in {None, "127.0.0.1", "::1"}

    async def _hit(self, item: RateLimitItem, who: str, points: int) -> bool:
        shared = self._present()
        if shared is not None:
            try:
                return await shared.hit(item, who, cost=points)
            except StorageError as error:
                self._lose(error)
        return await self._memory.hit(item, who, cost=points)

    async def _left(self, item: RateLimitItem, who: str) -> tuple[float, int]:
        shared = self._present()
        if shared is not None:
            try:
                return await shared.get_window_stats(item, who)
            except StorageError as error:
                self._lose(error)
        return await self._memory.get_window_stats(item, who)

    def _present(self) -> SlidingWindowCounterRateLimiter | None:
        return self._shared if time.monotonic() >= self._away_until else None

    def _lose(self, error: Exception) -> None:
        log.warning("valkey is away: each server counts for itself", cause=str(error))
        self._away_until = time.monotonic() + RETRY


def _points(limit: int) -> RateLimitItem | None:
    return RateLimitItemPerMinute(limit, namespace="points") if limit else None


def headers_of(budget: Budget | None) -> dict[str, str]:
    """RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers-10)."""
    if budget is None:
        return {}
    seconds = max(0, ceil(budget.reset_at - time.time()))
    return {
        "RateLimit-Policy": f'"default";q={budget.limit};w={WINDOW}',
        "RateLimit": f'"default";r={budget.remaining};t={seconds}',
    }


def _shared(url: str | None) -> SlidingWindowCounterRateLimiter | None:
    if url is None:
        return None
    options: dict[str, Any] = {"socket_connect_timeout": 1, "socket_timeout": 1}
    storage = RedisStorage(f"async+{url}", wrap_exceptions=True, implementation="valkey", **options)
    return SlidingWindowCounterRateLimiter(storage)
