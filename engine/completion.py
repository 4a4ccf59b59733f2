"""The response's data, from the values of an execution in which everything is regular."""

from collections.abc import Sequence
from typing import Any

from engine.instances import Instance
from engine.leaves import completer
from engine.units import Field

Values = list[Any]
Children = Sequence[tuple[Instance, Sequence[int]]]


def complete(instance: Instance) -> list[dict[str, Any]]:
    """The dicts of the instance's objects; raises where a value is not regular."""
    if not instance.objects:  # Its columns were not started.
        return []
    columns = []
    for field in instance.unit.columns:
        is_made = field.is_composite and field.inlined is None
        columns.append(_column(instance, field) if is_made else instance.values[field.index])
    return instance.unit.assemble(instance.objects, columns)


def complete_field(instance: Instance, field: Field) -> Values:
    """The field's completed values; raises where one is not regular."""
    if field.is_composite:
        return _column(instance, field)
    values: Values = instance.values[field.index]
    return list(map(completer(field.definition.type), values)) if field.is_leaf else values


def _column(instance: Instance, field: Field) -> Values:
    """The field's values with each object completed."""
    children = instance.children[field.index]
    items = complete(children[0][0]) if len(children) == 1 else _merged(children)
    return field.shape.wrap(instance.values[field.index], items)


def _merged(children: Children) -> Values:
    """The dicts of objects of several types, in the order of the objects."""
    items: dict[int, Any] = {}
    for child, positions in children:
        items.update(zip(positions, complete(child), strict=True))
    return [items[position] for position in range(len(items))]
