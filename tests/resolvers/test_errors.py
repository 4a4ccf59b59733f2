"""Whose fault an error is, and what of it a client sees."""

from typing import Any

import pytest
import strawberry

from db.errors import Conflict, FieldError, Invalid, NotFound
from resolvers.errors import MASKED, is_unexpected, present

FAILURES: dict[str, Any] = {
    "bug": KeyError("a secret"),
    "absent": NotFound("There is no such post."),
    "conflict": Conflict("Somebody was faster."),
    "invalid": Invalid("Wrong.", [FieldError(("input", "email"), "No address.")]),
}


@strawberry.type
class Query:
    @strawberry.field
    def fail(self, how: str) -> int | None:
        raise FAILURES[how]

    @strawberry.field
    def large(self) -> int | None:
        return 3_000_000_000

    @strawberry.field
    def taking(self, number: int) -> int | None:
        return number


schema = strawberry.Schema(Query)


async def shown(query: str, **variables: Any) -> dict[str, Any]:
    result = await schema.execute(query, variables)
    assert result.errors is not None
    (error,) = result.errors
    return dict(present(error, "request-1"))


@pytest.mark.parametrize(
    ("how", "message", "extensions"),
    [
        ("bug", MASKED, {"code": "INTERNAL_SERVER_ERROR", "requestId": "request-1"}),
        ("absent", "There is no such post.", {"code": "NOT_FOUND"}),
        ("conflict", "Somebody was faster.", {"code": "CONFLICT"}),
        (
            "invalid",
            "Wrong.",
            {
                "code": "BAD_USER_INPUT",
                "fields": [{"path": ["input", "email"], "message": "No address."}],
            },
        ),
    ],
)
async def test_failures_in_resolvers(how: str, message: str, extensions: dict[str, Any]) -> None:
    error = await shown("query ($how: String!) { fail(how: $how) }", how=how)
    assert error["message"] == message
    assert error["extensions"] == extensions
    assert error["path"] == ["fail"]
    assert "secret" not in str(error)


async def test_a_value_of_ours_that_does_not_fit_is_our_fault() -> None:
    error = await shown("{ large }")
    assert error["message"] == MASKED
    assert error["extensions"]["code"] == "INTERNAL_SERVER_ERROR"


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("query ($n: Int!) { taking(number: $n) }", {"n": "seven"}),
        ("query ($n: Int = 1) { taking(number: $n) }", {"n": None}),
    ],
)
async def test_values_of_the_client_that_do_not_fit_are_the_client_s(
    query: str, variables: dict[str, Any]
) -> None:
    result = await schema.execute(query, variables)
    assert result.errors is not None
    assert not any(map(is_unexpected, result.errors))
    assert (await shown(query, **variables))["extensions"]["code"] == "BAD_USER_INPUT"
