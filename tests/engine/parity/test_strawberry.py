"""Operations on the large Strawberry schema, in worlds where all goes well and where much does not."""

import operator
from typing import Any

import pytest
import strawberry
from graphql import ExecutionResult
from strawberry.schema.config import StrawberryConfig

from tests.engine.parity.comparison import differences
from tests.engine.parity.oracle import possible, stock
from tests.engine.parity.runs import agreed
from tests.engine.parity.schema import World, schema

LEAVES = """{ leaves {
    int float whole string boolean id numberId when day hour price key json even odd episode episodes
    tooLarge notFinite infinite fraction wholeFraction numberAsString booleanAsInt intAsString
    booleanAsString dictAsString intAsBoolean stringAsBoolean notAnEpisode rawEpisode notADate
} }"""

LISTS = """
query Lists { lists { ...All endless { ...All } } listsOrNull { ...All } }
fragment All on Lists {
    nullable full items required nested nestedFull nestedRequired nestedLater deep generated tuples frozen
    streamed    awaited awaitedFull text single
}
"""

CHARACTERS = """
query Characters {
    hero { ...Some }
    jedi: hero(episode: RETURN_OF_THE_JEDI) { __typename title ...Some rival { ...Some } }
    character(number: 3) { ...Some best { ...Some best { ...Some } } }
    characters(first: 6) { ...Some ... on Human { height mass ratio home { name seenBy } }
        ... on Droid { purpose serialNumber droidMass: mass parts } }
}
fragment Some on Character {
    id name appearsIn friends { id title } one: friends(first: 1) { name }
    allies { id name } group { id title }
    walk(steps: 3) { id } march { name }
    meets { __typename ... on Character { title } ... on Planet { moons seenBy } }
}
"""

THINGS = """
query Things {
    things { __typename ...Each ... on Ghost { haunts { __typename ...Each } } }
    nodes { __typename id ...Each ... on Named { name } ... on Character { rival { id } } }
}
fragment Each on Thing {
    ... on Node { id } ... on Named { name } ... on Human { height home { moons } } ... on Droid { purpose }
    ... on Planet { planet: name moons seenBy }
}
"""

GUARDED = """{
    guarded(count: 5) {
        sync both own plain broken silent silentList doubled doubledLater shifted(by: 2) replaced failing
        guardedAndDoubled children { number own children { number } } denied: sync(secret: true)
        deniedLater: both(secret: true)
    }
    some: guarded { ownRequired number }
    never laterRequired
}"""

LOADED = """
query Loaded {
    items(first: 5) { ...One next { ...One next { number } } some { ...One } siblings { ...One } }
}
fragment One on Item {
    number next { number } nextAwaitable { number } nextOfStrawberry { number } related { number doubles }
    doubles triples(plus: 1) other: triples siblingsOrNull(first: 3) { number doublesRequired }
    guardedDoubles guardedRelated { number } nothing myself { number doubles } myselfUnless { number }
    ownNumber
}
"""

REQUIRED = """{
    items(first: 5) { number nextRequired { number doublesRequired } }
    others: items { relatedRequired { number } }
    last: items(first: 5) { triplesRequired siblings { doublesRequired } }
    item(number: 2) { nextRequired { nextRequired { triplesRequired relatedRequired { number } } } }
}"""

STAGES = """
query Stages {
    items(first: 5) { number ...In }
    item(number: 2) { ...In }
}
fragment In on Item {
    stage { __typename ...Opened } far: stage(plus: 3) { ...Opened nested { nested { doubles } } }
    bare: stage { __typename }
    stageOrNull { doubles items { number } } stageLater { ...Opened nested { ...Opened } }
    stagePrepared(plus: 2) { ...Opened } guardedStage(plus: 1) { doubles }
    withLeaf: stage { number doubles } withKey: stage { doubles siblings { number } }
    withGuard: stage { doubles guardedDoubles } wrong: stagePrepared(plus: 1) { doublesRequired }
}
fragment Opened on Stage { doubles triples(plus: 2) items(first: 3) { number stage { doubles } } nothing }
"""

BELOW = """{
    items(first: 5) { guardedStage(plus: -1) { doubles } wrong: stagePrepared(plus: -1) { doubles } }
}"""

PLACES = """
query Places($x: Int = 3, $label: String) {
    place { ...Here here(label: $label) { ...Here places { path selectedFields } }
        places(count: $x) { ...Here } }
    again: place(x: $x) { ... on Place @include(if: true) { fieldName path } ... @skip(if: true) { root } }
    ownRoot
}
fragment Here on Place {
    path fieldName returnType { alias: path } selectedFields variableValues operation raw root context
}
"""

WORLDS = [World(0)] + [World(seed, mishaps) for mishaps in (30, 150, 400) for seed in range(5)]
DOCUMENTS = {
    "leaves": LEAVES,
    "lists": LISTS,
    "characters": CHARACTERS,
    "things": THINGS,
    "guarded": GUARDED,
    "loaded": LOADED,
    "required": REQUIRED,
    "places": PLACES,
    "stages": STAGES,
    "below": BELOW,
}


@pytest.mark.parametrize("name", DOCUMENTS)
async def test_in_many_worlds(name: str) -> None:
    for world in WORLDS:

        def fresh(like: World = world) -> World:
            return World(like.seed, like.mishaps)

        result = await agreed(schema, DOCUMENTS[name], context=fresh, root=lambda: "root")
        assert world.mishaps > 0 or result.data is not None


INPUTS: list[tuple[str, dict[str, Any]]] = [
    ("{ scalars enums reviews pet matrix custom }", {}),
    ('{ scalars(int: null, ratio: 1, text: null, flag: null, id: 7) pet(pet: {cat: "x"}) }', {}),
    ("{ enums(one: RETURN_OF_THE_JEDI, many: [EMPIRE, NEW_HOPE]) matrix(rows: 1, single: 2) }", {}),
    (
        "query ($e: Episode!, $es: [Episode!]) { enums(one: $e, many: $es) }",
        {"e": "EMPIRE", "es": "NEW_HOPE"},
    ),
    ("query ($e: Episode = EMPIRE) { enums(one: $e) x: enums(many: [$e]) }", {}),
    (
        "query ($r: Review!) { review(review: $r, again: $r) }",
        {"r": {"stars": {}, "even": 4, "text": "t"}},
    ),
    ("query ($r: Review!) { review(review: $r) }", {"r": {"stars": {"weights": [1]}, "even": 3}}),
    (
        "query ($r: [Review]) { reviews(reviews: [$r, null]) }",
        {"r": [{"stars": {"count": 1}}, None]},
    ),
    (
        "query ($r: [[Review]!]) { reviews(reviews: $r) }",
        {"r": [[{"stars": {}, "replies": [{"stars": {}}]}]]},
    ),
    ("query ($n: Int) { review(review: {stars: {count: $n}, episode: null, tags: [null]}) }", {}),
    (
        "query ($n: Int) { review(review: {stars: {count: $n}, episode: null, tags: [null]}) }",
        {"n": 4},
    ),
    ("query ($p: Pet!) { pet(pet: $p) pets(pets: [$p]) }", {"p": {"dog": {"count": 2}}}),
    ("query ($p: Pet!) { pet(pet: $p) }", {"p": {"dog": None}}),
    ("query ($p: Pet!) { pet(pet: $p) }", {"p": {"dog": {}, "cat": "x"}}),
    ("query ($c: String!) { pet(pet: {cat: $c}) }", {"c": "x"}),
    (
        "{ optional(optional: {}) a: optional(optional: {given: null, required: 1}, given: null) }",
        {},
    ),
    ("query ($g: String) { optional(optional: {given: 1}, given: $g) }", {}),
    ("query ($g: String) { optional(optional: {given: 1}, given: $g) }", {"g": None}),
    ("query ($o: Optional!) { optional(optional: $o) }", {"o": {"required": None}}),
    ('{ custom(even: 2, day: "2026-01-02", json: {a: [1, null, {b: ENUM}]}) }', {}),
    (
        "query ($d: Date, $j: JSON) { custom(day: $d, json: $j) }",
        {"d": "2026-01-02", "j": [{"a": None}]},
    ),
    ("query ($d: Date) { custom(day: $d) }", {"d": "tomorrow"}),
    ("{ requiredArgument(number: 1) scalars(unknown: 1) }", {}),
    ("query ($n: Int) { requiredArgument(number: $n) }", {}),
]


@pytest.mark.parametrize(("document", "variables"), INPUTS)
async def test_arguments(document: str, variables: dict[str, Any]) -> None:
    await agreed(schema, document, variables, context=World)


@strawberry.type
class Entry:
    title: str
    parent: "Entry | None"
    number: int | None = strawberry.field(name="count")

    @strawberry.field
    def shouted(self, parent: strawberry.Parent[dict[str, Any]]) -> str:
        return str(parent["title"]).upper()


def some_entries() -> list[Any]:
    entry = {"title": "a", "parent": {"title": "c", "number": "x"}, "number": 1}
    return [entry, {"title": "b", "parent": entry}, None, entry, {"parent": None}]


@strawberry.type
class Entries:
    @strawberry.field
    def entries(self) -> list[Entry | None]:
        return some_entries()

    @strawberry.field
    async def first_entry(self) -> Entry:
        first: Entry = some_entries()[0]
        return first


async def test_types_of_dictionaries() -> None:
    """With a default resolver of its own; it fails on the keys that an entry does not have."""
    config = StrawberryConfig(default_resolver=operator.getitem, auto_camel_case=False)
    dictionaries = strawberry.Schema(query=Entries, config=config)
    source = """{
        entries { title count shouted parent { title count shouted } }
        first_entry { title parent { title } }
    }"""
    result = await agreed(dictionaries, source)
    assert result.data is not None
    titles = [entry and entry["title"] for entry in result.data["entries"]]
    assert titles == ["a", "b", None, "a", None]
    assert result.data["first_entry"] == {"title": "a", "parent": {"title": "c"}}


@pytest.mark.parametrize("name", DOCUMENTS)
async def test_stock_is_what_strawberry_executes(name: str) -> None:
    """The oracle is graphql-core as Strawberry calls it: its own `execute` gives the same."""
    expected = await stock(schema, DOCUMENTS[name], context_value=World(3, 60), root_value="root")
    errors = await possible(schema, DOCUMENTS[name], context_value=World(3, 60), root_value="root")
    document = DOCUMENTS[name]
    result = await schema.execute(document, context_value=World(3, 60), root_value="root")
    theirs = ExecutionResult(result.data, result.errors)
    assert differences(expected, theirs, errors) == []
