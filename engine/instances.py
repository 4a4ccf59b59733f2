"""Units at work: the objects that an operation has met, and the values of their fields."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from graphql.pyutils import Path

from engine.fields import Prefixed
from engine.plan import Field, Unit
from engine.records import view_of
from engine.shapes import is_absent

Values = list[Any]

# In the place of a column's values: it has not been started.
UNSTARTED: Final = object()


class Instance:
    """The objects met at one place of an operation that have the same type, and their values.

    `values` and `children` are by column: what was got, and the instances of the objects in it with
    their positions among them.
    """

    __slots__ = ("_parents", "children", "objects", "origin", "settled", "unit", "values")

    def __init__(self, unit: Unit, objects: Values, origin: "Origin | None" = None) -> None:
        self.unit = unit
        self.objects = objects
        self.origin = origin
        self.values: list[Any] = [UNSTARTED] * len(unit.columns)
        self.children: list[list[tuple[Instance, Sequence[int]]]] = [[]] * len(unit.columns)
        self.settled: dict[str, Values] = {}
        self._parents: Values | None = None

    def parents(self) -> Values:
        """The objects as resolvers see them: rows are views with attributes."""
        if self._parents is None:
            self._parents = self._viewed()
        return self._parents

    def _viewed(self) -> Values:
        unit = self.unit
        objects = self.objects
        if unit.layout is not None:
            objects = list(map(view_of(unit.layout), objects))
        return [Prefixed(each, unit.prefix) for each in objects] if unit.prefix else objects

    def path(self, index: int) -> Path | None:
        """Where the object stands in the response; None for the root."""
        return None if self.origin is None else self.origin.path(index)

    def field_path(self, field: Field, index: int) -> Path:
        """Where the value of the object's field stands in the response."""
        return Path(self.path(index), field.key, self.unit.type.name)


class Origin:
    """Where the objects of an instance come from: the values of a field of other objects."""

    __slots__ = ("_places", "field", "instance", "positions")

    def __init__(self, instance: Instance, field: Field, positions: Sequence[int]) -> None:
        self.instance = instance
        self.field = field
        self.positions = positions
        self._places: list[tuple[int, ...]] | None = None

    def path(self, index: int) -> Path:
        """Where the object with this index stands in the response."""
        if self._places is None:
            self._places = list(
                places(self.instance.values[self.field.index], self.field.shape.depth)
            )
        parent, *items = self._places[self.positions[index]]
        path = self.instance.field_path(self.field, parent)
        for item in items:
            path = Path(path, item, None)
        return path


def places(values: Values, lists: int) -> Iterator[tuple[int, ...]]:
    """For each object in the values, in order: the value that it is in, and its indexes in the lists."""
    for index, value in enumerate(values):
        if is_absent(value):
            continue
        if lists == 0:
            yield (index,)
        else:
            yield from ((index, *rest) for rest in places(value, lists - 1))
