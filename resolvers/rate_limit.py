"""How much a client may ask for."""

from datetime import UTC, datetime

import strawberry

from resolvers.context import Info
from resolvers.fields import field


@strawberry.type(description="What an operation costs, and what its client may still ask for.")
class RateLimit:
    cost: int = strawberry.field(description="What this operation costs at most, in points.")
    limit: int = strawberry.field(description="How many points there are for a minute.")
    remaining: int = strawberry.field(description="How many of them are left.")
    reset_at: datetime = strawberry.field(description="When all of them are there again.")


@strawberry.type
class RateLimitQuery:
    @field("What this operation costs, and what is left; null where nothing is limited.")
    def rate_limit(self, info: Info) -> RateLimit | None:
        budget = info.context.exchange.budget
        if budget is None:
            return None
        reset_at = datetime.fromtimestamp(budget.reset_at, UTC).replace(microsecond=0)
        return RateLimit(
            cost=budget.cost,
            limit=budget.limit,
            remaining=budget.remaining,
            reset_at=reset_at,
        )
