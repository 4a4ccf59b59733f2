"""Which operation of a document a request means, and the values of its variables."""

from collections.abc import Mapping
from typing import Any, Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    type_from_ast,
)
from graphql.execution.values import VariableValues, get_variable_values

from engine.arguments import is_simple

# As many as stock execution reports.
MAX_ERRORS: Final = 50
# Classes of raw values that are equal only if they mean the same; 0.0 and -0.0 do not.
PLAIN: Final = frozenset({str, int, bool, type(None)})
# What is longer, all names and texts together, or greater, is not remembered.
LONGEST: Final = 300
GREATEST: Final = 2**63
NO_VARIABLES: Final = VariableValues({}, {})


def choose(document: DocumentNode, name: str | None) -> OperationDefinitionNode | GraphQLError:
    """GraphQL specification, section 6.1, GetOperation; or OPERATION_RESOLUTION_FAILURE, in the words of
    stock execution.
    """
    found = [
        each
        for each in document.definitions
        if isinstance(each, OperationDefinitionNode)
        and (name is None or (each.name is not None and each.name.value == name))
    ]
    if name is not None:
        return found[-1] if found else unresolved(f"Unknown operation named '{name}'.")
    if len(found) > 1:
        return unresolved("Must provide operation name if query contains multiple operations.")
    return found[0] if found else unresolved("Must provide an operation.")


def unresolved(message: str) -> GraphQLError:
    return GraphQLError(message, extensions={"code": "OPERATION_RESOLUTION_FAILURE"})


def coerce(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    raw: dict[str, Any],
    hide_suggestions: bool = False,
) -> VariableValues | list[GraphQLError]:
    """GraphQL specification, section 6.1.2, CoerceVariableValues."""
    definitions = operation.variable_definitions
    if not definitions:
        return NO_VARIABLES
    return get_variable_values(schema, definitions, raw, MAX_ERRORS, hide_suggestions)


def plain_key(raw: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """What raw variables can be told by from others; None where they are long, or not immutable."""
    length = 0
    for name, value in raw.items():
        kind = type(value)
        if kind not in PLAIN or (kind is int and abs(value) > GREATEST):
            return None
        length += len(name) + (len(value) if kind is str else 0)
    if length > LONGEST:
        return None
    return tuple([(name, type(value), value) for name, value in raw.items()])


def are_simple(schema: GraphQLSchema, operation: OperationDefinitionNode) -> bool:
    """Whether variables of the operation are immutable when coerced, and the same each time."""
    types = [type_from_ast(schema, each.type) for each in operation.variable_definitions or ()]
    return all(map(is_simple, types))


def fragments_of(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    """The document's fragments by name."""
    return {
        each.name.value: each
        for each in document.definitions
        if isinstance(each, FragmentDefinitionNode)
    }


def cut(variables: VariableValues, names: tuple[str, ...]) -> VariableValues:
    """Only these variables: a plan is kept, and is to keep nothing else of a request."""
    return VariableValues(
        {name: source for name, source in variables.sources.items() if name in names},
        {name: value for name, value in variables.coerced.items() if name in names},
    )


def root_fields(document: DocumentNode, operation: OperationDefinitionNode) -> list[str]:
    """The names of the fields at the root, through fragments, as often as they are there."""
    fragments = fragments_of(document)
    names: list[str] = []
    rest = [operation.selection_set]
    seen: set[str] = set()
    while rest:
        for each in rest.pop().selections:
            if isinstance(each, FieldNode):
                names.append(each.name.value)
            elif isinstance(each, InlineFragmentNode):
                rest.append(each.selection_set)
            elif isinstance(each, FragmentSpreadNode) and each.name.value not in seen:
                seen.add(each.name.value)
                rest.append(fragments[each.name.value].selection_set)
    return names
