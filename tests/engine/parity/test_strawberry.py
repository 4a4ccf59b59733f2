"""Operations on the large Strawberry schema, in worlds where all goes well and where much does not."""

from typing import Any

import pytest

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

WORLDS = [World(0)] + [World(seed, mishaps) for mishaps in (30, 150, 400) for seed in range(8)]
DOCUMENTS = {
    "leaves": LEAVES,
    "lists": LISTS,
    "characters": CHARACTERS,
    "things": THINGS,
    "guarded": GUARDED,
    "loaded": LOADED,
    "required": REQUIRED,
    "places": PLACES,
}


@pytest.mark.parametrize("name", DOCUMENTS)
async def test_in_many_worlds(name: str) -> None:
    for world in WORLDS:

        def fresh(like: World = world) -> World:
            return World(like.seed, like.mishaps)

        result = await agreed(schema, DOCUMENTS[name], context=fresh, root=lambda: "root")
        assert world.mishaps > 0 or result.data is not None


@pytest.mark.parametrize(
    ("document", "variables"),
    [
        ("{ scalars enums reviews pet { x } }", None),
    ],
)
async def test_arguments(document: str, variables: dict[str, Any] | None) -> None:
    await agreed(schema, document, variables, context=World)
