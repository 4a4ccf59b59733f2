"""What a schema says about costs, read from its directives: see `engine.cost`."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast

from graphql import (
    GraphQLArgument,
    GraphQLCompositeType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    OperationType,
    get_directive_values,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_input_object_type,
    is_introspection_type,
    is_leaf_type,
    is_list_type,
    value_from_ast_untyped,
)

from engine.cost import Cost, ListSize

D = TypeVar("D", Cost, ListSize)
Input = GraphQLArgument | GraphQLInputField

NAMES: Final = {Cost: "cost", ListSize: "listSize"}
SNAKE: Final = {
    "weight": "weight",
    "assumedSize": "assumed_size",
    "slicingArguments": "slicing_arguments",
    "sizedFields": "sized_fields",
    "requireOneSlicingArgument": "require_one_slicing_argument",
}

COMPOSITE: Final = 1.0
LEAF: Final = 0.0
MUTATION: Final = 10.0
INTROSPECTION: Final = 0.5
UNKNOWN: Final = 1.0


@dataclass(frozen=True, slots=True)
class FieldWeights:
    """What a field costs: `own` for each resolution, without arguments, and `item` for each object
    or leaf that it returns.
    """

    type: GraphQLNamedType
    own: float
    item: float
    is_list: bool
    arguments: Mapping[str, GraphQLArgument]
    assumed_size: float
    slicing_arguments: tuple[tuple[str, Any], ...]
    """Their names and defaults."""
    sized_fields: frozenset[str]


class Weights:
    """The weights of one schema.

    Raises ValueError for a weight that is no number, and for a list size that names what is not there.
    """

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._sizes = introspection_sizes(schema)
        self._fields: dict[tuple[str, str], FieldWeights] = {}
        self._inputs: dict[int, float] = {}
        self._read_all()

    def _read_all(self) -> None:
        """So that a mistake is found when a server starts."""
        for type_ in self._schema.type_map.values():
            if isinstance(type_, (GraphQLObjectType, GraphQLInterfaceType)):
                for name in type_.fields:
                    self.field(type_, name)

    def field(self, parent: GraphQLNamedType, name: str) -> FieldWeights:
        """Of a field that the type has."""
        key = parent.name, name
        if key not in self._fields:
            self._fields[key] = self._field(parent, name)
        return self._fields[key]

    def named(self, name: str) -> GraphQLNamedType:
        return self._schema.type_map[name]

    def root(self, operation: OperationType) -> GraphQLNamedType:
        root = self._schema.get_root_type(operation)
        if root is None:
            raise LookupError(f"The schema has no {operation.value} type.")
        return root

    def _field(self, parent: GraphQLNamedType, name: str) -> FieldWeights:
        field = self._definition(parent, name)
        type_ = get_named_type(field.type)
        size = self._directive(field, ListSize) or ListSize()
        check_size(size, field, f"{parent.name}.{name}")
        return FieldWeights(
            type=type_,
            own=max(self._own(each, name) for each in self._concrete(parent)),
            item=self.item(type_),
            is_list=is_list_type(get_nullable_type(field.type)),
            arguments=field.args,
            assumed_size=float(size.assumed_size or self._sizes.get((parent.name, name), UNKNOWN)),
            slicing_arguments=tuple(
                (each, default_of(field.args[each])) for each in size.slicing_arguments or ()
            ),
            sized_fields=frozenset(size.sized_fields or ()),
        )

    def _definition(self, parent: GraphQLNamedType, name: str) -> GraphQLField:
        field = self._schema.get_field(cast("GraphQLCompositeType", parent), name)
        if field is None:
            raise LookupError(f"{parent.name} has no field {name}.")
        return field

    def _concrete(self, type_: GraphQLNamedType) -> Iterable[GraphQLNamedType]:
        """What a value of the type may be; the type itself where nothing implements it."""
        return (is_abstract_type(type_) and self._schema.get_possible_types(type_)) or (type_,)

    def _own(self, parent: GraphQLNamedType, name: str) -> float:
        field = self._definition(parent, name)
        default = self._default(get_named_type(field.type))
        if parent is self._schema.mutation_type and not name.startswith("__"):
            default = MUTATION
        return self._weight(field, default)

    def item(self, type_: GraphQLNamedType) -> float:
        """Of one object, or leaf, of the type."""
        weights = (self._weight(each, self._default(each)) for each in self._concrete(type_))
        return max(0.0, *weights)

    def _default(self, type_: GraphQLNamedType) -> float:
        if is_leaf_type(type_):
            return LEAF
        return INTROSPECTION if is_introspection_type(type_) else COMPOSITE

    def input(self, definition: Input, value: Any) -> float:
        """Of an argument, or a field of an input object, that is given, with what is inside it."""
        return self._given(definition) + self._inside(definition.type, value)

    def is_weighty(self, definition: Input) -> bool:
        """Whether what is given matters to its cost."""
        return is_input_object_type(get_named_type(definition.type)) or bool(
            self._given(definition)
        )

    def _given(self, definition: Input) -> float:
        key = id(definition)
        if key not in self._inputs:
            default = self._default(get_named_type(definition.type))
            self._inputs[key] = self._weight(definition, default)
        return self._inputs[key]

    def _inside(self, type_: GraphQLInputType, value: Any) -> float:
        nullable = get_nullable_type(type_)
        if is_list_type(nullable):
            items = value if isinstance(value, list) else [value]
            return sum(self._inside(nullable.of_type, item) for item in items)
        if not is_input_object_type(nullable) or not isinstance(value, Mapping):
            return 0.0
        fields = nullable.fields
        return sum(self.input(fields[key], value[key]) for key in value if key in fields)

    def _weight(self, element: Any, default: float) -> float:
        directive = self._directive(element, Cost)
        if directive is None:
            return default
        weight = float(directive.weight)
        if not math.isfinite(weight):
            raise ValueError(f"A weight must be finite: {weight}.")
        return weight

    def _directive(self, element: Any, kind: type[D]) -> D | None:
        """The element's directive, as Strawberry has it or as the SDL does."""
        definition = element.extensions.get("strawberry-definition")
        if definition is not None:
            return next((each for each in definition.directives if isinstance(each, kind)), None)
        directive = self._schema.get_directive(NAMES[kind])
        if directive is None or element.ast_node is None:
            return None
        values = get_directive_values(directive, element.ast_node)
        return None if values is None else kind(**{SNAKE[name]: values[name] for name in values})


def check_size(size: ListSize, field: GraphQLField, name: str) -> None:
    """A size may be shared by fields whose types have only some of its sized fields."""
    fields = getattr(get_named_type(field.type), "fields", {})
    if not field.args.keys() >= set(size.slicing_arguments or ()):
        raise ValueError(f"The list size of {name} names an argument that it does not have.")
    if size.sized_fields and fields.keys().isdisjoint(size.sized_fields):
        raise ValueError(f"The list size of {name} names no field of what it returns.")


def default_of(argument: GraphQLArgument) -> Any:
    """Undefined where the argument has none."""
    if argument.default is None:
        return argument.default_value
    literal = argument.default.literal
    return value_from_ast_untyped(literal) if literal else argument.default.value


def introspection_sizes(schema: GraphQLSchema) -> dict[tuple[str, str], float]:
    """How long the lists of introspection are in this schema; on average, those below types."""
    types = schema.type_map.values()
    fields = [field for each in types for field in getattr(each, "fields", {}).values()]

    def mean(name: str) -> float:
        return sum(len(getattr(each, name, ())) for each in types) / len(types)

    arguments = sum(len(getattr(field, "args", ())) for field in fields) / len(fields)
    return {
        ("__Schema", "types"): len(types),
        ("__Schema", "directives"): len(schema.directives),
        ("__Type", "fields"): len(fields) / len(types),
        ("__Type", "inputFields"): len(fields) / len(types),
        ("__Type", "interfaces"): mean("interfaces"),
        ("__Type", "enumValues"): mean("values"),
        ("__Type", "possibleTypes"): mean("types"),
        ("__Field", "args"): arguments,
        ("__Directive", "args"): arguments,
    }
