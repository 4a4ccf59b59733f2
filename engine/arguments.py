"""Arguments of a field, coerced once for all of its objects."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from graphql import (
    GraphQLArgument,
    Undefined,
    get_nullable_type,
    is_enum_type,
    is_scalar_type,
    is_specified_scalar_type,
)
from graphql.execution.values import get_argument_values
from strawberry.types.arguments import convert_arguments

from engine.variables import variables_in

if TYPE_CHECKING:
    import strawberry
    from graphql.execution.values import VariableValues

    from engine.units import Field

# Of the values that a field's variables have had, so many are remembered with what became of them: a
# client may send ever new ones, and a document has many fields.
REMEMBERED: Final = 8
# Longer texts are not remembered.
LONGEST: Final = 100


def coerced(field: "Field", variables: "VariableValues") -> dict[str, Any]:
    """The arguments by their GraphQL names; raises GraphQLError.

    GraphQL specification, section 6.4.1, CoerceArgumentValues.
    """
    node, _, fragment_variables = field.nodes[0]
    if not field.definition.args and not node.arguments:
        return {}
    return get_argument_values(field.definition, node, variables, fragment_variables)


class Given:
    """Arguments as Strawberry gives them to a resolver: by Python name, with inputs as objects."""

    __slots__ = ("_prepared", "values")

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values
        self._prepared: Any = Undefined

    def prepared(self, prepare: Callable[..., Any]) -> Any:
        """What is made of them, once; raises what that raises."""
        if self._prepared is Undefined:
            self._prepared = prepare(**self.values)
        return self._prepared


def converted(
    field: "Field", variables: "VariableValues", schema: Any, info: "strawberry.Info[Any, Any]"
) -> Given:
    """The arguments of a field; raises GraphQLError.

    Inputs are made anew each time, as a resolver may change them; all else is shared.
    """
    key = _key(field, variables) if field.decided_by else field.decided_by
    known = None if key is None else field.arguments.get(key)
    if known is not None:
        return known
    made = Given(_convert(field, variables, schema, info))
    if key is not None:
        if len(field.arguments) >= REMEMBERED:
            field.arguments.clear()
        field.arguments[key] = made
    return made


def _key(field: "Field", variables: "VariableValues") -> tuple[Any, ...] | None:
    """What the arguments depend on; None where they cannot be shared between requests."""
    values = variables.coerced
    key = tuple([values.get(name, Undefined) for name in field.decided_by or ()])
    return None if any(map(is_unfit, key)) else key


def is_unfit(value: Any) -> bool:
    """Whether a value is none to be remembered by: too long, or a float, as 0.0 is -0.0."""
    return (isinstance(value, str) and len(value) > LONGEST) or isinstance(value, float)


def _convert(
    field: "Field", variables: "VariableValues", schema: Any, info: "strawberry.Info[Any, Any]"
) -> dict[str, Any]:
    values = coerced(field, variables)
    if not values:
        return values
    return convert_arguments(
        values,
        field.strawberry.arguments if field.strawberry is not None else [],
        scalar_registry=schema.schema_converter.scalar_registry,
        config=schema.config,
        info=info,
    )


def deciders(field: "Field") -> tuple[str, ...] | None:
    """The variables that the field's arguments name; None unless all values are immutable."""
    node = field.nodes[0].node
    if not field.definition.args:
        return ()
    given = {argument.name.value for argument in node.arguments or ()}
    for name, argument in field.definition.args.items():
        if (name in given or has_default(argument)) and not is_simple(argument.type):
            return None
    return tuple(name for argument in node.arguments or () for name in variables_in(argument))


def has_default(argument: GraphQLArgument) -> bool:
    """Whether an argument that is not given has a value nonetheless."""
    default = argument.default_value if argument.default is None else argument.default.value
    return default is not Undefined and default is not None


def is_simple(type_: Any) -> bool:
    """Whether values of an argument's type are immutable: an enum's, or a scalar's of the specification."""
    named = get_nullable_type(type_)
    return is_enum_type(named) or (is_scalar_type(named) and is_specified_scalar_type(named))
