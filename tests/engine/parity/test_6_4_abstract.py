"""Spec 6.4.3, resolving abstract types: by value, by type, sync and async, and wrongly."""

from collections.abc import Callable
from functools import partial
from itertools import permutations
from typing import Any

import pytest
from graphql import GraphQLSchema, build_schema

from tests.engine.parity.plain import Later, failing, failing_later, told
from tests.engine.parity.runs import agreed

SDL = """
interface Node { id: Int }
interface Pet implements Node { id: Int name: String friend: Pet node: Node }
type Dog implements Pet & Node { id: Int name: String friend: Pet node: Node barks: Boolean! food: Food }
type Cat implements Pet & Node { id: Int name: String friend: Pet node: Node meows: Boolean food: [Food] }
type Rock implements Node { id: Int weight: Int! }
type Meat { kilos: Int! of: Node }
type Fish { kilos: Float of: [Node!] }
union Food = Meat | Fish
type Query { pets: [Pet] nodes: [[Node]] foods: [Food!] pet: Pet required: Pet! any: Node }
"""
DOG = {"__typename": "Dog", "id": 1, "name": "Odie", "barks": True}
CAT = {"__typename": "Cat", "id": 2, "name": "Tom", "meows": False}
ROCK = {"__typename": "Rock", "id": 3, "weight": 9}
BROKEN_DOG = {"__typename": "Dog", "id": 4, "barks": None}
BROKEN_ROCK = {"__typename": "Rock", "id": 5}
PETS = """
query Pets { pets { ...P } }
fragment P on Pet {
    __typename name ... on Dog { barks dogFood: food { ...F } }
    ... on Cat { meows catFood: food { ...F } }
    ...on Node { id ... on Rock { weight } }
}
fragment F on Food { __typename ... on Meat { kilos of { id } }
    ... on Fish { weight: kilos many: of { id } } }
"""
NODES = """{
    nodes {
        ... on Rock { weight } ... on Cat { meows id } id
        ... on Dog { barks } __typename ... on Pet { name }
    }
}"""

by_key: GraphQLSchema = build_schema(SDL)


def resolving(resolve_type: Callable[..., Any]) -> GraphQLSchema:
    """The schema with this resolve_type on each interface and union."""
    schema = build_schema(SDL)
    for name in ("Node", "Pet", "Food"):
        schema.type_map[name].resolve_type = resolve_type  # type: ignore[attr-defined]
    return schema


def checking(is_type_of: Callable[[str], Callable[..., Any]]) -> GraphQLSchema:
    """The schema with an is_type_of on each object type."""
    schema = build_schema(SDL)
    for name in ("Dog", "Cat", "Rock", "Meat", "Fish"):
        schema.type_map[name].is_type_of = is_type_of(name)  # type: ignore[attr-defined]
    return schema


def kind(value: Any, *_: Any) -> Any:
    return value["kind"]


def kind_is(name: str) -> Callable[..., Any]:
    return lambda value, info: value["kind"] == name


async def kind_later(value: Any, *_: Any) -> Any:
    return await Later(value["kind"])


def kind_is_later(name: str) -> Callable[..., Any]:
    return lambda value, info: Later(value["kind"] == name)


def kind_mixed(name: str) -> Callable[..., Any]:
    return kind_is(name) if name in ("Dog", "Meat") else kind_is_later(name)


def without_typename(value: Any) -> Any:
    """The same value, whose type is for resolve_type and is_type_of to find."""
    if isinstance(value, list):
        return [without_typename(item) for item in value]
    if not isinstance(value, dict):
        return value
    plain = {key: without_typename(item) for key, item in value.items() if key != "__typename"}
    return plain | {"kind": value.get("__typename")}


SCHEMAS = {
    "resolve_type": resolving(kind),
    "asynchronous resolve_type": resolving(kind_later),
    "is_type_of": checking(kind_is),
    "asynchronous is_type_of": checking(kind_is_later),
    "mixed is_type_of": checking(kind_mixed),
}
MEAT = {"__typename": "Meat", "kilos": 1, "of": ROCK}
FISH = {"__typename": "Fish", "kilos": 1.5, "of": [CAT, DOG]}
FED = [
    DOG | {"food": MEAT},
    CAT | {"food": [FISH, None, MEAT]},
    DOG | {"food": FISH},
    BROKEN_DOG | {"food": MEAT},
    CAT | {"food": [{"__typename": "Meat", "kilos": None}, FISH]},
    None,
    DOG,
]


@pytest.mark.parametrize("name", SCHEMAS)
async def test_each_way_to_find_the_type(name: str) -> None:
    values = without_typename(FED)
    result = await agreed(SCHEMAS[name], PETS, root=lambda: {"pets": values})
    assert result.data is not None
    assert [each and each["__typename"] for each in result.data["pets"]] == [
        "Dog",
        "Cat",
        "Dog",
        None,
        "Cat",
        None,
        "Dog",
    ]


@pytest.mark.parametrize("name", SCHEMAS)
async def test_types_mixed_in_every_order(name: str) -> None:
    values = [DOG, CAT, ROCK, BROKEN_ROCK, None]
    for order in permutations(values):
        rows = without_typename([list(order), [], list(order[:2])])
        await agreed(SCHEMAS[name], NODES, root=partial(dict, nodes=rows))


async def test_types_by_key_in_every_order() -> None:
    for order in permutations([DOG, CAT, ROCK, BROKEN_ROCK, BROKEN_DOG, None]):
        await agreed(by_key, NODES, root=partial(dict, nodes=[list(order), [order[0]]]))


async def test_key_order_differs_by_type() -> None:
    source = "{ any { ... on Dog { name } id ... on Node { __typename } ... on Pet { name } } }"
    dog, _ = told(await agreed(by_key, source, root=lambda: {"any": DOG}))
    cat, _ = told(await agreed(by_key, source, root=lambda: {"any": CAT}))
    rock, _ = told(await agreed(by_key, source, root=lambda: {"any": ROCK}))
    assert list(dog["any"]) == ["name", "id", "__typename"]
    assert list(cat["any"]) == ["id", "__typename", "name"]
    assert list(rock["any"]) == ["id", "__typename"]


WRONG: dict[str, Any] = {
    "none": None,
    "unknown": "Unicorn",
    "an interface": "Pet",
    "a scalar": "Int",
    "not a member": "Rock",
    "a number": 7,
    "a type": by_key.type_map["Dog"],
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=list(WRONG))
async def test_wrong_types(wrong: Any) -> None:
    pets = [{"kind": "Dog", "barks": True}, {"kind": wrong}, {"kind": "Cat"}, {"kind": wrong}]
    for name in ("resolve_type", "asynchronous resolve_type"):
        root = {"pets": pets, "required": {"kind": wrong}}
        found, errors = told(
            await agreed(SCHEMAS[name], "{ pets { id } }", root=partial(dict, root))
        )
        assert [bool(pet) for pet in found["pets"]] == [True, False, True, False]
        assert [path for _, path in errors] == [["pets", 1], ["pets", 3]]
        required = await agreed(SCHEMAS[name], "{ required { id } }", root=partial(dict, root))
        assert required.data is None


async def test_no_type_matches() -> None:
    for name in ("is_type_of", "asynchronous is_type_of", "mixed is_type_of"):
        pets = [{"kind": "Unicorn"}, {"kind": "Dog", "id": 1}, {"kind": "Rock"}]
        found, errors = told(
            await agreed(SCHEMAS[name], "{ pets { id } }", root=partial(dict, pets=pets))
        )
        assert found == {"pets": [None, {"id": 1}, None]}
        assert len(errors) == 2


@pytest.mark.parametrize("fail", [failing("no type"), failing_later("no type")])
async def test_finding_the_type_fails(fail: Any) -> None:
    def resolve_type(value: Any, *rest: Any) -> Any:
        return fail() if value["id"] == 2 else "Dog"

    schema = resolving(resolve_type)
    pets = [{"id": 1}, {"id": 2}, {"id": 3}]
    found, errors = told(await agreed(schema, "{ pets { id } }", root=partial(dict, pets=pets)))
    assert found == {"pets": [{"id": 1}, None, {"id": 3}]}
    assert errors == [("no type", ["pets", 1])]


@pytest.mark.parametrize("fail", [failing("no type"), failing_later("no type")])
async def test_checking_the_type_fails(fail: Any) -> None:
    def is_type_of(name: str) -> Callable[..., Any]:
        return lambda value, info: fail() if value["id"] == 2 else name == "Cat"

    pets = [{"id": 1}, {"id": 2}, {"id": 3}]
    found, errors = told(
        await agreed(checking(is_type_of), "{ pets { id } }", root=partial(dict, pets=pets))
    )
    assert found == {"pets": [{"id": 1}, None, {"id": 3}]}
    assert errors == [("no type", ["pets", 1])]


@pytest.mark.parametrize("check", [kind_is, kind_is_later])
async def test_an_object_type_checks_its_values(check: Any) -> None:
    schema = build_schema("type Query { dogs: [Dog] dog: Dog! } type Dog { id: Int kind: String }")
    schema.type_map["Dog"].is_type_of = check("Dog")  # type: ignore[attr-defined]
    dogs = [{"kind": "Dog", "id": 1}, {"kind": "Cat", "id": 2}, {"kind": "Dog", "id": 3}]
    found, errors = told(await agreed(schema, "{ dogs { id kind } }", root=lambda: {"dogs": dogs}))
    assert found == {"dogs": [{"id": 1, "kind": "Dog"}, None, {"id": 3, "kind": "Dog"}]}
    assert [path for _, path in errors] == [["dogs", 1]]
    result = await agreed(schema, "{ dog { id } }", root=lambda: {"dog": dogs[1]})
    assert result.data is None


async def test_resolve_type_learns_of_its_place() -> None:
    def resolve_type(value: Any, info: Any, abstract: Any) -> str:
        value["seen"].append((info.field_name, str(info.parent_type), str(abstract)))
        return "Cat"

    schema = resolving(resolve_type)
    seen: list[Any] = []
    value = {"seen": seen, "friend": {"seen": seen}}
    await agreed(
        schema, "{ pet { ... on Node { id } friend { id } } }", root=lambda: {"pet": value}
    )
    once = [("pet", "Query", "Pet"), ("friend", "Cat", "Pet")]
    assert seen == once * 4


NARROWER = """
interface I { f(x: Int = 1, y: Int): String n: Int child: I list: [I] }
type A implements I { f(x: Int = 2, y: Int = 5): String n: Int! child: A! list: [A!]! }
type B implements I { f(x: Int = 3, y: Int, z: Int = 7): String! n: Int child: B list: [I!] }
type C implements I { f(x: Int, y: Int): String n: Int child: I list: [C] }
type Query { all: [I] }
"""


def narrowed() -> GraphQLSchema:
    """Types that promise more than their interface, with defaults and resolvers of their own."""
    schema = build_schema(NARROWER)
    for name in "AB":
        fields: Any = schema.type_map[name].fields  # type: ignore[attr-defined]
        fields["f"].resolve = lambda source, info, **named: f"{info.parent_type} {named}"
    return schema


async def test_each_type_has_fields_of_its_own() -> None:
    """One selection on an interface: its arguments, resolvers and nullability follow the object's type."""
    rows = [
        {"__typename": "A", "n": 1, "child": {"__typename": "A", "n": 2}, "list": []},
        {
            "__typename": "B",
            "n": None,
            "child": {"__typename": "B"},
            "list": [{"__typename": "A", "n": 1}],
        },
        {
            "__typename": "C",
            "f": lambda info, **named: str(named),
            "child": {"__typename": "B"},
            "list": [None],
        },
        {
            "__typename": "A",
            "n": None,
            "child": {"__typename": "A"},
            "list": [{"__typename": "A", "n": 3}],
        },
        {"__typename": "B", "n": "x", "child": None, "list": [None]},
        {
            "__typename": "C",
            "n": failing(),
            "child": {"__typename": "A"},
            "list": [{"__typename": "C"}],
        },
    ]
    schema = narrowed()
    for source in (
        "{ all { f } }",
        "{ all { f(y: 4) } }",
        "query ($x: Int, $y: Int) { all { f(x: $x, y: $y) ... on B { g: f(z: $y) } } }",
        "{ all { n } }",
        "{ all { child { n } n } }",
        "{ all { child { n __typename } list { n f } f } }",
        "{ all { ... on I { n } ... on A { child { child { n } } } list { __typename child { n } } } }",
    ):
        for order in (rows, rows[::-1], [*rows, *rows]):
            await agreed(schema, source, root=partial(dict, all=order))
    found, _ = told(await agreed(schema, "{ all { f } }", root=partial(dict, all=rows[:3])))
    assert found == {
        "all": [
            {"f": "A {'x': 2, 'y': 5}"},
            {"f": "B {'x': 3, 'z': 7}"},
            {"f": "{}"},
        ]
    }
