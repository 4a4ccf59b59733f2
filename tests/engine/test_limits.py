from typing import Any

import pytest
from graphql import DocumentNode, GraphQLError, parse
from hypothesis import given, settings

from engine.limits import Limits, Size, check_sizes, check_variables, fragments_in_order, growth
from tests.engine.drawn import Drawn, documents


def size(document: DocumentNode) -> Size:
    """Of the first definition."""
    sizes: dict[str, Size] = {}
    for fragment in fragments_in_order(document):
        *_, (_, sizes[fragment.name.value]) = growth(fragment, sizes)
    *_, (_, total) = growth(document.definitions[0], sizes)  # type: ignore[arg-type]
    return total


def summary(error: GraphQLError) -> tuple[Any, ...]:
    extensions = error.extensions or {}
    assert error.locations
    (place,) = error.locations
    return extensions["code"], extensions["limit"], extensions["actual"], place


@settings(deadline=None)
@given(documents)
def test_a_document_is_as_large_as_with_its_fragments_written_out(drawn: Drawn) -> None:
    assert size(parse(drawn.with_fragments)) == size(parse(drawn.written_out))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{a}", Size(1, 0, 0, 1)),
        ("{a b: c d @x @y}", Size(1, 1, 2, 3)),
        ("{a {b {c}} d {e}}", Size(3, 0, 0, 2)),
        ("query ($v: Int @x) @y @z {a}", Size(1, 0, 3, 1)),
        ("{... @x {a ... on T {b: c {d}}}}", Size(2, 1, 1, 2)),
        ("{a {...F @x}} fragment F on T @y {b {c: d} e}", Size(3, 1, 2, 1)),
        ("{...F ...F a {...F}} fragment F on T {b: c}", Size(2, 3, 0, 3)),
        ("{...F} fragment F on T {...G} fragment G on T {a {b}}", Size(2, 0, 0, 1)),
        ("{...F}", Size(0, 0, 0, 0)),
        ("{__schema {types {fields {name @x}}}}", Size(1, 0, 1, 1)),
        ("{__type {...F} a} fragment F on __Type {b: ofType {ofType {name}}}", Size(1, 1, 0, 2)),
    ],
)
def test_size(source: str, expected: Size) -> None:
    assert size(parse(source)) == expected


@pytest.mark.parametrize(
    ("limits", "source", "expected"),
    [
        (
            Limits(depth=2),
            "{\n a {b {c}}}",
            ("DEPTH_LIMIT_EXCEEDED", 2, 3, (2, 8)),
        ),
        (
            Limits(depth=2),
            "{a {...F}} fragment F on T {b {c {d}}}",
            ("DEPTH_LIMIT_EXCEEDED", 2, 4, (1, 5)),
        ),
        (
            Limits(aliases=1),
            "{a: b c: d e: f}",
            ("ALIAS_LIMIT_EXCEEDED", 1, 3, (1, 7)),
        ),
        (
            Limits(directives=0),
            "{a b @x @y}",
            ("DIRECTIVE_LIMIT_EXCEEDED", 0, 2, (1, 4)),
        ),
        (
            Limits(directives=0),
            "query @x {a}",
            ("DIRECTIVE_LIMIT_EXCEEDED", 0, 1, (1, 1)),
        ),
        (
            Limits(root_fields=1),
            "{a b}",
            ("ROOT_FIELD_LIMIT_EXCEEDED", 1, 2, (1, 4)),
        ),
        (
            Limits(definitions=2, root_fields=0),
            "query A {a} query B {a}\nfragment F on T {a} fragment G on T {a}",
            ("DEFINITION_LIMIT_EXCEEDED", 2, 4, (2, 1)),
        ),
    ],
)
def test_a_refusal_names_the_limit_the_value_and_the_place(
    limits: Limits, source: str, expected: tuple[Any, ...]
) -> None:
    (error,) = check_sizes(parse(source), limits)
    assert summary(error) == expected


def test_a_limit_reached_is_not_exceeded() -> None:
    limits = Limits(definitions=1, depth=2, aliases=1, directives=1, root_fields=2)
    assert check_sizes(parse("{a {b: c @x} d}"), limits) == ()


def test_all_limits_exceeded_are_named() -> None:
    limits = Limits(depth=1, aliases=0, directives=0, root_fields=1)
    errors = check_sizes(parse("{a {b: c @x} d}"), limits)
    assert [summary(error)[0] for error in errors] == [
        "DEPTH_LIMIT_EXCEEDED",
        "ALIAS_LIMIT_EXCEEDED",
        "DIRECTIVE_LIMIT_EXCEEDED",
        "ROOT_FIELD_LIMIT_EXCEEDED",
    ]


def test_each_operation_must_keep_the_limits() -> None:
    (error,) = check_sizes(parse("query A {a} query B {a b} query C {a b}"), Limits(root_fields=1))
    assert summary(error) == ("ROOT_FIELD_LIMIT_EXCEEDED", 1, 2, (1, 24))


def test_none_switches_a_limit_off() -> None:
    limits = Limits(definitions=None, depth=None, aliases=None, directives=None, root_fields=None)
    source = "{" + " ".join(f"a{i}: b @x" for i in range(100)) + "a{" * 50 + "a" + "}" * 51
    assert check_sizes(parse(source), limits) == ()


def test_fragments_that_double_are_counted_but_not_expanded() -> None:
    doubling = "".join(f"fragment F{i} on T {{...F{i + 1} ...F{i + 1}}} " for i in range(150))
    source = f"{{...F0}} {doubling} fragment F150 on T {{a}}"
    (error,) = check_sizes(parse(source), Limits(definitions=None))
    assert summary(error) == ("ROOT_FIELD_LIMIT_EXCEEDED", 20, 2**31 - 1, (1, 2))


def test_a_cycle_of_fragments_is_left_to_validation() -> None:
    source = "{...F a b} fragment F on T {...G} fragment G on T {...F}"
    assert check_sizes(parse(source), Limits(root_fields=1)) == ()


@pytest.mark.parametrize(
    "variables", [{"a": 1, "b": 2, "c": 3}, {"a": [1, 2]}, {"a": {"b": {"c": 1}}}, {"a": [[1]]}]
)
def test_three_values(variables: dict[str, Any]) -> None:
    assert check_variables(variables, Limits(variable_values=3)) is None
    assert check_variables(variables, Limits(variable_values=None)) is None
    error = check_variables(variables, Limits(variable_values=2))
    assert error
    assert error.extensions == {"code": "VARIABLE_VALUE_LIMIT_EXCEEDED", "limit": 2, "actual": 3}


def test_a_negative_limit_is_a_mistake() -> None:
    with pytest.raises(ValueError, match=r"^The limit of depth must be 0 or more, not -1\.$"):
        Limits(depth=-1)
