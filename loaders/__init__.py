"""The only way in which resolvers read: batched, cached for one request, seen by one viewer."""

from collections.abc import Hashable
from functools import cached_property
from typing import Any, TypeVar, cast

from db.database import Database
from db.reading import Observer, Reads
from db.viewer import Viewer
from loaders.base import Loader
from loaders.pages import CountOf, Listing

L = TypeVar("L", bound=Loader[Any])
R = TypeVar("R")


class Loaders:
    """Makes each loader at its first use in a request, and hands out the same one after that.

    Loaders with parameters are one for each combination of them, so parameters are hashable. What has
    to be read after `deadline`, on the running loop's clock, fails with Timeout. The observer is called
    for the statements that travel together.
    """

    def __init__(
        self,
        database: Database,
        viewer: Viewer | None,
        deadline: float | None = None,
        observer: Observer | None = None,
    ) -> None:
        self._database = database
        self._viewer = viewer
        self._deadline = deadline
        self._observer = observer
        self._made: dict[Hashable, Loader[Any]] = {}

    def __call__(self, loader: type[L], *parameters: Hashable) -> L:
        key = (loader, parameters)
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = loader(self._reads, self._viewer, *parameters)
        return cast(L, made)

    @cached_property
    def _reads(self) -> Reads:
        return self._database.reads(self._deadline, self._observer, self._viewer)

    def count(self, listing: Listing[Any]) -> CountOf:
        return self(CountOf, listing)
