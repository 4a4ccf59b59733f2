"""Costs, against the examples of the specification and the same documents written out."""

from math import ceil
from typing import Annotated, Any

import pytest
import strawberry
from graphql import (
    GraphQLSchema,
    OperationDefinitionNode,
    build_schema,
    get_introspection_query,
    parse,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.cost import Cost, ListSize
from engine.documents import Document, Documents
from engine.limits import Limits
from engine.pricing import price
from engine.weights import Weights
from tests.engine.drawn import SCHEMA as DRAWN
from tests.engine.drawn import Drawn, documents

WEIGHTS = Weights(DRAWN)

DIRECTIVES = """
directive @cost(weight: String!) on
  ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
directive @listSize(
  assumedSize: Int, slicingArguments: [String!], sizedFields: [String!]
  requireOneSlicingArgument: Boolean = true
) on FIELD_DEFINITION
"""


def prepared(schema: GraphQLSchema, source: str) -> tuple[Document, OperationDefinitionNode]:
    document = Documents(schema).trusted(source)
    assert document.errors == ()
    operation = document.ast.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    return document, operation


def cost(schema: GraphQLSchema, source: str, variables: dict[str, Any] | None = None) -> int:
    document, operation = prepared(schema, source)
    return document.cost(operation, variables or {})


def cost_of(sdl: str, source: str, variables: dict[str, Any] | None = None) -> int:
    return cost(build_schema(DIRECTIVES + sdl), source, variables)


PEOPLE = """
type Person { name: String age: Int @cost(weight: "2.0") friend: Person }
type Query {
  me: Person
  people(max: Int = 4, tags: [String!]): [Person] @listSize(slicingArguments: ["max", "tags"])
  everyone: [Person] @listSize(assumedSize: 10)
  some: [Person]
  page(first: Int, last: Int): Page @listSize(
    assumedSize: 3, slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"]
    requireOneSlicingArgument: false
  )
}
type Page { total: Int edges: [Edge] nodes: [Person] info: Info }
type Edge { node: Person }
type Info { more: Boolean }
"""


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        # The query type 1
        ("{__typename}", 1),
        # A field that returns an object 1, the object 1
        ("{me {name}}", 3),
        ("{me {age}}", 5),
        ("{me {friend {name}}}", 5),
        ("{a: me {name} b: me {name}}", 5),
        # The field 1, four people 1 each
        ("{people {name}}", 6),
        ("{people(max: 5) {age}}", 1 + 1 + 5 * (1 + 2)),
        ("{people(max: 0) {age}}", 2),
        ("{people(max: -7) {age}}", 2),
        ("{people(max: 2, tags: []) {name}}", 4),
        ('{people(max: 2, tags: ["a", "b", "c"]) {name}}', 5),
        ("{everyone {friend {name}}}", 1 + 1 + 10 * (1 + 2)),
        ("{some {name}}", 3),
        ("{page {total}}", 3),
        ("{page {info {more}}}", 5),
        ("{page {nodes {name}}}", 3 + 1 + 3),
        ("{page(first: 50) {edges {node {name}}}}", 3 + 1 + 50 * (1 + 2)),
        ("{page(first: 2, last: 5) {nodes {age}}}", 3 + 1 + 5 * (1 + 2)),
        ("{page(first: null) {nodes {name}}}", 3 + 1 + 3),
        ("{page(first: 2) {nodes {name} edges {node {name}}}}", 3 + (1 + 2) + (1 + 2 * 3)),
        ("{page(first: 2) {...F}} fragment F on Page {... {nodes {name}}}", 3 + 1 + 2),
        # What is skipped may be counted, but never less than what runs
        ("{me @skip(if: true) {name}}", 3),
        ("{me {name} me {age}}", 1 + 2 + 4),
    ],
)
def test_cost(source: str, expected: int) -> None:
    assert cost_of(PEOPLE, source) == expected


@pytest.mark.parametrize(
    ("variables", "expected"),
    [({"n": 50}, 50), ({"n": 0}, 0), ({"n": -1}, 0), ({}, 3), ({"n": None}, 3)],
)
def test_a_size_by_a_variable(variables: dict[str, Any], expected: int) -> None:
    source = "query($n: Int) {page(first: $n) {nodes {name}}}"
    assert cost_of(PEOPLE, source, variables) == 3 + 1 + expected


def test_a_size_by_a_variable_that_is_not_given_has_the_argument_s_default() -> None:
    source = "query($n: Int) {people(max: $n) {name}}"
    assert cost_of(PEOPLE, source, {}) == 2 + 4


def test_a_size_by_a_list_with_variables_in_it() -> None:
    source = "query($a: String!) {people(max: 0, tags: [$a, $a]) {name}}"
    assert cost_of(PEOPLE, source, {"a": "x"}) == 2 + 2


def test_the_same_fragment_under_other_sizes() -> None:
    source = """
    query($n: Int) { a: page(first: $n) {...F} b: page(first: 2) {...F} c: page(last: $n) {...F} }
    fragment F on Page { nodes { name } }
    """
    assert cost_of(PEOPLE, source, {"n": 5}) == 1 + 3 * (2 + 1) + 5 + 2 + 5


def test_example_3_of_the_specification() -> None:
    """Its field cost of 11, and a query and five users in type cost."""
    sdl = """
    type User { name: String age: Int @cost(weight: "2.0") }
    type Query { users(max: Int): [User] @listSize(slicingArguments: ["max"]) }
    """
    assert cost_of(sdl, "query Example { users(max: 5) { age } }") == 11 + 6


INPUTS = """
scalar Text @cost(weight: "0.25")
input Filter {
  approximate: Boolean @cost(weight: "-12.0")
  any: [Filter!] @cost(weight: "3")
  text: String
}
type Query {
  best(approximate: Boolean @cost(weight: "-3.0")): String @cost(weight: "5.0")
  top(filter: Filter @cost(weight: "15.0")): [String] @cost(weight: "5.0") @listSize(assumedSize: 10)
  free(worth: Int @cost(weight: "-9")): String @cost(weight: "1")
  find(filter: Filter): String
  texts: [Text] @listSize(assumedSize: 10)
}
"""


@pytest.mark.parametrize(
    ("source", "variables", "expected"),
    [
        ("{best}", {}, 5),
        ("{best(approximate: true)}", {}, 2),
        ("query($a: Boolean) {best(approximate: $a)}", {"a": False}, 2),
        ("query($a: Boolean) {best(approximate: $a)}", {}, 5),
        ("{top}", {}, 5),
        ("{top(filter: {})}", {}, 20),
        ("{top(filter: {approximate: true})}", {}, 8),
        ("query($f: Filter) {top(filter: $f)}", {"f": {"approximate": True}}, 8),
        ("query($f: Filter) {top(filter: $f)}", {}, 5),
        ("query($a: Boolean) {top(filter: {approximate: $a})}", {"a": True}, 8),
        ("{free(worth: 1)}", {}, 0),
        ("{find(filter: {any: [{}, {any: {}}]})}", {}, 1 + 3 + 3),
        ('{find(filter: {text: "x"})}', {}, 1),
        ("{texts}", {}, 2.5),
    ],
)
def test_cost_of_arguments(source: str, variables: dict[str, Any], expected: float) -> None:
    total = cost_of(INPUTS, source, variables)
    assert total == 1 + (expected if isinstance(expected, int) else 3)


def test_abstract_types_are_as_expensive_as_the_most_expensive_of_theirs() -> None:
    sdl = """
    interface Named { name: String }
    type Cat implements Named { name: String @cost(weight: "4") }
    type Dog implements Named @cost(weight: "7") { name: String }
    union Pet = Cat | Dog
    type Query { named: Named pet: Pet }
    """
    assert cost_of(sdl, "{named {name}}") == 1 + 1 + 7 + 4
    assert cost_of(sdl, "{pet {... on Cat {name} ... on Dog {name}}}") == 1 + 1 + 7 + 4
    assert cost_of(sdl, "{pet {... on Dog {name}}}") == 1 + 1 + 7


def test_fields_of_the_mutation_type_cost_ten() -> None:
    sdl = """
    type Query { a: Int }
    type Mutation { a: Int b: Query c: Int @cost(weight: "3") }
    """
    assert cost_of(sdl, "mutation {a}") == 1 + 10
    assert cost_of(sdl, "mutation {b {a}}") == 1 + 10 + 1
    assert cost_of(sdl, "mutation {c __typename}") == 1 + 3


@pytest.mark.parametrize("weight", ["much", "", "nan", "inf"])
def test_a_weight_must_be_a_number(weight: str) -> None:
    schema = build_schema(DIRECTIVES + f'type Query {{ a: Int @cost(weight: "{weight}") }}')
    with pytest.raises(ValueError, match=r"weight|convert"):
        Documents(schema)


@pytest.mark.parametrize(
    ("size", "message"),
    [
        (
            'slicingArguments: ["last"]',
            "The list size of Query.a names an argument that it does not have.",
        ),
        ('sizedFields: ["nodes"]', "The list size of Query.a names no field of what it returns."),
    ],
)
def test_a_list_size_must_name_what_is_there(size: str, message: str) -> None:
    sdl = f"type Query {{ a(first: Int): Page @listSize({size}) }} type Page {{ edges: [Int] }}"
    with pytest.raises(ValueError, match=message):
        Documents(build_schema(DIRECTIVES + sdl))


@settings(deadline=None)
@given(documents, st.integers(-1, 9), st.none() | st.integers(0, 9))
def test_a_document_costs_what_it_costs_with_its_fragments_written_out(
    drawn: Drawn, a: int, b: int | None
) -> None:
    variables = {"a": a, "b": b}
    assert drawn_cost(drawn.with_fragments, variables) == drawn_cost(drawn.written_out, variables)


@settings(deadline=None)
@given(documents, st.integers(0, 9))
def test_a_variable_costs_what_its_value_costs(drawn: Drawn, size: int) -> None:
    literal = drawn.with_fragments.replace("first: $", "first: ").replace(
        "$a: Int, $b: Int", "$_: Int"
    )
    literal = literal.replace("first: a", f"first: {size}").replace("first: b", f"first: {size}")
    expected = drawn_cost(literal, {})
    assert drawn_cost(drawn.with_fragments, {"a": size, "b": size}) == expected


def drawn_cost(source: str, variables: dict[str, Any]) -> int:
    ast = parse(source)
    operation = ast.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    return price(ast, operation, WEIGHTS).total(variables)


def test_fragments_that_double_cost_much_and_take_little() -> None:
    fragments = " ".join(
        f"fragment F{i} on Query {{many(first: $a) {{...F{i + 1}}} x: many(first: $a) {{...F{i + 1}}}}}"
        for i in range(90)
    )
    source = f"query($a: Int) {{...F0}} {fragments} fragment F90 on Query {{id}}"
    ast = parse(source)
    compiled = price(ast, ast.definitions[0], WEIGHTS)  # type: ignore[arg-type]
    assert len(compiled.steps) < 500
    assert compiled.total({"a": 100}) == 10**15 + 2
    assert compiled.total({"a": 0}) == 2 + 2


def refusal(schema: GraphQLSchema, source: str, limits: Limits) -> tuple[Any, ...] | None:
    document = Documents(schema, limits).prepare(source)
    assert document.errors == ()
    operation = document.ast.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    error = document.check_cost(operation, {})
    return (error.message, error.extensions, error.locations) if error else None


def test_a_refusal_names_the_limit_the_value_and_the_place() -> None:
    schema = build_schema(DIRECTIVES + PEOPLE)
    source = "{ me { name } people(max: 10) { name } b: me { name } }"
    assert refusal(schema, source, Limits(cost=16)) is None
    assert refusal(schema, source, Limits(cost=None)) is None
    assert refusal(schema, source, Limits(cost=15)) == (
        "The cost limit is exceeded: 15 allowed, 16 found.",
        {"code": "COST_LIMIT_EXCEEDED", "limit": 15, "actual": 16},
        [(1, 40)],
    )
    assert refusal(schema, source, Limits(cost=3))[2] == [(1, 15)]  # type: ignore[index]
    assert refusal(schema, source, Limits(cost=0))[2] == [(1, 3)]  # type: ignore[index]


def test_introspection_is_priced_by_the_size_of_the_schema() -> None:
    schema = build_schema(DIRECTIVES + PEOPLE)
    # Half of the usual: for the field and its object, the field and all types; and the query type.
    assert cost(schema, "{__schema {types {name}}}") == ceil(1 + (2 + 1 + len(schema.type_map)) / 2)
    assert refusal(schema, get_introspection_query(), Limits()) is None
    many = " ".join(f"a{i}: __schema {{...F}}" for i in range(20))
    fields = "fragment F on __Schema {types {fields {args {type {fields {args {name}}}}}}}"
    assert refusal(schema, f"{{{many}}} {fields}", Limits(cost=1_000))


@strawberry.input
class Wanted:
    tag: str = strawberry.field(default="", directives=[Cost(weight="6")])


@strawberry.type(directives=[Cost(weight="3")])
class Post:
    title: str
    text: str = strawberry.field(directives=[Cost(weight="2")])


@strawberry.type
class PostPage:
    nodes: list[Post]


def read_posts(
    first: Annotated[int | None, strawberry.argument(directives=[Cost(weight="1.5")])] = None,
    wanted: Wanted | None = None,
) -> PostPage:
    return PostPage(nodes=[])


PAGE = ListSize(
    assumed_size=20,
    slicing_arguments=["first"],
    sized_fields=["nodes"],
    require_one_slicing_argument=False,
)


@strawberry.type
class Query:
    all: list[Post] = strawberry.field(directives=[ListSize(assumed_size=10)])
    posts: PostPage = strawberry.field(resolver=read_posts, directives=[PAGE])


STRAWBERRY = strawberry.Schema(Query)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{all {title}}", 1 + 1 + 10 * 3),
        ("{posts {nodes {title text}}}", 1 + 2 + 1 + 20 * 5),
        ("{posts(first: 2) {nodes {title}}}", 1 + 1.5 + 2 + 1 + 2 * 3 + 0.5),
        ('{posts(wanted: {tag: "a"}) {nodes {title}}}', 1 + 1 + 6 + 2 + 1 + 20 * 3),
    ],
)
def test_directives_of_strawberry(source: str, expected: float) -> None:
    assert cost(STRAWBERRY._schema, source) == expected


def test_directives_of_strawberry_stand_in_the_sdl() -> None:
    sdl = STRAWBERRY.as_str()
    assert (
        "directive @cost(weight: String!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION"
        " | INPUT_FIELD_DEFINITION | OBJECT | SCALAR" in sdl
    )
    assert (
        "directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!],"
        " requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION" in sdl
    )
    assert "all: [Post!]! @listSize(assumedSize: 10, requireOneSlicingArgument: true)" in sdl
    assert 'type Post @cost(weight: "3")' in sdl
    assert 'first: Int = null @cost(weight: "1.5")' in sdl


def test_the_sdl_costs_what_the_schema_costs() -> None:
    source = '{posts(first: 2, wanted: {tag: "a"}) {nodes {title text}}}'
    assert cost(build_schema(STRAWBERRY.as_str()), source) == cost(STRAWBERRY._schema, source)
