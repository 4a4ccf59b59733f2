"""What the fields of the schema say of themselves: what they read exists, and lists have a size."""

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import GraphQLField, GraphQLList, GraphQLObjectType, get_named_type, is_leaf_type
from strawberry.types.field import StrawberryField

from engine.cost import ListSize
from engine.fields import DECLARATION, Batched, Column, Reads, Same
from engine.records import columns_of
from resolvers.schema import schema

Field = tuple[GraphQLObjectType, str, GraphQLField]


def fields() -> Iterator[Field]:
    for type_ in schema._schema.type_map.values():
        if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__"):
            yield from ((type_, name, field) for name, field in type_.fields.items())


def strawberry_field(field: GraphQLField) -> StrawberryField:
    found: StrawberryField = field.extensions["strawberry-definition"]
    return found


def row_of(type_: Any) -> type | None:
    row: type | None = getattr(type_.extensions["strawberry-definition"].origin, "row", None)
    return row


def reads(field: GraphQLField, prefix: str = "") -> Iterator[str]:
    """The columns that a field reads of its parent, be it through types that are the parent itself."""
    own = strawberry_field(field)
    match own.metadata.get(DECLARATION):
        case Column(name):
            yield prefix + name
        case Reads(names):
            yield from (prefix + name for name in names)
        case Batched(reads=names):
            assert names is not None, own.name
            yield from (prefix + name for name in names)
        case Same(inner, unless):
            yield from [prefix + unless] if unless else []
            same: Any = get_named_type(field.type)
            if row_of(same) is None:
                yield from (
                    name for each in same.fields.values() for name in reads(each, prefix + inner)
                )
        case None:
            assert own.is_basic_field, own.name
            yield prefix + own.python_name


ROWS = [each for each in fields() if row_of(each[0]) is not None]


@pytest.mark.parametrize("field", ROWS, ids=lambda each: f"{each[0].name}.{each[1]}")
def test_fields_of_rows_say_what_they_read_of_them(field: Field) -> None:
    type_, _, definition = field
    row = row_of(type_)
    assert row is not None
    assert set(reads(definition)) <= set(columns_of(row))


def lists(type_: Any) -> bool:
    while hasattr(type_, "of_type"):
        if isinstance(type_, GraphQLList):
            return not is_leaf_type(get_named_type(type_))
        type_ = type_.of_type
    return False


def size_of(field: GraphQLField) -> ListSize | None:
    sizes = (each for each in strawberry_field(field).directives if isinstance(each, ListSize))
    return next(sizes, None)


def sized_by_parents() -> set[tuple[str, str]]:
    """The lists in connections, whose sizes stand at the fields that give these."""
    return {
        (get_named_type(field.type).name, name)
        for _, _, field in fields()
        if (size := size_of(field)) is not None
        for name in size.sized_fields or ()
    }


def test_every_list_of_objects_has_a_size_for_the_cost() -> None:
    sized = sized_by_parents()
    assert [
        f"{type_.name}.{name}"
        for type_, name, field in fields()
        if lists(field.type) and size_of(field) is None and (type_.name, name) not in sized
    ] == []
