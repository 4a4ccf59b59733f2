"""The schema against the contract, against the file that is checked in, and against our own rules."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLObjectType, GraphQLSchema, build_schema, parse, validate
from graphql.utilities import find_breaking_changes

from resolvers.schema import schema
from tests.contract.operations import OPERATIONS, Operation

HERE = Path(__file__).parent
BUILT_IN = {"Boolean", "Float", "ID", "Int", "String"}

# What the contract has and Masthead does not yet: a mutation leaves this list when it is built.
MISSING_MUTATIONS = frozenset((HERE / "missing_mutations.txt").read_text(encoding="utf-8").split())


@pytest.fixture(scope="module")
def ours() -> GraphQLSchema:
    return build_schema(schema.as_str())


def contract_without(mutations: frozenset[str]) -> GraphQLSchema:
    """The contract, less those mutations and all types that only they mention."""
    full = build_schema((HERE / "contract.graphql").read_text())
    assert full.mutation_type is not None
    kept = {name: each for name, each in full.mutation_type.fields.items() if name not in mutations}
    return GraphQLSchema(full.query_type, GraphQLObjectType("Mutation", kept))


def test_the_schema_is_a_superset_of_the_contract(ours: GraphQLSchema) -> None:
    contract = contract_without(MISSING_MUTATIONS)
    changes = [change.description for change in find_breaking_changes(contract, ours)]
    assert changes == []


def test_the_missing_mutations_are_those_listed(ours: GraphQLSchema) -> None:
    contract = build_schema((HERE / "contract.graphql").read_text())
    assert contract.mutation_type is not None
    assert ours.mutation_type is not None
    assert set(contract.mutation_type.fields) - set(ours.mutation_type.fields) == MISSING_MUTATIONS


def test_the_file_is_what_the_code_says() -> None:
    assert Path("schema.graphql").read_text() == schema.as_str() + "\n"


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_every_operation_of_the_contract_is_valid(
    operation: Operation, ours: GraphQLSchema
) -> None:
    assert validate(ours, parse(operation.text)) == []


def undescribed(graphql_schema: GraphQLSchema) -> Iterator[str]:
    for name, each in graphql_schema.type_map.items():
        if name.startswith("__") or name in BUILT_IN:
            continue
        if not each.description:
            yield name
        yield from undescribed_parts(name, each)


def undescribed_parts(name: str, each: Any) -> Iterator[str]:
    for value_name, value in getattr(each, "values", {}).items():
        if not value.description:
            yield f"{name}.{value_name}"
    for field_name, field in getattr(each, "fields", {}).items():
        if not field.description:
            yield f"{name}.{field_name}"
        for argument_name, argument in getattr(field, "args", {}).items():
            if not argument.description:
                yield f"{name}.{field_name}({argument_name})"


def test_everything_public_has_a_description(ours: GraphQLSchema) -> None:
    assert list(undescribed(ours)) == []
