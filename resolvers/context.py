"""What a request carries to every resolver."""

from dataclasses import dataclass, field
from typing import NamedTuple

import strawberry

from db.authority import Authority
from db.database import Database
from db.reading import Observer
from db.viewer import Client, Viewer
from engine import Trace
from loaders import Loaders


class Budget(NamedTuple):
    """What this operation costs, and what is left of `limit` points until `reset_at` (seconds, UTC)."""

    cost: int
    limit: int
    remaining: int
    reset_at: float


@dataclass(slots=True)
class Exchange:
    """A request as resolvers know it, and what its response is to do beside carrying the result.

    `trace` is what the engine fills for an explanation; None for most requests. `cookie` is the session
    that the browser is to keep, and for how many seconds. `budget` is what the client may ask for, where
    that is limited. `changed` are the people whose sessions or
    rights have changed, so that nobody remembers the old ones.
    """

    client: Client
    trace: Trace | None = None
    cookie: tuple[str, int] | None = None
    budget: Budget | None = None
    changed: set[str] = field(default_factory=set)


class Context(NamedTuple):
    """`loaders` are the only way to read; `database` is for the writes of mutations.

    `signing` is None where nobody can sign in, as under a test's own schema.
    """

    viewer: Viewer | None
    loaders: Loaders
    database: Database
    signing: Authority | None
    exchange: Exchange

    @property
    def authority(self) -> Authority:
        """Who says who somebody is."""
        if self.signing is None:
            raise RuntimeError("nobody can sign in here")
        return self.signing

    @property
    def client(self) -> Client:
        """Who sent the request."""
        return self.exchange.client

    @property
    def trace(self) -> Trace | None:
        """What the engine records of the execution."""
        return self.exchange.trace


class Info(strawberry.Info[Context, None]):
    """The execution's info, with our context in it."""


def make_context(
    database: Database,
    viewer: Viewer | None,
    exchange: Exchange,
    authority: Authority | None = None,
    deadline: float | None = None,
    observer: Observer | None = None,
) -> Context:
    """A context for one request: its loaders remember what they have read until it ends.

    What they have not read by `deadline`, on the running loop's clock, fails with Timeout. The
    observer is called for the statements that travel together.
    """
    loaders = Loaders(database, viewer, deadline, observer)
    return Context(viewer, loaders, database, authority, exchange)
