"""Fields about the schema itself, answered by graphql-core."""

from typing import TYPE_CHECKING, Any, Final

from graphql import (
    DocumentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    execute_sync,
)

from engine.variables import variables_in

if TYPE_CHECKING:
    from engine.infos import Request
    from engine.units import Field, Operation

INTROSPECTION: Final = ("__schema", "__type")
TYPENAME: Final = "__typename"


def introspect(operation: "Operation", request: "Request", field: "Field") -> Any:
    """The completed value of a field about the schema, or the exception that there is none.

    It depends on the variables alone that it names; the engine remembers the last few.
    """
    asked = OperationDefinitionNode(
        operation=OperationType.QUERY,
        variable_definitions=operation.node.variable_definitions,
        directives=(),
        selection_set=SelectionSetNode(selections=tuple(field.ast)),
    )
    document = DocumentNode(definitions=(asked, *operation.fragments.values()))
    key = _key(operation, request, field)
    known = operation.introspected.get(key)
    if known is None:
        known = _answer(document, operation, request, field)
        operation.introspected.put(key, known, 1)
    return known


def _key(operation: "Operation", request: "Request", field: "Field") -> tuple[Any, ...]:
    source = operation.node.loc.source.body if operation.node.loc is not None else ""
    names = field.mentioned
    if names is None:
        nodes = (*field.ast, *operation.fragments.values())
        found = [name for node in nodes for name in variables_in(node)]
        names = field.mentioned = tuple(dict.fromkeys(found))
    values = request.variables.coerced
    return (source, field.nodes[0].node.loc, field.key, *[repr(values.get(name)) for name in names])


def _answer(
    document: DocumentNode, operation: "Operation", request: "Request", field: "Field"
) -> Any:
    result = execute_sync(operation.schema, document, variable_values=request.raw_variables)
    return result.errors[0] if result.errors else (result.data or {})[field.key]
