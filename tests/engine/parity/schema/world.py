"""The context of the test schema: a world in which everything follows from a seed, mishaps included."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast
from zlib import crc32

import strawberry
from graphql import GraphQLError

T = TypeVar("T")
Mishap = Callable[[str], Any]


class Nonsense:
    """A value that no type expects."""

    def __repr__(self) -> str:
        return "nonsense"


def raised(what: str) -> Any:
    raise ValueError(f"{what} failed")


def raised_with_code(what: str) -> Any:
    raise GraphQLError(f"{what} is ill-fated", extensions={"code": "ILL_FATED", "what": what})


def returned(what: str) -> Any:
    return ValueError(f"{what} was returned")


def returned_with_code(what: str) -> Any:
    return GraphQLError(f"{what} was returned", extensions={"code": "RETURNED"})


def missing(what: str) -> Any:
    return None


def nonsense(what: str) -> Any:
    return Nonsense()


MISHAPS: list[Mishap] = [
    raised,
    raised_with_code,
    returned,
    returned_with_code,
    missing,
    nonsense,
]
QUIET_MISHAPS = MISHAPS[2:]


@dataclass
class World:
    """One run's context. Of 1,000 values, `mishaps` come to grief; the same ones in each run."""

    seed: int = 0
    mishaps: int = 0
    calls: Counter[tuple[str | int, ...]] = field(default_factory=Counter)
    log: list[str] = field(default_factory=list)
    batches: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)
    loaders: dict[str, Any] = field(default_factory=dict)
    characters: dict[int, Any] = field(default_factory=dict)

    def fate(self, *key: object) -> int:
        """A number that depends on the seed and the key alone."""
        return crc32(repr((self.seed, *key)).encode())

    def strikes(self, *key: object) -> bool:
        """Whether this value comes to grief."""
        return self.fate("strikes", *key) % 1000 < self.mishaps

    def lived(self, value: T, *key: object, mishaps: Sequence[Mishap] = MISHAPS) -> T:
        """The value, or what becomes of it, which need not be of the value's type."""
        if not self.strikes(*key):
            return value
        mishap = mishaps[self.fate("which", *key) % len(mishaps)]
        return cast(T, mishap(":".join(map(str, key))))

    def stored(self, value: T, *key: object) -> T:
        """The value, or what becomes of it without anything being raised."""
        return self.lived(value, *key, mishaps=QUIET_MISHAPS)


Info = strawberry.Info[World, Any]


def called(info: Info) -> World:
    """Counts the call of a resolver at its path, and gives the world."""
    info.context.calls[tuple(info.path.as_list())] += 1
    return info.context
