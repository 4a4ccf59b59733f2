"""Before the second look: leaves that are read only while dicts are made, and whatever takes waiting."""

import asyncio
from typing import Any

from engine.errors import DeadlineExceededError
from engine.instances import UNSTARTED, Instance
from engine.introspection import TYPENAME
from engine.resolving import reader
from engine.shapes import materialise
from engine.units import Field
from engine.waiting import attempt, needs_waiting, settled

Values = list[Any]


async def settle(instance: Instance, deadline: float | None) -> None:
    """Gets the leaves of all objects, here and below; exceptions stand for failures.

    What has no value at the deadline fails with a DeadlineExceededError.
    """
    for field in instance.unit.selection:
        if field.is_leaf and field.name != TYPENAME:
            await _settle_leaf(instance, field, deadline)
    for children in instance.children:
        for child, _ in children:
            await settle(child, deadline)


async def _settle_leaf(instance: Instance, field: Field, deadline: float | None) -> None:
    values = leaves(instance, field)
    if values is UNSTARTED:
        return
    depth = field.shape.depth
    listed = [materialise(value, depth) for value in values]
    if any(needs_waiting(value, depth) for value in listed):
        listed = await _waited(listed, depth, field.index >= 0, deadline)
    instance.settled = {**instance.settled, field: listed}


async def _waited(values: Values, depth: int, waited: bool, deadline: float | None) -> Values:
    try:
        async with asyncio.timeout_at(deadline):
            return await settled(values, depth, waited)
    except TimeoutError:
        return [DeadlineExceededError() if needs_waiting(each, depth) else each for each in values]


def leaves(instance: Instance, field: Field) -> Any:
    """The field's values, one for each object; UNSTARTED when it was not resolved."""
    if field.index >= 0:
        return instance.values[field.index]
    read = reader(field.attribute or "", instance.unit.layout)
    return attempt(read, instance.objects)
