"""The actual cost of an operation: its weights, with the numbers of objects that there were.

Like the static cost (`engine.cost`), but each field counts as often as it was resolved, and each object
as what it was. Introspection counts nothing: it is answered from memory.
"""

from math import ceil
from typing import NamedTuple

from graphql import Undefined

from engine.instances import UNSTARTED, Instance
from engine.introspection import TYPENAME
from engine.pricing import Variables, value_of
from engine.resolving import reader
from engine.settling import leaves
from engine.tracer import count
from engine.units import Field, Selection
from engine.weights import FieldWeights, Weights


class Prices(NamedTuple):
    """What the costs of fields follow from."""

    weights: Weights
    variables: Variables


def actual_cost(root: Instance, weights: Weights, variables: Variables) -> int:
    """Of an operation that has run, under its coerced variables; rounded up, as the static cost is."""
    return ceil(_below(root, Prices(weights, variables)))


def _below(instance: Instance, prices: Prices) -> float:
    return _objects(instance, instance.unit.selection, len(instance.objects), prices)


def _objects(instance: Instance, selection: Selection, objects: int, prices: Prices) -> float:
    """Of so many objects with this selection, and of all below them."""
    items = prices.weights.item(selection.type) * objects
    resolved = (each for each in selection.fields.values() if _is_priced(instance, each))
    return items + sum(_field(instance, each, objects, prices) for each in resolved)


def _is_priced(instance: Instance, field: Field) -> bool:
    """Mutations that came after one that failed were not resolved."""
    unstarted = field.index >= 0 and instance.values[field.index] is UNSTARTED
    return not unstarted and field.name != TYPENAME and not field.is_introspection


def _field(instance: Instance, field: Field, objects: int, prices: Prices) -> float:
    weights = prices.weights.field(field.parent, field.name)
    return objects * _own(field, weights, prices) + _content(instance, field, weights, prices)


def _own(field: Field, weights: FieldWeights, prices: Prices) -> float:
    """Of the field with its arguments, for one resolution."""
    given = (
        (weights.arguments[each.name.value], value_of(each.value, prices.variables))
        for each in field.ast[0].arguments or ()
    )
    inputs = [prices.weights.input(*each) for each in given if each[1] is not Undefined]
    return max(0.0, weights.own + sum(inputs))


def _content(instance: Instance, field: Field, weights: FieldWeights, prices: Prices) -> float:
    """Of the objects, or leaves, in the field's values."""
    if field.inlined is not None and instance.has_inlined(field):
        return _objects(instance, field.inlined, _inlined(instance, field), prices)
    if field.is_composite:
        return sum(_below(child, prices) for child, _ in instance.children[field.index])
    if not weights.item:
        return 0.0
    return weights.item * count(leaves(instance, field), field.shape.depth)


def _inlined(instance: Instance, field: Field) -> int:
    """How many of the objects are not null as this field's value."""
    if field.unless is None:
        return len(instance.objects)
    read = reader(field.unless, instance.unit.layout)
    return count(list(map(read, instance.objects)), 0)
