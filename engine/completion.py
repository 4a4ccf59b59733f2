"""The response's data, from the values of an execution in which everything is regular."""

from typing import Any

from engine.instances import Instance
from engine.leaves import completer
from engine.plan import Field

Values = list[Any]


def complete(instance: Instance) -> list[dict[str, Any]]:
    """The dicts of the instance's objects; raises where a value is not regular."""
    if not instance.objects:  # Its columns were not started.
        return []
    columns = [_column(instance, field) for field in instance.unit.columns]
    return instance.unit.assemble(instance.objects, columns)


def complete_field(instance: Instance, field: Field) -> Values:
    """The field's completed values; raises where one is not regular."""
    values = _column(instance, field)
    return list(map(completer(field.definition.type), values)) if field.is_leaf else values


def _column(instance: Instance, field: Field) -> Values:
    """A column as its unit assembles it: leaves as they were got, all else completed."""
    values: Values = instance.values[field.index]
    return field.shape.wrap(values, _items(instance, field)) if field.is_composite else values


def _items(instance: Instance, field: Field) -> Values:
    """The dicts of all objects in a column's values, in order."""
    children = instance.children[field.index]
    if len(children) == 1:
        return complete(children[0][0])
    items: dict[int, Any] = {}
    for child, positions in children:
        items.update(zip(positions, complete(child), strict=True))
    return [items[position] for position in range(len(items))]
