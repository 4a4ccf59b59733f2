"""The response's data, from the values of an execution in which everything is regular."""

from typing import Any

from engine.instances import Instance
from engine.plan import Field

Values = list[Any]


def complete(instance: Instance) -> list[dict[str, Any]]:
    """The dicts of the instance's objects; raises where a value is not regular."""
    columns = [
        field.shape.wrap(instance.values[field.index], _items(instance, field))
        if field.is_composite
        else instance.values[field.index]
        for field in instance.unit.columns
    ]
    return instance.unit.assemble(instance.objects, columns)


def _items(instance: Instance, field: Field) -> Values:
    """The dicts of all objects in a column's values, in order."""
    children = instance.children[field.index]
    if len(children) == 1:
        return complete(children[0][0])
    items: dict[int, Any] = {}
    for child, positions in children:
        items.update(zip(positions, complete(child), strict=True))
    return [items[position] for position in range(len(items))]
