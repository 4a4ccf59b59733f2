"""Every field of a row on its own: what a field reads and does not say is missing then."""

from collections.abc import Iterable

import pytest
from graphql import (
    GraphQLField,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

from db.database import Database
from resolvers.schema import schema
from tests.contract.execution import execute

TYPES = schema._schema.type_map

BLOG = 'publication(host: "wp.test")'
DISCUSSED = 'post(slug: "template-comments")'
SAMPLE = 'publication(host: "sample.masthead.test")'

# Where the sample data have objects of a type.
PLACES = {
    "Comment": f"{BLOG} {{ {DISCUSSED} {{ comments {{ nodes {{ FIELD }} }} }} }}",
    "Draft": 'draft(id: "DRAFT") { FIELD }',
    "Post": "feed(first: 9) { nodes { FIELD } }",
    "PostCommenterEdge": f"{BLOG} {{ {DISCUSSED} {{ commenters {{ edges {{ FIELD }} }} }} }}",
    "PostEdge": "feed(first: 9) { edges { FIELD } }",
    "Preferences": f"{BLOG} {{ preferences {{ FIELD }} }}",
    "Publication": f"a: {BLOG} {{ FIELD }} b: {SAMPLE} {{ FIELD }}",
    "PublicationFeatures": f"{BLOG} {{ features {{ FIELD }} }}",
    "PublicationMember": f"{SAMPLE} {{ publicMembers(page: 1, pageSize: 9) {{ nodes {{ FIELD }} }} }}",
    "PublicationNavbarItem": f"{BLOG} {{ preferences {{ navbarItems {{ FIELD }} }} }}",
    "RedirectionRule": f"{BLOG} {{ redirectionRules {{ FIELD }} }}",
    "Reply": f"{BLOG} {{ {DISCUSSED} {{ comments {{ nodes {{ replies {{ nodes {{ FIELD }} }} }} }} }} }}",
    "Series": f"{SAMPLE} {{ seriesList {{ nodes {{ FIELD }} }} }}",
    "StaticPage": f"{BLOG} {{ staticPages {{ nodes {{ FIELD }} }} }}",
    "Tag": 'tag(slug: "classic") { FIELD }',
    "User": "feed(first: 9) { nodes { author { FIELD } } }",
    "UserPostEdge": "feed { nodes { author { posts(page: 1, pageSize: 9) { edges { FIELD } } } } }",
    "UserPublicationsEdge": "feed { nodes { author { publications { edges { FIELD } } } } }",
}

VALUES = {"page": "1", "pageSize": "9", "slug": '"moving-in"', "filter": "{}"}


def fields(type_: GraphQLObjectType) -> Iterable[str]:
    """A selection for each field, with only the leaves of objects of its type."""
    for name, field in type_.fields.items():
        inner = get_named_type(field.type)
        if is_leaf_type(inner):
            yield called(name, field)
        elif isinstance(inner, GraphQLObjectType):
            leaves = (
                n for n, each in inner.fields.items() if is_leaf_type(get_named_type(each.type))
            )
            yield f"{called(name, field)} {{ __typename {' '.join(leaves)} }}"
        else:
            yield f"{called(name, field)} {{ __typename }}"


def called(name: str, field: GraphQLField) -> str:
    given = [
        f"{name}: {VALUES[name]}" for name, each in field.args.items() if is_required_argument(each)
    ]
    return f"{name}({', '.join(given)})" if given else name


@pytest.fixture
async def draft(imported: str) -> str:
    database = Database(imported)
    async with database.read() as connection:
        result = await connection.exec_driver_sql("select id from drafts where title = 'Draft'")
        identifier: str = result.scalar_one()
    await database.dispose()
    return identifier


@pytest.mark.parametrize("name", PLACES)
async def test_each_field_alone(name: str, imported: str, draft: str) -> None:
    type_ = TYPES[name]
    assert isinstance(type_, GraphQLObjectType)
    database = Database(imported)
    for field in fields(type_):
        query = PLACES[name].replace("DRAFT", draft).replace("FIELD", f"__typename {field}")
        data = await execute(database, f"{{ {query} }}")
        assert f"{{'__typename': '{name}'" in str(data)
    await database.dispose()
