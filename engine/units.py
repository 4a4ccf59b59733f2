"""What a plan is made of: the operation, and its fields by the objects at which they are resolved."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLNamedOutputType,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    is_leaf_type,
)
from graphql.execution.collect_fields import FieldDetailsList, FragmentDetails
from graphql.execution.values import VariableValues
from strawberry.types.field import StrawberryField

from engine.arguments import Given
from engine.assembly import Assemble
from engine.cache import Cache
from engine.fields import Column
from engine.infos import info_of_field
from engine.introspection import INTROSPECTION
from engine.records import Columns
from engine.resolving import Start
from engine.shapes import Shape

# From an object to a field in selections inlined there: response names, and the types they are at.
Trail = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """What is compiled: one operation, under the variable values on which its @skip and @include depend."""

    schema: GraphQLSchema
    node: OperationDefinitionNode
    fragments: dict[str, FragmentDefinitionNode]
    variables: VariableValues
    introspected: Cache[tuple[Any, ...], Any]
    """What the engine has answered about the schema of late."""

    @property
    def details(self) -> dict[str, FragmentDetails]:
        return {name: FragmentDetails(node) for name, node in self.fragments.items()}


@dataclass(slots=True, eq=False)
class Field:
    """One field of a unit: how its values are got from the objects, and completed."""

    key: str
    name: str
    parent: GraphQLObjectType
    definition: GraphQLField
    nodes: FieldDetailsList
    strawberry: StrawberryField | None
    declared: Any
    shape: Shape
    named: GraphQLNamedOutputType
    prefix: str
    trail: Trail
    is_composite: bool
    """Whether its values have objects in them."""
    index: int = -1
    """Its place among the columns; -1 when it is none."""
    start: Start = field(init=False)
    """Gets its values, where it is a column."""
    ast: list[FieldNode] = field(init=False)
    info: tuple[Any, ...] = field(init=False)
    """What resolvers are told of it (`engine.infos`)."""
    decided_by: tuple[str, ...] | None = field(init=False)
    """The variables on which its arguments depend; None when they are made anew each time."""
    arguments: dict[Any, Given] = field(default_factory=dict)
    mentioned: tuple[str, ...] | None = None
    """The variables that it names, where it is about the schema, once they have been looked for."""
    layout: Columns | None = None
    unit: "Unit | None" = None
    """That of the objects in its values, where the schema says their type."""
    is_typed: bool = False
    """Whether these are of that type for certain: it has not to be asked."""
    inlined: "Selection | None" = None
    """The selection that is resolved beside it, for the same objects, where there is one."""
    opened: "list[Field] | None" = None
    """The columns that follow when its values have come, where it opens its selection."""
    given: int = -1
    """The column whose values it is resolved for; -1 where it is for the objects themselves."""

    def __post_init__(self) -> None:
        self.ast = [details.node for details in self.nodes]
        self.info = info_of_field(self)

    @property
    def is_leaf(self) -> bool:
        return is_leaf_type(self.named)

    @property
    def is_introspection(self) -> bool:
        return self.name in INTROSPECTION

    @property
    def attribute(self) -> str | None:
        """The attribute of the object that is the field's value, where it is no more than that."""
        if isinstance(self.declared, Column):
            return None if self.has_extensions else self.prefix + self.declared.name
        if self.strawberry is None or self.declared is not None:
            return None
        plain = self.strawberry.is_basic_field and self.strawberry.default_resolver is getattr
        return self.prefix + self.strawberry.python_name if plain else None

    @property
    def has_extensions(self) -> bool:
        return self.strawberry is not None and bool(self.strawberry.extensions)

    @property
    def coordinate(self) -> str:
        return f"{self.parent.name}.{self.name}"

    @property
    def trail_below(self) -> Trail:
        """The trail of fields in a selection that is inlined here."""
        return (*self.trail, (self.key, self.parent.name))

    @property
    def unless(self) -> str | None:
        """The column of the object that is null where the field is, if there is one."""
        return (
            self.prefix + self.declared.unless if getattr(self.declared, "unless", None) else None
        )


@dataclass(slots=True, eq=False)
class Selection:
    """The fields selected at an object, by response name."""

    type: GraphQLObjectType
    fields: dict[str, Field]

    def __iter__(self) -> Iterator[Field]:
        """All fields resolved for the object: those of inlined selections, after what opens them."""
        for each in self.fields.values():
            if each.inlined is None or each.opened is not None:
                yield each
            if each.inlined is not None:
                yield from each.inlined


@dataclass(slots=True, eq=False)
class Unit:
    """A selection at work: `assemble` turns objects and the values of columns into dicts.

    `layout` is that of the objects when they are rows, None when they are Python objects. The
    `columns` are the fields that are got for all objects at once; the others are read on the way.
    `first` are those of them that wait for no other.
    """

    selection: Selection
    layout: Columns | None
    prefix: str
    columns: list[Field]
    first: list[Field]
    assemble: Assemble
