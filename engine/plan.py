"""From an operation to an immutable plan: what to resolve at each object, and what its rows must have."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLObjectType, is_leaf_type, is_object_type
from graphql.execution.collect_fields import (
    FieldDetailsList,
    GroupedFieldSet,
    collect_fields,
    collect_subfields,
)
from strawberry.permission import PermissionExtension

from engine.arguments import deciders
from engine.assembly import assembler
from engine.fields import DECLARATION, Batched, Reads, Same
from engine.inlining import is_column, is_for_values, is_inlinable, may_open
from engine.introspection import INTROSPECTION, TYPENAME
from engine.records import Columns, columns_of, row_of, select
from engine.resolving import starter
from engine.shapes import shape_of
from engine.units import Field, Operation, Selection, Trail, Unit


@dataclass(slots=True, eq=False)
class Plan:
    """An operation's plan. Units of types that are known only at run time are made when first met."""

    operation: Operation
    root: Unit = field(init=False)
    _units: dict[tuple[Any, ...], Unit] = field(default_factory=dict)
    _wanted_by_loader: dict[object, Columns | None] = field(default_factory=dict)
    _selections: dict[tuple[Any, ...], GroupedFieldSet] = field(default_factory=dict)
    _collected: set[tuple[Any, ...]] = field(default_factory=set)

    def __post_init__(self) -> None:
        type_, chosen = self._root_type(), self._root_fields()
        for each in self._fields(type_, chosen, ""):
            self._collect(each)
        self.root = self._unit(type_, chosen, None, "", is_root=True)

    def _root_type(self) -> GraphQLObjectType:
        root = self.operation.schema.get_root_type(self.operation.node.operation)
        assert root is not None  # noqa: S101 - the engine has looked
        return root

    def _root_fields(self) -> GroupedFieldSet:
        chosen = self.operation
        return collect_fields(
            chosen.schema, chosen.details, chosen.variables, self._root_type(), chosen.node
        ).grouped_field_set

    def unit(
        self,
        type_: GraphQLObjectType,
        nodes: FieldDetailsList,
        layout: Columns | None,
        prefix: str = "",
    ) -> Unit:
        """The unit for the selections of `nodes` at objects of the type; made once."""
        key = (*selected(type_, nodes), layout, prefix)
        unit = self._units.get(key)
        if unit is None:
            unit = self._units[key] = self._unit(type_, self._select(type_, nodes), layout, prefix)
        return unit

    def _select(self, type_: GraphQLObjectType, nodes: FieldDetailsList) -> GroupedFieldSet:
        """The fields selected at objects of the type, by response name, in order; found once."""
        key = selected(type_, nodes)
        if key not in self._selections:
            chosen = self.operation
            self._selections[key] = collect_subfields(
                chosen.schema, chosen.details, chosen.variables, chosen.node, type_, nodes
            ).grouped_field_set
        return self._selections[key]

    def _unit(
        self,
        type_: GraphQLObjectType,
        chosen: GroupedFieldSet,
        layout: Columns | None,
        prefix: str,
        is_root: bool = False,
    ) -> Unit:
        selection = self._selection(type_, chosen, layout, prefix, ())
        columns = [each for each in selection if is_column(each, is_root)]
        for index, each in enumerate(columns):
            each.index = index
            for opened in each.opened or ():
                opened.given = index
        self._lay_out(columns)
        for each in columns:
            self._descend(each, layout)
            each.start = starter(each, layout, self.operation.schema)
            each.decided_by = deciders(each)
        first = [each for each in columns if each.given < 0]
        return Unit(
            selection, layout, prefix, columns, first, assembler(selection, columns, layout)
        )

    def _selection(
        self,
        type_: GraphQLObjectType,
        chosen: GroupedFieldSet,
        layout: Columns | None,
        prefix: str,
        trail: Trail,
    ) -> Selection:
        """The fields, with the selections at the same objects inlined."""
        fields = list(self._fields(type_, chosen, prefix, trail))
        for each in fields:
            if is_inlinable(each, layout):
                self._inline(each, layout)
            elif may_open(each) and type_ is not self.operation.schema.mutation_type:
                self._open(each)
        return Selection(type_, {each.key: each for each in fields})

    def _inline(self, each: Field, layout: Columns | None) -> None:
        assert isinstance(each.named, GraphQLObjectType)  # noqa: S101 - else not inlinable
        below = self._select(each.named, each.nodes)
        prefix = each.prefix + each.declared.prefix
        selection = self._selection(each.named, below, layout, prefix, each.trail_below)
        # Where it may be null there is no object to get more for.
        if each.declared.unless is None or not any(is_column(inner, False) for inner in selection):
            each.inlined = selection

    def _open(self, each: Field) -> None:
        """Inlines what is resolved for the field's values alone."""
        assert isinstance(each.named, GraphQLObjectType)  # noqa: S101 - else it does not open
        below = self._select(each.named, each.nodes)
        if all(map(is_for_values, self._fields(each.named, below, ""))):
            selection = self._selection(each.named, below, None, "", each.trail_below)
            each.inlined = selection
            each.opened = [inner for inner in selection.fields.values() if inner.name != TYPENAME]

    def unit_of(self, each: Field) -> Unit:
        """The unit of the objects in the field's values, where it does not open its selection for all."""
        assert isinstance(each.named, GraphQLObjectType)  # noqa: S101 - else it does not open
        return self.unit(each.named, each.nodes, None)

    def _fields(
        self, type_: GraphQLObjectType, selection: GroupedFieldSet, prefix: str, trail: Trail = ()
    ) -> Iterable[Field]:
        for key, nodes in selection.items():
            name = nodes[0].node.name.value
            definition = self.operation.schema.get_field(type_, name)
            if definition is None:
                continue
            strawberry = definition.extensions.get("strawberry-definition")
            declared = strawberry.metadata.get(DECLARATION) if strawberry is not None else None
            shape, named = shape_of(definition.type)
            yield Field(
                key,
                name,
                type_,
                definition,
                nodes,
                strawberry,
                declared,
                shape,
                named,
                prefix,
                trail,
                is_composite=not is_leaf_type(named) and name not in INTROSPECTION,
            )

    def _collect(self, each: Field) -> None:
        """Notes what the field, and those below it, want of the rows of loaders; once for each."""
        key = selected(each.parent, each.nodes)
        if key in self._collected:
            return
        self._collected.add(key)
        loader = getattr(each.declared, "loader", None)
        if loader is not None:
            before = self._wanted_by_loader.get(loader, ())
            self._wanted_by_loader[loader] = union(before, self._wanted(each))
        if isinstance(each.named, GraphQLObjectType) and not each.is_introspection:
            for below in self._fields(each.named, self._select(each.named, each.nodes), ""):
                self._collect(below)

    def _lay_out(self, columns: list[Field]) -> None:
        """Gives fields that read rows their layout: one for all that may share them."""
        reading = [(source, each) for each in columns if (source := source_of(each)) is not None]
        layouts: dict[object, Columns | None] = dict(self._wanted_by_loader)
        for source, each in reading:
            layouts[source] = union(layouts.get(source, ()), self._wanted(each))
        for source, each in reading:
            each.layout = layouts[source]

    def _wanted(self, each: Field) -> Columns | None:
        """The columns that a field reads of the rows it loads; None for all."""
        declared: Batched = each.declared
        if not declared.rows:
            return declared.columns
        if not is_object_type(each.named):
            return None
        needed = self.needs(each.named, each.nodes, declared.prefix)
        return None if needed is None else (*needed, *declared.columns)

    def needs(
        self, type_: GraphQLObjectType, nodes: FieldDetailsList, prefix: str
    ) -> Columns | None:
        """The columns of a row that the selections of `nodes` read; None when that cannot be told."""
        needed: list[str] = []
        for each in self._fields(type_, self._select(type_, nodes), prefix):
            read = self._reads(each)
            if read is None:
                row = row_of(type_)
                if row is None or prefix:
                    return None
                read = columns_of(row)
            needed += read
        return tuple(needed)

    def _reads(self, each: Field) -> Columns | None:
        """The attributes that a field reads of its object; None for all."""
        if each.name == TYPENAME:
            return ()
        if each.attribute is not None:
            return (each.attribute,)
        if not extensions_read_nothing(each):
            return None
        match each.declared:
            case Same(prefix=prefix, unless=unless) if is_object_type(each.named):
                below = self.needs(each.named, each.nodes, each.prefix + prefix)
                own = () if unless is None else (each.prefix + unless,)
                return None if below is None else (*own, *below)
            case Batched(reads=names) | Reads(names=names) if names is not None:
                return tuple(each.prefix + name for name in names)
        return None

    def _descend(self, each: Field, layout: Columns | None) -> None:
        """Gives a field of one object type its unit."""
        if not is_object_type(each.named) or each.name in INTROSPECTION:
            return
        match each.declared:
            case Same(prefix=prefix) if not each.has_extensions:
                below, inner = layout, each.prefix + prefix
            case Batched(rows=True, prefix=prefix):
                below, inner = each.layout, prefix
            case Batched(prefix=prefix):
                below, inner = None, prefix
            case _:
                below, inner = None, ""
        if each.opened is None:
            each.unit = self.unit(each.named, each.nodes, below, inner)
        is_said = isinstance(each.declared, Batched | Same) and each.declared.typed
        each.is_typed = is_said or below is not None or each.named.is_type_of is None


def selected(type_: GraphQLObjectType, nodes: FieldDetailsList) -> tuple[Any, ...]:
    """What tells the selections of these nodes at objects of the type from all others.

    The nodes live as long as the operation. Fragments make the same ones stand in many places.
    """
    return (type_.name, *[id(details.node) for details in nodes])


def extensions_read_nothing(each: Field) -> bool:
    """Whether the field's permissions, if any, declare that they read nothing of the parent."""
    return all(
        isinstance(extension, PermissionExtension)
        and all(getattr(permission, "reads", None) == () for permission in extension.permissions)
        for extension in (each.strawberry.extensions if each.strawberry is not None else ())
    )


def union(before: Columns | None, more: Columns | None) -> Columns | None:
    """The layout that has both; None (all columns) if one is."""
    return None if before is None or more is None else select((*before, *more))


def source_of(each: Field) -> object:
    """What fields must share to have one layout; None for a field that reads no rows."""
    declared = each.declared
    if not isinstance(declared, Batched) or not (declared.rows or declared.columns):
        return None
    if declared.loader is not None:
        return declared.loader
    if declared.source is None:
        return each
    return (declared.source, declared.key, each.prefix, each.given)
