"""Lists and nulls: from the values of a field to the objects in them, and back to completed values."""

from collections.abc import Callable, Iterator
from itertools import accumulate, chain, pairwise
from types import NoneType
from typing import Any, NamedTuple

from graphql import (
    GraphQLError,
    GraphQLNamedOutputType,
    GraphQLOutputType,
    Undefined,
    is_list_type,
    is_non_null_type,
)
from graphql.pyutils import is_iterable

Values = list[Any]

LISTS = frozenset({list, tuple})


class Irregular(Exception):
    """A value is not as its type says: it takes a careful look to tell what is wrong, and where."""


class Shape(NamedTuple):
    """The wrappers around a named type, from the outside in.

    `required[0]` tells whether the value may not be null, `required[n]` the same of the items of the
    n-th list; `depth` is how many lists there are within each other.
    """

    required: tuple[bool, ...]
    depth: int

    def flatten(self, values: Values, kinds: set[type]) -> tuple[Values, set[type]]:
        """All objects in the values, in order, and their classes; `kinds` are the classes of the values.

        Raises Irregular for what is not as it should be.
        """
        values = _present(values, kinds, self.required[0])
        for required in self.required[1:]:
            if not kinds <= LISTS:
                raise Irregular
            values = list(chain.from_iterable(values))
            kinds = set(map(type, values))
            values = _present(values, kinds, required)
        return values, kinds

    def wrap(self, values: Values, items: Values) -> Values:
        """The values with each of their objects replaced by the next of `items`."""
        if self.depth == 0:
            return items if len(items) == len(values) else _fill(values, items)
        if self.depth == 1 and None not in values:
            ends = [*accumulate(map(len, values), initial=0)]
            if ends[-1] == len(items):
                return [items[start:end] for start, end in pairwise(ends)]
        return replace(values, iter(items), self.depth + 1)

    def is_regular(self, values: Values, objects: int) -> bool:
        """Whether there are so many objects in the values, and no null or failure where none may be."""
        try:
            return len(self.flatten(values, set(map(type, values)))[0]) == objects
        except Irregular:
            return False


def shape_of(type_: GraphQLOutputType) -> tuple[Shape, GraphQLNamedOutputType]:
    """The wrappers of a type, and the named type inside."""
    required = []
    while True:
        required.append(is_non_null_type(type_))
        inner: Any = type_.of_type if is_non_null_type(type_) else type_
        if not is_list_type(inner):
            return Shape(tuple(required), len(required) - 1), inner
        type_ = inner.of_type


def _present(values: Values, kinds: set[type], required: bool) -> Values:
    """The values but nulls; `kinds`, their classes, are changed to be of those left."""
    if NoneType not in kinds:
        return values
    if required:
        raise Irregular
    kinds.discard(NoneType)
    return [value for value in values if value is not None]


def _fill(values: Values, items: Values) -> Values:
    rest = iter(items)
    return [None if value is None else next(rest) for value in values]


def replace(values: Values, items: Iterator[Any], depth: int) -> Values:
    """Nested lists, `depth` deep, with each object replaced by the next item; the rest stays."""
    if depth == 1:
        return [value if is_absent(value) else next(items) for value in values]
    return [value if is_absent(value) else replace(value, items, depth - 1) for value in values]


def is_absent(value: Any) -> bool:
    """Whether there is no object in a value: it is null, or the failure to get it."""
    return value is None or isinstance(value, Exception)


def materialise(value: Any, lists: int) -> Any:
    """Iterables of other kinds as lists, so that they are gone through once only."""
    if lists == 0 or not is_iterable(value):
        return value
    try:
        return [materialise(item, lists - 1) for item in value]
    except Exception as error:
        return error


def sift(value: Any, lists: int, field: str, found: Callable[[Any], None]) -> Any:
    """A value of `lists` nested lists as lists of its own, failures in the places of what is not right.

    Every object in it is given to `found`, in order. `field` names the field in messages.
    """
    if value is None or value is Undefined:
        return None
    if isinstance(value, Exception):
        return value
    if lists == 0:
        found(value)
        return value
    if not is_iterable(value):
        return GraphQLError(f"Expected Iterable, but did not find one for field '{field}'.")
    return [sift(item, lists - 1, field, found) for item in value]


def places(values: Values, lists: int) -> Iterator[tuple[int, ...]]:
    """For each object in the values, in order: the value that it is in, and its indexes in the lists."""
    for index, value in enumerate(values):
        if is_absent(value):
            continue
        if lists == 0:
            yield (index,)
        else:
            yield from ((index, *rest) for rest in places(value, lists - 1))
