"""Fields about the schema itself, answered by graphql-core."""

from typing import TYPE_CHECKING, Any, Final

from graphql import (
    DocumentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    execute_sync,
)

if TYPE_CHECKING:
    from engine.infos import Request
    from engine.plan import Field, Operation

INTROSPECTION: Final = ("__schema", "__type")


def introspect(operation: "Operation", request: "Request", field: "Field") -> Any:
    """The completed value of a field about the schema, or the exception that there is none.

    It depends on the operation's variables alone, so without any it is found once a plan.
    """
    is_constant = not operation.node.variable_definitions
    if is_constant and field.constant is not None:
        return field.constant
    asked = OperationDefinitionNode(
        operation=OperationType.QUERY,
        variable_definitions=operation.node.variable_definitions,
        directives=(),
        selection_set=SelectionSetNode(selections=tuple(field.ast)),
    )
    document = DocumentNode(definitions=(asked, *operation.fragments.values()))
    result = execute_sync(operation.schema, document, variable_values=request.raw_variables)
    value = result.errors[0] if result.errors else (result.data or {})[field.key]
    if is_constant:
        field.constant = value
    return value
