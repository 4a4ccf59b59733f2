"""When two results of one operation say the same.

Data must be identical, with the same keys in the same order and the same types. Errors must be equal by
path, message, extensions and locations, in any order, but for one freedom: where several fields failed
under a position that became null because of one of them, an executor may name one or several of those.

To say this exactly, a third run tells what could have been named: the same operation in which errors do
not propagate (see tests.engine.parity.oracle), so that each failing field reports its own error. Let the
home of an error be where the data first has a null on the way to its path. An error is a cause if each
position from its path up to below its home is non-null, so that it alone would have made the home null.
Then for each home of errors of the third run:

- what either side names there is possible: the third run has it, and it is named once;
- each side names a cause;
- where the third run has only one error, that is thus the one named.

Errors without a path, of requests that were not executed, have no such freedom; only the codes that the
engine adds to them are left out of account.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from graphql import ExecutionResult, GraphQLError

Path = tuple[str | int, ...]


class Failure(NamedTuple):
    """What a client sees of an error, in a form that can be counted."""

    path: Path | None
    message: str
    extensions: str
    locations: tuple[tuple[int, int], ...]


class Possible(NamedTuple):
    """What can fail in an operation: each field's own error, and which positions are non-null."""

    errors: Counter[Failure]
    non_null: frozenset[Path]


def failure(error: GraphQLError) -> Failure:
    """The client's view of an error."""
    return Failure(
        path=None if error.path is None else tuple(error.path),
        message=error.message,
        extensions=repr(sorted(error.extensions.items()))
        if error.extensions and error.path
        else "",
        locations=tuple((place.line, place.column) for place in error.locations or ()),
    )


def failures(result: ExecutionResult) -> Counter[Failure]:
    """The errors of a result, as a multiset."""
    return Counter(failure(error) for error in result.errors or ())


def differences(stock: ExecutionResult, ours: ExecutionResult, possible: Possible) -> list[str]:
    """What keeps two results from saying the same, for a reader; nothing if they do."""
    return [
        *different_values(stock.data, ours.data, ()),
        *different_errors("stock", failures(stock), stock.data, possible),
        *different_errors("ours", failures(ours), stock.data, possible),
    ]


def same(stock: ExecutionResult, ours: ExecutionResult, possible: Possible) -> bool:
    """Whether two results of one operation say the same."""
    return not differences(stock, ours, possible)


def different_values(stock: Any, ours: Any, path: Path) -> Iterator[str]:
    """Where two values differ in type, in length, in keys and their order, or in what they hold."""
    if type(stock) is not type(ours):
        yield f"{path}: {stock!r} is not of the type of {ours!r}"
    elif isinstance(stock, dict):
        if list(stock) != list(ours):
            yield f"{path}: keys {list(stock)} are not {list(ours)}"
        for key in stock.keys() & ours.keys():
            yield from different_values(stock[key], ours[key], (*path, key))
    elif isinstance(stock, list):
        if len(stock) != len(ours):
            yield f"{path}: {len(stock)} items are not {len(ours)}"
        for index, pair in enumerate(zip(stock, ours, strict=False)):
            yield from different_values(*pair, (*path, index))
    elif repr(stock) != repr(ours):
        yield f"{path}: {stock!r} is not {ours!r}"


def different_errors(
    side: str, named: Counter[Failure], data: Any, possible: Possible
) -> Iterator[str]:
    """What is wrong with the errors that one side names beside this data."""
    for error in named - possible.errors:
        yield f"{side} names what did not fail, or twice: {error}"
    homes = grouped(possible.errors, data)
    for home, errors in homes.items():
        causes = [each for each in errors if is_cause(each, home, possible.non_null)]
        if home is None or not causes:
            yield from (f"{side} leaves out {each}" for each in errors - named)
        elif not any(each in named for each in causes):
            yield f"{side} does not say why {home} is null: {causes}"


def grouped(errors: Counter[Failure], data: Any) -> dict[Path | None, Counter[Failure]]:
    """Errors by their homes."""
    groups: dict[Path | None, Counter[Failure]] = {}
    for error, count in errors.items():
        groups.setdefault(home_of(error.path, data), Counter())[error] = count
    return groups


def home_of(path: Path | None, data: Any) -> Path | None:
    """The first position on the way to a path at which the data is null."""
    if path is None:
        return None
    value = data
    for depth, key in enumerate(path):
        if value is None:
            return path[:depth]
        value = value[key]
    return path


def is_cause(error: Failure, home: Path | None, non_null: Iterable[Path]) -> bool:
    """Whether an error makes its home null: nothing nullable is between the two."""
    if error.path is None or home is None:
        return False
    between = range(len(home) + 1, len(error.path) + 1)
    return all(error.path[:length] in non_null for length in between)
