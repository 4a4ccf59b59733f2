"""Documents drawn at random, and the same documents with their fragments written out."""

import re
from typing import Final, NamedTuple

from graphql import build_schema
from hypothesis import strategies as st

SCHEMA: Final = build_schema(
    """
    directive @mark repeatable on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
    directive @cost(weight: String!) on FIELD_DEFINITION | OBJECT | ARGUMENT_DEFINITION
    directive @listSize(
      assumedSize: Int, slicingArguments: [String!], sizedFields: [String!]
      requireOneSlicingArgument: Boolean = true
    ) on FIELD_DEFINITION

    type Query @cost(weight: "2") {
      id: ID @cost(weight: "0.5")
      one: Query
      many(first: Int = 3): [Query] @listSize(slicingArguments: ["first"])
      page(first: Int, last: Int): Query
        @listSize(assumedSize: 4, slicingArguments: ["first", "last"], sizedFields: ["many"])
    }
    """
)
FRAGMENTS: Final = 3
VARIABLES: Final = "($a: Int, $b: Int)"

directives = st.sampled_from(["", "", " @mark", " @mark @mark"])
aliases = st.sampled_from(["", "", "x: ", "y: "])
sizes = st.sampled_from(["", "(first: 2)", "(first: $a)", "(first: $b)"])


def selection_sets(fragment: int) -> st.SearchStrategy[str]:
    """Selection sets that spread fragments numbered below `fragment`, so that there is no cycle."""
    spreads = [f"...F{i}" for i in range(fragment)] or ["id"]
    spread = st.tuples(st.sampled_from(spreads), directives).map("".join)
    leaf = st.tuples(aliases, st.just("id"), directives).map("".join)

    def extend(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        single = st.tuples(aliases, st.just("one"), directives, inner)
        sized = st.tuples(aliases, st.sampled_from(["many", "page"]), sizes, directives, inner)
        inline = st.tuples(st.just("..."), directives, inner)
        return several((single | sized | inline).map("".join) | leaf | spread)

    return st.recursive(several(leaf | spread), extend, max_leaves=5)


def several(selection: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(selection, min_size=1, max_size=3).map(lambda each: f"{{{' '.join(each)}}}")


class Drawn(NamedTuple):
    with_fragments: str
    written_out: str


def with_fragments(bodies: tuple[str, ...], operation: str) -> Drawn:
    text = f"query{VARIABLES} "
    definitions = [f" fragment F{i} on Query {body}" for i, body in enumerate(bodies)]
    return Drawn(text + operation + "".join(definitions), text + written_out(operation, bodies))


def written_out(text: str, bodies: tuple[str, ...]) -> str:
    """The text with `... @mark {id}` for `...F0 @mark`, where F0 has {id}."""
    return re.sub(
        r"\.\.\.F(\d)((?: @mark)*)",
        lambda spread: f"...{spread[2]} {written_out(bodies[int(spread[1])], bodies)}",
        text,
    )


documents: Final = st.builds(
    with_fragments, st.tuples(*map(selection_sets, range(FRAGMENTS))), selection_sets(FRAGMENTS)
)
