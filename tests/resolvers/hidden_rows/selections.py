"""Questions made from the schema: everything about an object, and one field with one argument."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
    is_list_type,
    is_required_argument,
    is_required_input_field,
)
from graphql.type import get_nullable_type

from resolvers.schema import schema
from tests.loaders.rows import numbered
from tests.resolvers.hidden_rows.blog import BLOG, SEEN

GRAPHQL: Final = schema._schema

PUBLICATION: Final = f'publication(id: "{BLOG["id"]}")'


def of_node(type_: str, *ids: str) -> str:
    listed = ", ".join(f'"{each}"' for each in ids)
    return f"nodes(ids: [{listed}]) {{ ... on {type_} {{ %s }} }}"


PLACES: Final = {
    "Query": "%s",
    "MyUser": "me { %s }",
    "Publication": PUBLICATION + " { %s }",
    "PublicationInvite": PUBLICATION + " { invites { %s } }",
    "Post": of_node("Post", numbered("post", SEEN)),
    "Draft": of_node("Draft", numbered("draft", SEEN)),
    "Comment": of_node("Comment", numbered("comment", SEEN)),
    "Series": of_node("Series", numbered("series", 0)),
    "Tag": of_node("Tag", numbered("tag", 0)),
    "User": of_node("User", *[numbered("user", n) for n in range(4)]),
}
"""Where an object of the type is found that everybody sees; `%s` stands for a selection of it."""

DEFAULTS: Final = {
    "page": "1",
    "pageSize": "50",
    "publicationId": f'"{BLOG["id"]}"',
    "relative": "LAST_N_YEARS",
    "n": "100",
}
"""Arguments that a field cannot do without, and that name nothing hidden."""

NAMELESS: Final = {
    "Boolean": ("true",),
    "DateTime": ('"2026-01-01T00:00:00Z"',),
    "Int": ("1",),
}
"""Scalars that name nothing, with a value."""

Argument = GraphQLArgument | GraphQLInputField


def is_required(argument: Argument) -> bool:
    if isinstance(argument, GraphQLArgument):
        return is_required_argument(argument)
    return is_required_input_field(argument)


def value(name: str, argument: Argument, path: list[str], wanted: str) -> str:
    """The argument's value, with the wanted one at the path in it."""
    type_ = get_named_type(argument.type)
    listed = is_list_type(get_nullable_type(argument.type))
    if isinstance(type_, GraphQLInputObjectType):
        made = f"{{ {', '.join(pairs(type_.fields, path, wanted))} }}"
    else:
        made = wanted if path == [] else DEFAULTS[name]
    return f"[{made}]" if listed else made


def pairs(arguments: dict[str, Any], path: list[str], wanted: str) -> Iterator[str]:
    """The arguments that are needed, and that at whose path the wanted value stands."""
    for name, argument in arguments.items():
        if path[:1] == [name]:
            yield f"{name}: {value(name, argument, path[1:], wanted)}"
        elif is_required(argument):
            yield f"{name}: {value(name, argument, ['elsewhere'], wanted)}"


def called(name: str, field: GraphQLField, path: list[str], wanted: str = "") -> str:
    given = ", ".join(pairs(field.args, path, wanted))
    return f"{name}({given})" if given else name


def answerable(field: GraphQLField) -> bool:
    """Whether the field needs no argument that names something."""
    return all(
        name in DEFAULTS or isinstance(get_named_type(each.type), GraphQLInputObjectType)
        for name, each in field.args.items()
        if is_required_argument(each)
    )


def selection(type_: Any, depth: int) -> str:
    """All fields of the type, and of what they lead to, so many levels down."""
    if isinstance(type_, GraphQLUnionType):
        parts = (f"... on {each.name} {{ {selection(each, depth)} }}" for each in type_.types)
        return f"__typename {' '.join(parts)}"
    if type_.name == "Node":
        return "__typename id"
    return f"__typename {' '.join(selected(type_, depth))}"


def selected(type_: GraphQLObjectType | GraphQLInterfaceType, depth: int) -> Iterator[str]:
    for name, field in type_.fields.items():
        inner = get_named_type(field.type)
        if not answerable(field) or (type_.name == "Query" and name == "rateLimit"):
            continue
        # Two types of a union may have a field of one name that is null in one of them only.
        label = f"{type_.name}_{name}: {called(name, field, [])}"
        if is_leaf_type(inner):
            yield label
        elif depth > 0:
            yield f"{label} {{ {selection(inner, depth - 1)} }}"


def identity(type_: Any) -> str:
    """What tells objects of the type apart; of a list also its size and its places."""
    if "id" in type_.fields:
        return "id"
    inner = {name: get_named_type(field.type) for name, field in type_.fields.items()}
    return " ".join(
        name if is_leaf_type(each) else f"{name} {{ {identity(each)} }}"
        for name, each in inner.items()
        if answerable(type_.fields[name])
    )


def asked_with(coordinate: str, wanted: str) -> str:
    """A query for the field, with this value of the argument: `Type.field(argument.of.input)`."""
    place, path = coordinate.rstrip(")").split("(")
    type_name, name = place.split(".")
    owner = GRAPHQL.type_map[type_name]
    assert isinstance(owner, GraphQLObjectType)
    field = owner.fields[name]
    inner = get_named_type(field.type)
    rest = "" if is_leaf_type(inner) else f" {{ {identity(inner)} }}"
    asked = f"{type_name}_{name}: {called(name, field, path.split('.'), wanted)}{rest}"
    return f"{{ {PLACES[type_name] % asked} }}"


def everything_of(type_name: str, depth: int) -> str:
    """A query for all of an object of the type."""
    return f"{{ {PLACES[type_name] % selection(GRAPHQL.type_map[type_name], depth)} }}"


def object_types() -> list[GraphQLObjectType]:
    return [
        each
        for each in GRAPHQL.type_map.values()
        if isinstance(each, GraphQLObjectType) and not each.name.startswith("__")
    ]


def arguments_that_name(types: Iterable[GraphQLObjectType]) -> set[str]:
    """The coordinates of all arguments that may name a row, at the fields of these types."""
    return {coordinate for coordinate, type_ in arguments_of(types) if not values_of(type_)}


def choices(types: Iterable[GraphQLObjectType]) -> Iterator[tuple[str, str]]:
    """The coordinates of all other arguments, with a value each, or with each value of an enum."""
    for coordinate, type_ in arguments_of(types):
        yield from ((coordinate, each) for each in values_of(type_))


def arguments_of(types: Iterable[GraphQLObjectType]) -> Iterator[tuple[str, Any]]:
    for type_ in types:
        for name, field in type_.fields.items():
            for path, leaf in leaves(field.args):
                yield f"{type_.name}.{name}({path})", leaf


def leaves(arguments: dict[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, argument in arguments.items():
        type_ = get_named_type(argument.type)
        if isinstance(type_, GraphQLInputObjectType):
            yield from leaves(type_.fields, f"{above}{name}.")
        else:
            yield f"{above}{name}", type_


def values_of(type_: Any) -> Sequence[str]:
    """Values of a type that names nothing; none of a type that may."""
    return [*type_.values] if isinstance(type_, GraphQLEnumType) else NAMELESS.get(type_.name, ())


def to_be_read() -> set[str]:
    """The coordinates of all fields that can be reached from Query."""
    found: dict[str, GraphQLObjectType] = {}
    waiting: list[Any] = [GRAPHQL.query_type]
    while waiting:
        type_ = waiting.pop()
        if isinstance(type_, (GraphQLInterfaceType, GraphQLUnionType)):
            waiting += GRAPHQL.get_possible_types(type_)
        elif isinstance(type_, GraphQLObjectType) and type_.name not in found:
            found[type_.name] = type_
            waiting += [get_named_type(each.type) for each in type_.fields.values()]
    return {f"{type_.name}.{name}" for type_ in found.values() for name in type_.fields}


def fields_of(query: str) -> set[str]:
    """The coordinates that a query of this module selects."""
    return {".".join(each) for each in re.findall(r"\b([A-Z]\w*?)_(\w+): ", query)}
