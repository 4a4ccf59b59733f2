"""What a request carries to every resolver."""

from typing import NamedTuple

import strawberry

from db.database import Database
from db.reading import Observer
from db.viewer import Viewer
from engine import Trace
from loaders import Loaders


class Context(NamedTuple):
    """`loaders` are the only way to read; `database` is for the writes of mutations.

    `trace` is what the engine fills for an explanation; None for most requests.
    """

    viewer: Viewer | None
    loaders: Loaders
    database: Database
    request_id: str
    trace: Trace | None


class Info(strawberry.Info[Context, None]):
    """The execution's info, with our context in it."""


def make_context(
    database: Database,
    viewer: Viewer | None,
    request_id: str,
    deadline: float | None = None,
    trace: Trace | None = None,
    observer: Observer | None = None,
) -> Context:
    """A context for one request: its loaders remember what they have read until it ends.

    What they have not read by `deadline`, on the running loop's clock, fails with Timeout. The
    observer is called for the statements that travel together.
    """
    loaders = Loaders(database, viewer, deadline, observer)
    return Context(viewer, loaders, database, request_id, trace)
