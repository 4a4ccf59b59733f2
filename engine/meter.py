"""What an operation's cost means to who asks for it: a budget, a bill."""

from typing import Any, Final, Protocol

from graphql import GraphQLError

EXACT: Final = 1_000
"""The static cost from which on the actual cost is found, too: that takes some time itself."""


class Meter(Protocol):
    """Is told the cost of each operation (`engine.cost`) by the context of its execution."""

    async def charge(self, context: Any, cost: int) -> GraphQLError | None:
        """Before anything runs: the operation's static cost. An error refuses it."""

    async def settle(self, context: Any, cost: int) -> None:
        """Afterwards: the actual cost, of an operation whose static cost is EXACT or more."""
