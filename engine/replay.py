"""The second look, when something is not regular: exact errors, nulls and what remains.

The values that were got are completed once more, by graphql-core's own executor: so paths, messages, the
propagation of nulls and which errors are reported are its own, and no resolver is called again.
"""

from typing import Any, NamedTuple

from graphql import (
    ExecutionResult,
    GraphQLAbstractType,
    GraphQLObjectType,
    GraphQLOutputType,
    Undefined,
    located_error,
)
from graphql.execution.collect_fields import FieldDetailsList
from graphql.execution.executor import Executor
from graphql.pyutils import Path

from engine.instances import UNSTARTED, Instance
from engine.introspection import TYPENAME
from engine.resolving import reader
from engine.shapes import replace
from engine.units import Field, Selection


class Handle(NamedTuple):
    """An object of an instance, and what is selected there."""

    instance: Instance
    selection: Selection
    position: int


def handle(instance: Instance, position: int) -> Handle:
    """The object in this position."""
    return Handle(instance, instance.unit.selection, position)


class Replay(Executor[Any]):
    """Completes the values of an execution; its root value is the root's Handle."""

    def result(self) -> ExecutionResult:
        """The result of completing everything that was got."""
        completed: Any = self.execute_operation()
        result: ExecutionResult = completed
        return result

    def execute_field(
        self,
        parent_type: GraphQLObjectType,
        source: Any,
        field_details_list: FieldDetailsList,
        path: Path,
        position_context: Any,
    ) -> Any:
        """Completes the value that the field has; GraphQL specification, section 6.4."""
        handle: Handle = source
        field = handle.selection.fields.get(str(path.key))
        if field is None:
            return Undefined
        value = self._value(handle, field)
        if value is UNSTARTED:
            return Undefined
        info = self.build_resolve_info(
            field.definition, [each.node for each in field.nodes], parent_type, path
        )
        try:
            if field.is_introspection and not isinstance(value, Exception):
                return value
            return self.complete_value(
                field.definition.type, field_details_list, info, path, value, position_context
            )
        except Exception as error:
            self.handle_field_error(error, field.definition.type, field_details_list, path)
            return None

    def complete_value(
        self,
        return_type: GraphQLOutputType,
        field_details_list: FieldDetailsList,
        info: Any,
        path: Path,
        result: Any,
        position_context: Any,
    ) -> Any:
        """An exception is not raised itself: many objects share it, and its traceback would grow."""
        if isinstance(result, Exception):
            raise located_error(result, [each.node for each in field_details_list], path.as_list())
        return super().complete_value(
            return_type, field_details_list, info, path, result, position_context
        )

    def _value(self, handle: Handle, field: Field) -> Any:
        """What the field of the object was given; objects are handles, failures exceptions."""
        instance, _, position = handle
        if field.name == TYPENAME:
            return field.parent.name
        values = instance.settled.get(field)
        if values is None:
            values = _handles(instance, field)
            if values is UNSTARTED:
                return values
            instance.settled = {**instance.settled, field: values}
        return values[position]

    def complete_abstract_value(
        self,
        return_type: GraphQLAbstractType,
        field_details_list: FieldDetailsList,
        info: Any,
        path: Path,
        result: Any,
        position_context: Any,
    ) -> Any:
        """The type of the object is known already."""
        return self._object(field_details_list, path, result, position_context)

    def complete_object_value(
        self,
        return_type: GraphQLObjectType,
        field_details_list: FieldDetailsList,
        info: Any,
        path: Path,
        result: Any,
        position_context: Any,
    ) -> Any:
        """The object is known to be of its type already."""
        return self._object(field_details_list, path, result, position_context)

    def _object(
        self, field_details_list: FieldDetailsList, path: Path, result: Any, position_context: Any
    ) -> Any:
        handle: Handle = result
        return self.collect_and_execute_subfields(
            handle.selection.type, field_details_list, path, handle, position_context
        )


def _handles(instance: Instance, field: Field) -> Any:
    """A column's values with handles in the places of objects."""
    if field.inlined is not None and instance.has_inlined(field):
        return _inlined(instance, field, field.inlined)
    values = instance.values[field.index]
    if values is UNSTARTED or not field.is_composite:
        return values
    handles: dict[int, Handle] = {}
    for child, positions in instance.children[field.index]:
        for index, position in enumerate(positions):
            handles[position] = handle(child, index)
    ordered = iter([handles[position] for position in range(len(handles))])
    return replace(values, ordered, field.shape.depth + 1)


def _inlined(instance: Instance, field: Field, selection: Selection) -> list[Handle | None]:
    """The objects themselves, with another selection; None where there is none."""
    handles = [Handle(instance, selection, each) for each in range(len(instance.objects))]
    if field.unless is None:
        return list(handles)
    is_null = reader(field.unless, instance.unit.layout)
    return [
        None if is_null(each) is None else made
        for each, made in zip(instance.objects, handles, strict=True)
    ]
