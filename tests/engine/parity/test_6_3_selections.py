"""Spec 6.3, executing selection sets: collecting, skipping and merging fields, and their order."""

from contextlib import suppress
from itertools import product
from typing import Any

import pytest

from tests.engine.parity.plain import plainly, schema_of
from tests.engine.parity.runs import engine_of

SDL = """
type Query { a: A b: A as: [A] x: Int y: Int z: Int i: I u: [U] }
interface I { x: Int a: A i: I }
type A implements I { x: Int y: Int z: Int a: A b: A i: I n(by: Int = 0): Int }
type B implements I { x: Int w: Int a: A i: I }
union U = A | B
"""
LEAF = {"__typename": "A", "x": 1, "y": 2, "z": 3}
A = LEAF | {"a": LEAF, "b": LEAF | {"y": 5}, "i": LEAF}
B = {"__typename": "B", "x": 7, "w": 8, "a": A, "i": A}
ROOT = {"a": A, "b": A, "as": [A, LEAF, A], "x": 1, "y": 2, "z": 3, "i": B, "u": [A, B, LEAF, B]}


async def data_of(source: str, **variables: Any) -> Any:
    data, errors = await plainly(SDL, source, lambda: ROOT, variables=variables)
    assert errors == []
    return data


@pytest.mark.parametrize(
    ("source", "keys"),
    [
        ("{ z y x }", "zyx"),
        ("{ x y x z y }", "xyz"),
        ("{ ...F x } fragment F on Query { z y }", "zyx"),
        ("{ x ...F } fragment F on Query { z x y }", "xzy"),
        ("{ ... { z } y ... on Query { x y } }", "zyx"),
        ("{ ...F ...G } fragment F on Query { y ...G } fragment G on Query { x z }", "yxz"),
        ("{ ...G ...F } fragment F on Query { y ...G } fragment G on Query { x z }", "xzy"),
        ("{ y: x x: y z }", "yxz"),
        ("{ ... @skip(if: true) { z } x ... @include(if: true) { y z } }", "xyz"),
        ("{ ...F @skip(if: true) x ...F } fragment F on Query { z y }", "xzy"),
        ("{ ...F x ...F @skip(if: true) } fragment F on Query { z y }", "zyx"),
    ],
)
async def test_order_of_keys(source: str, keys: str) -> None:
    assert list(await data_of(source)) == list(keys)


async def test_a_field_merges_where_it_first_stands() -> None:
    data = await data_of(
        "{ a { x } x a { y a { z } } ...F } fragment F on Query { a { a { x } z } y }"
    )
    assert list(data) == ["a", "x", "y"]
    assert data["a"] == {"x": 1, "y": 2, "a": {"z": 3, "x": 1}, "z": 3}
    assert list(data["a"]) == ["x", "y", "a", "z"]
    assert list(data["a"]["a"]) == ["z", "x"]


async def test_merging_below_type_conditions() -> None:
    source = """{
        i { a { x } ... on B { a { y } w } ... on A { a { z } y }
            ... on I { i { a { x } ... on A { y } } } }
        i { i { x a { y } } x }
    }"""
    data = await data_of(source)
    assert list(data["i"]) == ["a", "w", "i", "x"]
    assert data["i"]["a"] == {"x": 1, "y": 2}
    assert list(data["i"]["i"].items()) == [("a", {"x": 1, "y": 2}), ("y", 2), ("x", 1)]


async def test_merging_in_lists_of_unions() -> None:
    source = """{
        u { ... on B { x } ...F ... on I { a { x } } __typename }
        u { ... on A { n: x b { y } } ... on I { x } }
    }
    fragment F on U { ... on A { z a { y } } ... on B { a { z } w } }"""
    first, second, third, fourth = (await data_of(source))["u"]
    assert list(first) == ["z", "a", "__typename", "n", "b", "x"]
    assert list(second) == ["x", "a", "w", "__typename"]
    assert first["a"] == {"y": 2, "x": 1}
    assert third["a"] is None
    assert second == fourth


async def test_aliases_of_one_field() -> None:
    data = await data_of("{ p: a { q: x r: x } x: y y: x a { a: x x: a { a: y } } }")
    assert data == {"p": {"q": 1, "r": 1}, "x": 2, "y": 1, "a": {"a": 1, "x": {"a": 2}}}


FIELD = "{ y x %s }"
INLINE = "{ y ... %s { x } }"
SPREAD = "{ y ...F %s } fragment F on Query { x }"
NESTED = "{ y a %s { x } }"
PLACES = [FIELD, INLINE, SPREAD, NESTED]
VALUES: list[dict[str, Any]] = [
    *({"s": s, "i": i} for s, i in product([True, False], repeat=2)),
    {},
    {"s": None, "i": True},
    {"s": True, "i": None},
    {"s": "true", "i": True},
]
FLAGS = [
    (declared, variables)
    for declared in ("$s: Boolean!, $i: Boolean!", "$s: Boolean! = true, $i: Boolean = false")
    for variables in VALUES
]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("literal", ["true", "false"])
async def test_literal_conditions(place: str, literal: str) -> None:
    skipped = await data_of(place % f"@skip(if: {literal})")
    included = await data_of(place % f"@include(if: {literal})")
    assert (len(skipped) == 1) == (literal == "true")
    assert (len(included) == 2) == (literal == "true")
    assert next(iter(skipped)) == "y"


@pytest.mark.parametrize("place", PLACES)
async def test_conditions_by_variables(place: str) -> None:
    """One document, all values of its variables: with and without defaults, null and of a wrong type."""
    both = place % "@skip(if: $s) @include(if: $i)"
    for declared, variables in FLAGS:
        source = f"query ({declared}) {both}"
        await plainly(SDL, source, lambda: ROOT, variables=variables)


@pytest.mark.parametrize(("skip", "include"), product([True, False], repeat=2))
async def test_both_conditions_on_one_field(skip: bool, include: bool) -> None:
    source = "query ($s: Boolean!, $i: Boolean!) { y x @skip(if: $s) @include(if: $i) }"
    data = await data_of(source, s=skip, i=include)
    assert ("x" in data) == (include and not skip)


async def test_a_condition_holds_for_one_occurrence_of_a_field() -> None:
    source = """query ($yes: Boolean = true, $no: Boolean = false) {
        z @include(if: $no) y z a @include(if: $no) { x } a { y @skip(if: $yes) z @skip(if: $no) }
        ... @include(if: $yes) { ... @skip(if: $no) { a { x ... on A @include(if: $no) { y } } } }
        ...F @include(if: $no) ...F
    }
    fragment F on Query { b @include(if: $yes) { ...G @skip(if: $yes) x } }
    fragment G on A { y }"""
    data = await data_of(source)
    assert list(data) == ["y", "z", "a", "b"]
    assert data["a"] == {"z": 3, "x": 1}
    assert data["b"] == {"x": 1}


async def test_the_same_document_with_many_conditions() -> None:
    """More combinations than plans may be kept, in an order that comes back to the first."""
    names = "abcdefg"
    declared = " ".join(f"${name}: Boolean = true" for name in names)
    fields = " ".join(f"{name}: x @include(if: ${name})" for name in names)
    source = f"query ({declared}) {{ y as {{ {fields} x @skip(if: $a) }} }}"
    for flags in [*product([True, False], repeat=len(names)), (True,) * len(names)]:
        values = dict(zip(names, flags, strict=True))
        data = await data_of(source, **values)
        chosen = [name for name, flag in values.items() if flag]
        assert [list(row) for row in data["as"]] == [chosen + ([] if values["a"] else ["x"])] * 3


@pytest.mark.parametrize(
    "source",
    [
        "{ ... @skip(if: true) { x } }",
        "{ x @include(if: false) }",
        "{ a { x @skip(if: true) } }",
        "{ as { ... on A @skip(if: true) { x } } }",
        "{ u { ... on B { x } } }",
        "{ i { ... on A { x } } }",
        "{ ...F @include(if: false) } fragment F on Query { x }",
    ],
)
async def test_nothing_selected(source: str) -> None:
    await data_of(source)


@pytest.mark.parametrize(
    "source",
    [
        "{ x @skip }",
        "{ x @skip(if: null) }",
        "{ x @skip(if: 1) }",
        "query ($v: Boolean) { x @skip(if: $v) }",
        "query ($v: String!) { x @skip(if: $v) }",
        "{ x: y x }",
        "{ a { x } a: b { y } }",
        "{ a { n(by: 1) n(by: 2) } }",
        "{ a }",
        "{ x { y } }",
    ],
)
async def test_selections_that_are_not_valid(source: str) -> None:
    data, errors = await plainly(SDL, source, lambda: ROOT)
    assert data is None
    assert errors


async def test_typename_everywhere() -> None:
    source = """{
        __typename t: __typename a { __typename i { n: __typename __typename } }
        u { __typename ... on B { i { __typename } } } as { k: __typename }
    }"""
    data = await data_of(source)
    assert data["t"] == data["__typename"] == "Query"
    assert data["a"] == {"__typename": "A", "i": {"n": "A", "__typename": "A"}}
    assert [row["__typename"] for row in data["u"]] == ["A", "B", "A", "B"]
    assert data["as"] == [{"k": "A"}] * 3


async def test_typename_alone() -> None:
    assert await data_of("{ __typename }") == {"__typename": "Query"}
    assert await data_of("{ as { __typename } }") == {"as": [{"__typename": "A"}] * 3}
    assert await data_of("query ($no: Boolean = false) { __typename @include(if: $no) }") == {}


async def test_a_thousand_fields() -> None:
    source = " ".join(f"f{index}: x" for index in range(1000))
    data = await data_of(f"{{ {source} as {{ {source} }} }}")
    assert len(data) == 1001
    assert [len(row) for row in data["as"]] == [1000] * 3


class Endless(dict[str, Any]):
    """An object that has itself below each of its fields."""

    def get(self, key: str, default: Any = None) -> Any:
        return {"x": 1, "list": [self]}.get(key, self)


ENDLESS = "type Query { q: Query! o: Query list: [Query!]! x: Int! }"


def nested(field: str, levels: int) -> str:
    return f"{{ {field} " * levels + "{ x }" + " }" * levels


def innermost(data: Any) -> Any:
    """What is at the end of a chain of objects with one field each."""
    while isinstance(data, dict | list) and data != {"x": 1}:
        (data,) = data if isinstance(data, list) else data.values()
    return data


@pytest.mark.parametrize("field", ["q", "o", "list"])
async def test_many_levels(field: str) -> None:
    data, errors = await plainly(ENDLESS, nested(field, 40), Endless)
    assert (innermost(data), errors) == ({"x": 1}, [])


@pytest.mark.parametrize("field", ["q", "o", "list"])
@pytest.mark.parametrize("levels", [90, 150, 190, 1000])
async def test_too_many_levels(field: str, levels: int) -> None:
    """Beyond what Python's stack allows, to which stock execution comes sooner, there is an error."""
    result = None
    with suppress(RecursionError):  # its traceback would be longer than anyone reads
        result = await engine_of(schema_of(ENDLESS)).execute(nested(field, levels), root=Endless())
    assert result is not None
    assert innermost(result.data) == {"x": 1} or result.errors


async def test_fragments_within_fragments() -> None:
    depth = 40
    fragments = " ".join(
        f"fragment F{index} on A {{ x ...F{index + 1} a {{ ...F{index + 1} }} }}"
        for index in range(3)
    )
    chain = " ".join(f"fragment C{index} on A {{ ...C{index + 1} }}" for index in range(depth))
    source = f"{{ a {{ ...F0 ...C0 }} }} {fragments} fragment F3 on A {{ z }} {chain} "
    await data_of(source + f"fragment C{depth} on A {{ y }}")
