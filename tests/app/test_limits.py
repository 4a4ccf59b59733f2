"""Each setting for what a request may have at most, through the whole application."""

from typing import Any

import httpx
import pytest
import strawberry

from app.main import create_app
from app.settings import Settings
from db.database import Database

SUM = "query ($of: [Int!]!) { sum(of: $of) }"


@strawberry.type
class Query:
    @strawberry.field
    def self(self) -> "Query":
        return Query()

    @strawberry.field
    def sum(self, of: list[int]) -> int:
        return sum(of)


async def post(source: str, variables: Any = None, **settings: Any) -> tuple[int, Any]:
    unreachable = Database("postgresql+psycopg://nobody@127.0.0.1:1/none")
    app = create_app(Settings(**settings), unreachable, schema=strawberry.Schema(Query))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://masthead.test") as client:
        headers = {"Accept": "application/graphql-response+json"}
        body = {"query": source, "variables": variables}
        response = await client.post("/graphql", json=body, headers=headers)
    return response.status_code, response.json()


@pytest.mark.parametrize(
    ("setting", "code", "source", "variables", "needed"),
    [
        ("max_document_length", "LENGTH", "{ self { __typename } }", None, 23),
        ("max_tokens", "TOKEN", "{ self { __typename } }", None, 6),
        ("max_definitions", "DEFINITION", "{ ...A } fragment A on Query { __typename }", None, 2),
        ("max_depth", "DEPTH", "{ self { self { __typename } } }", None, 3),
        ("max_aliases", "ALIAS", "{ a: __typename b: __typename }", None, 2),
        (
            "max_directives",
            "DIRECTIVE",
            "{ __typename @skip(if: false) @include(if: true) }",
            None,
            2,
        ),
        ("max_root_fields", "ROOT_FIELD", "{ __typename sum(of: [1]) }", None, 2),
        ("max_cost", "COST", "{ self { self { __typename } } }", None, 5),
        ("max_variable_values", "VARIABLE_VALUE", SUM, {"of": [1, 2]}, 3),
    ],
)
async def test_a_request_may_have_so_much_and_no_more(
    setting: str, code: str, source: str, variables: Any, needed: int
) -> None:
    status, body = await post(source, variables, **{setting: needed})
    assert (status, body.keys()) == (200, {"data"})
    status, body = await post(source, variables, **{setting: needed - 1})
    (error,) = body.pop("errors")
    assert (status, body) == (400, {})
    assert error["extensions"] == {
        "code": f"{code}_LIMIT_EXCEEDED",
        "limit": needed - 1,
        "actual": needed,
    }
