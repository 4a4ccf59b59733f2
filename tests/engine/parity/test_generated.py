"""Thousands of random operations, in worlds in which much fails; see tests.engine.parity.documents.

PARITY_EXAMPLES sets how many there are of each kind; see the README beside this file.
"""

import os

from graphql import build_schema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine.parity.documents import Sample, samples
from tests.engine.parity.plain import Unlucky
from tests.engine.parity.runs import agreed
from tests.engine.parity.schema import World, schema

EXAMPLES = int(os.environ.get("PARITY_EXAMPLES", "300"))
MISHAPS = [0, 20, 100, 300]

many = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize="PARITY_EXAMPLES" not in os.environ,
)


@many
@given(samples(schema._schema, without=["miscounted"]), st.integers(0, 1000))
async def test_the_strawberry_schema(sample: Sample, seed: int) -> None:
    # What a batch of a wrong size says of itself is not the same for one parent and for many.
    for mishaps in MISHAPS:
        await agreed(
            schema,
            sample.source,
            sample.variables,
            context=lambda mishaps=mishaps: World(seed, mishaps),  # type: ignore[misc]
        )


TREES = build_schema(
    """
    type Query { tree: Tree treeRequired: Tree! listTrees: [Tree] x: String! }
    type Tree {
        leaf: String leafRequired: String! list: [String] listRequired: [String!]! listFull: [String!]
        tree: Tree treeRequired: Tree! listTrees: [Tree] listTreesRequired: [Tree!]! listTreesFull: [Tree!]
    }
    """
)


@many
@given(samples(TREES), st.integers(0, 1000))
async def test_trees_of_default_resolvers(sample: Sample, seed: int) -> None:
    for mishaps in (50, 200):
        await agreed(
            TREES,
            sample.source,
            sample.variables,
            root=lambda mishaps=mishaps: Unlucky(seed, mishaps),  # type: ignore[misc]
        )
