"""Before the second look: leaves that are read only while dicts are made, and whatever takes waiting."""

from typing import Any

from engine.instances import UNSTARTED, Instance
from engine.plan import TYPENAME, Field
from engine.resolving import reader
from engine.shapes import materialise
from engine.waiting import attempt, settled

Values = list[Any]


async def settle(instance: Instance) -> None:
    """Gets the leaves of all objects, here and below; exceptions stand for failures."""
    for field in instance.unit.selection:
        if field.is_leaf and field.name != TYPENAME:
            await _settle_leaf(instance, field)
    for children in instance.children:
        for child, _ in children:
            await settle(child)


async def _settle_leaf(instance: Instance, field: Field) -> None:
    values = leaves(instance, field)
    if values is UNSTARTED:
        return
    depth = field.shape.depth
    listed = [materialise(value, depth) for value in values]
    instance.settled[field] = await settled(listed, depth, field.index >= 0)


def leaves(instance: Instance, field: Field) -> Any:
    """The field's values, one for each object; UNSTARTED when it was not resolved."""
    if field.index >= 0:
        return instance.values[field.index]
    read = reader(field.attribute or "", instance.unit.layout)
    return attempt(read, instance.objects)
