"""Leaf values: from what a resolver gave to what stands in the response."""

import types
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Union, get_args, get_origin

from graphql import (
    GRAPHQL_MAX_INT,
    GRAPHQL_MIN_INT,
    GraphQLBoolean,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLOutputType,
    GraphQLString,
    Undefined,
    is_list_type,
    is_non_null_type,
    is_scalar_type,
)

from engine.shapes import Irregular

Completer = Callable[[Any], Any]

# By the identity of a type: the Python class whose values are completed to themselves.
TRIVIAL: dict[int, type] = {id(GraphQLString): str, id(GraphQLID): str, id(GraphQLBoolean): bool}


@lru_cache(maxsize=1024)
def completer(type_: GraphQLOutputType) -> Completer:
    """Completes values of a leaf type in its lists and nulls; raises for whatever is not regular.

    GraphQL specification, section 6.4.3, CompleteValue.
    """
    if is_non_null_type(type_):
        return _required(completer(type_.of_type))
    if is_list_type(type_):
        return _list_of(completer(type_.of_type))
    return _leaf(type_)


def _required(inner: Completer) -> Completer:
    def complete(value: Any) -> Any:
        completed = inner(value)
        if completed is None:
            raise Irregular
        return completed

    return complete


def _list_of(inner: Completer) -> Completer:
    def complete(value: Any) -> Any:
        if value is None:
            return None
        if type(value) is not list and type(value) is not tuple:
            raise Irregular
        return [inner(item) for item in value]

    return complete


def _leaf(type_: Any) -> Completer:
    leaf: GraphQLLeafType = type_
    coerce = leaf.coerce_output_value

    def complete(value: Any) -> Any:
        if value is None:
            return None
        if isinstance(value, Exception) or hasattr(type(value), "__await__"):
            raise Irregular
        completed = coerce(value)
        if completed is None or completed is Undefined:
            raise Irregular
        return completed

    return complete


def coercer(type_: Any) -> Completer:
    """The leaf type's own function from a value to what stands in the response."""
    leaf: GraphQLLeafType = type_
    return leaf.coerce_output_value


def expression(
    type_: GraphQLOutputType, value: str, complete: str, coerce: str, annotation: Any
) -> str:
    """Python source that completes the variable `value`.

    `complete` and `coerce` name the type's `completer` and `coercer`. `annotation` is the Python
    type that the value, a column of a row, is known to have; Any if none is. Such a value is one
    that its scalar can express.
    """
    required = is_non_null_type(type_)
    named: Any = type_.of_type if is_non_null_type(type_) else type_
    if named is GraphQLInt:
        in_range = f"type({value}) is int and {GRAPHQL_MIN_INT} <= {value} <= {GRAPHQL_MAX_INT}"
        return f"{value} if {in_range} else {complete}({value})"
    trivial = TRIVIAL.get(id(named))
    known, nullable = classes(annotation)
    if trivial is None:
        is_column = annotation is not Any and is_scalar_type(named)
        return f"{complete if nullable or not is_column else coerce}({value})"
    if known is trivial and not (required and nullable):
        return value
    return f"{value} if type({value}) is {trivial.__name__} else {complete}({value})"


def classes(annotation: Any) -> tuple[Any, bool]:
    """The class that an annotation `X` or `X | None` means, and whether it allows None."""
    if get_origin(annotation) in (Union, types.UnionType):
        inner = [each for each in get_args(annotation) if each is not type(None)]
        nullable = len(inner) < len(get_args(annotation))
        return (classes(inner[0])[0] if len(inner) == 1 else None), nullable
    return getattr(annotation, "__supertype__", annotation), False
