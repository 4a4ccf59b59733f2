"""What connections prepare of their arguments, and share between requests."""

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import GraphQLObjectType, is_required_argument

from engine.fields import DECLARATION
from resolvers.schema import schema

SIZES = {"page": 1, "page_size": 5}


def prepared() -> Iterator[tuple[str, Any, dict[str, int | None]]]:
    """The fields that prepare what their arguments say, and insist on none; with values for these."""
    for type_ in schema._schema.type_map.values():
        for name, field in type_.fields.items() if isinstance(type_, GraphQLObjectType) else ():
            strawberry = field.extensions.get("strawberry-definition")
            declared = strawberry and strawberry.metadata.get(DECLARATION)
            insists = any(map(is_required_argument, field.args.values()))
            if getattr(declared, "prepare", None) and not insists:
                names = [argument.python_name for argument in strawberry.arguments]
                yield f"{type_.name}.{name}", declared.prepare, {n: SIZES.get(n) for n in names}


FIELDS = {name: rest for name, *rest in prepared()}


def test_connections_prepare_their_arguments() -> None:
    assert FIELDS.keys() >= {"Query.feed", "Post.comments", "Comment.replies", "Publication.posts"}


@pytest.mark.parametrize("name", FIELDS)
def test_it_follows_from_the_arguments_alone(name: str) -> None:
    """Not from the time, which differs: two are equal."""
    prepare, given = FIELDS[name]
    assert prepare(**given) == prepare(**given)
