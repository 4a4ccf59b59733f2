import asyncio
import weakref
from itertools import count
from typing import Any

import pytest
from graphql import DocumentNode, OperationDefinitionNode, build_schema, get_introspection_query

from engine.aside import LONGEST_AT_ONCE, Aside
from engine.cache import Cache
from engine.documents import LONGEST_CACHED, Documents
from engine.limits import Limits
from engine.rules import MAX_COMPARISONS

SCHEMA = build_schema(
    "type Query { hello(name: String, of: In): String, self: Query } input In { number: Int }"
)


def padded(length: int) -> str:
    return "{ hello } #".ljust(length, "x")


def refusal(source: str, limits: Limits) -> tuple[Any, ...]:
    (error,) = Documents(SCHEMA, limits).prepare(source).errors
    return error.extensions, error.locations


def test_a_document_is_prepared_once() -> None:
    documents = Documents(SCHEMA)
    assert documents.prepare("{ hello }") is documents.prepare("{ hello }")
    assert documents.prepare("{ hello }") is not documents.prepare("{hello}")


def test_a_refusal_is_prepared_once() -> None:
    documents = Documents(SCHEMA)
    assert documents.prepare("{ missing }") is documents.prepare("{ missing }")


def test_a_long_document_is_not_kept() -> None:
    documents = Documents(SCHEMA)
    assert documents.prepare(padded(LONGEST_CACHED)) is documents.prepare(padded(LONGEST_CACHED))
    long = padded(LONGEST_CACHED + 1)
    assert documents.prepare(long) is not documents.prepare(long)


def test_refusals_do_not_drive_out_what_can_be_executed() -> None:
    documents = Documents(SCHEMA)
    kept = documents.prepare("{ hello }")
    refused = documents.prepare("{ missing }")
    for number in range(1_001):
        documents.prepare(f"{{ missing{number} }}")
    assert documents.prepare("{ hello }") is kept
    assert documents.prepare("{ missing }") is not refused


def test_the_least_recently_used_leaves_first() -> None:
    cache: Cache[str, int] = Cache(10)
    for value, text in enumerate(["aaaa", "bbbb"]):
        cache.put(text, value, len(text))
    assert cache.get("aaaa") == 0
    cache.put("cccc", 2, 4)
    assert [cache.get(text) for text in ("aaaa", "bbbb", "cccc")] == [0, None, 2]


def test_what_is_too_large_is_not_kept_and_drives_out_nothing() -> None:
    cache: Cache[str, int] = Cache(10)
    cache.put("a" * 10, 0, 10)
    cache.put("b" * 11, 1, 11)
    assert (cache.get("a" * 10), cache.get("b" * 11)) == (0, None)


def test_short_texts_are_bounded_in_number() -> None:
    cache: Cache[str, int] = Cache(100_000)
    for number in range(1_001):
        cache.put(str(number), number, 1)
    assert (cache.get("0"), cache.get("1"), cache.get("1000")) == (None, 1, 1000)


def test_a_refusal_keeps_nothing_of_the_document() -> None:
    document = Documents(SCHEMA).prepare("{ hello { a } missing }")
    assert [error.locations for error in document.errors] == [[(1, 9)], [(1, 15)]]
    assert document.ast.definitions == ()
    assert {error.nodes for error in document.errors} == {None}
    assert {error.source for error in document.errors} == {None}
    assert {error.__traceback__ for error in document.errors} == {None}


@pytest.mark.parametrize("source", ["{", "", "{ hello(", '{ hello(name: "x) }', "\ud800"])
def test_what_cannot_be_parsed(source: str) -> None:
    (error,) = Documents(SCHEMA).prepare(source).errors
    assert error.message.startswith("Syntax Error: ")
    assert error.extensions == {"code": "GRAPHQL_PARSE_FAILED"}
    assert error.locations


def test_a_text_cannot_pass_for_a_limit() -> None:
    source = '{ "Document contains more than 5 tokens. Parsing aborted." }'
    (error,) = Documents(SCHEMA).prepare(source).errors
    assert error.extensions == {"code": "GRAPHQL_PARSE_FAILED"}


def test_what_is_not_valid() -> None:
    (error,) = Documents(SCHEMA).prepare("{ helo }").errors
    assert (
        error.message
        == "Cannot query field 'helo' on type 'Query'. Did you mean 'hello' or 'self'?"
    )
    assert error.extensions == {"code": "GRAPHQL_VALIDATION_FAILED"}


def test_many_errors_are_not_all_named() -> None:
    source = "{ self {" + " ".join(f"missing{i}" for i in range(100)) + "} }"
    errors = Documents(SCHEMA).prepare(source).errors
    assert len(errors) == 21
    assert errors[20].message.startswith("Too many validation errors")
    assert {(error.extensions or {})["code"] for error in errors} == {"GRAPHQL_VALIDATION_FAILED"}


def test_few_invalid_values_are_named() -> None:
    source = "{ self { hello(of: {" + " ".join(f"a{i}: 1" for i in range(100)) + "}) } }"
    errors = Documents(SCHEMA).prepare(source).errors
    assert [error.message for error in errors[3:]] == [
        "Too many invalid values. Validation aborted."
    ]


@pytest.mark.parametrize(
    ("limits", "source"),
    [
        (Limits(document_length=9), "{ hello }"),
        (Limits(tokens=3), "#\n#\n#\n{ hello }"),
        (Limits(depth=2), "{ self { hello } }"),
    ],
)
def test_what_just_keeps_the_limits(limits: Limits, source: str) -> None:
    assert Documents(SCHEMA, limits).prepare(source).errors == ()


@pytest.mark.parametrize(
    ("limits", "source", "code", "numbers", "place"),
    [
        (Limits(document_length=8), "{\n hello }", "LENGTH", (8, 10), (2, 7)),
        (Limits(tokens=2), "{ hello }", "TOKEN", (2, 3), (1, 9)),
        (Limits(tokens=3), "#\n#\n#\n#\n{ hello }", "COMMENT", (3, 4), (4, 1)),
        (Limits(depth=1), "{ self { hello } }", "DEPTH", (1, 2), (1, 10)),
        (Limits(depth=1), "{ self { missing } }", "DEPTH", (1, 2), (1, 10)),
    ],
)
def test_a_limit_exceeded(
    limits: Limits, source: str, code: str, numbers: tuple[int, int], place: tuple[int, int]
) -> None:
    limit, actual = numbers
    extensions = {"code": f"{code}_LIMIT_EXCEEDED", "limit": limit, "actual": actual}
    assert refusal(source, limits) == (extensions, [place])


def test_nesting_is_limited_before_parsing_recurses() -> None:
    extensions, locations = refusal("{self" * 900 + "}" * 900, Limits(depth=None))
    assert extensions == {"code": "NESTING_LIMIT_EXCEEDED", "limit": 200, "actual": 201}
    assert locations == [(1, 1001)]


def test_fields_that_are_too_many_to_compare() -> None:
    extensions, locations = refusal("{ self { " + "hello " * 200 + "} }", Limits())
    assert extensions == {
        "code": "COMPARISON_LIMIT_EXCEEDED",
        "limit": MAX_COMPARISONS,
        "actual": MAX_COMPARISONS + 1,
    }
    assert locations == [(1, 3)]


def test_sixty_fragments_may_have_the_same_field() -> None:
    spreads = " ".join(f"...F{i}" for i in range(60))
    bodies = " ".join(f"fragment F{i} on Query {{ hello }}" for i in range(60))
    assert Documents(SCHEMA).prepare(f"{{ self {{ {spreads} }} }} {bodies}").errors == ()


def test_a_trusted_document_has_no_limits() -> None:
    source = "{" + " ".join(f"a{i}: self {{ hello }}" for i in range(400)) + "}"
    documents = Documents(SCHEMA)
    assert documents.prepare(source).errors
    document = documents.trusted(source)
    (operation,) = document.ast.definitions
    assert isinstance(operation, OperationDefinitionNode)
    assert document.errors == ()
    assert document.cost(operation, {}) == 1 + 400 * 2
    assert document.check_cost(operation, {}) is None
    refused = document.check_variables({"a": [1] * 20_000})
    assert refused is not None
    assert refused.extensions == {
        "code": "VARIABLE_VALUE_LIMIT_EXCEEDED",
        "limit": 10_000,
        "actual": 10_001,
    }


def test_a_trusted_document_s_variables_are_limited_as_all_are() -> None:
    document = Documents(SCHEMA, Limits(variable_values=None)).trusted("{ hello }")
    assert document.check_variables({"a": [1] * 20_000}) is None


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (get_introspection_query(), True),
        ('{ __type(name: "Query") { name } }', True),
        ("{ mine: __schema { description } }", True),
        ("{ ...F } fragment F on Query { ... { __schema { description } } }", True),
        ("query A { hello } query B { __schema { description } }", True),
        ("{ __typename self { __typename } }", False),
        ('{ hello(name: "__schema") } # __type', False),
        ("{ __schema: hello __type: self { hello } }", False),
        ("{ __schema ", False),
    ],
)
def test_a_document_knows_whether_it_asks_for_the_schema(source: str, expected: bool) -> None:
    assert Documents(SCHEMA).prepare(source).introspects() is expected


def test_a_trusted_document_must_be_valid() -> None:
    (error,) = Documents(SCHEMA).trusted("{ missing }").errors
    assert error.extensions == {"code": "GRAPHQL_VALIDATION_FAILED"}


def test_introspection_passes() -> None:
    document = Documents(SCHEMA).prepare(get_introspection_query())
    assert document.errors == ()
    assert isinstance(document.ast, DocumentNode)


def test_a_document_driven_out_is_freed() -> None:
    documents = Documents(SCHEMA)
    tree = weakref.ref(documents.prepare("{ hello }").ast)
    for number in range(1_001):
        documents.prepare(f"{{ hello{number}: hello }}")
    assert tree() is None


async def test_a_long_text_is_prepared_in_a_thread_and_once() -> None:
    documents = Documents(SCHEMA)
    for source in (padded(LONGEST_AT_ONCE + 1), "{ missing" + "g" * LONGEST_AT_ONCE + " }"):
        work = asyncio.ensure_future(documents.prepare_aside(source))
        await asyncio.sleep(0)
        assert not work.done()
        assert await work is documents.prepare(source)


async def test_a_long_text_gives_way_at_each_token_and_node(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    aside, calls = Aside(), count()
    monkeypatch.setattr(aside, "give_way", lambda: next(calls))
    source = "{ hello" + " " * LONGEST_AT_ONCE + "}"
    assert (await Documents(SCHEMA, aside=aside).prepare_aside(source)).errors == ()
    # Four tokens, the end one of them; five nodes: document, operation, selections, field, name.
    assert next(calls) == 4 + 5


async def test_a_short_or_known_text_needs_no_thread() -> None:
    documents = Documents(SCHEMA)
    documents.prepare(padded(LONGEST_AT_ONCE + 1))
    for source in (padded(LONGEST_AT_ONCE), padded(LONGEST_AT_ONCE + 1)):
        work = asyncio.ensure_future(documents.prepare_aside(source))
        await asyncio.sleep(0)
        assert work.done()
        assert await work is documents.prepare(source)
