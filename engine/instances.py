"""Units at work: the objects that an operation has met, and the values of their fields."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from graphql.pyutils import Path

from engine.fields import Prefixed
from engine.records import view_of
from engine.shapes import places
from engine.units import Field, Unit

Values = list[Any]

# In the place of a column's values: it has not been started.
UNSTARTED: Final = object()
NO_CHILDREN: Final[list[Any]] = []


class Instance:
    """The objects met at one place of an operation that have the same type, and their values.

    `values` and `children` are by column: what was got, and the instances of the objects in it, each
    with its objects' positions among them. `parent`, `field` and `positions` say where the objects
    are from: which of the objects in the values of that field they are.
    """

    # What became of leaves, and handles, where a second look was needed (`engine.replay`).
    settled: Mapping[Field, Any] = MappingProxyType({})
    # Made when they are first asked for.
    _parents: Mapping[str, Values] = MappingProxyType({})
    _places: list[tuple[int, ...]] | None = None

    def __init__(
        self,
        unit: Unit,
        objects: Values,
        parent: "Instance | None" = None,
        field: Field | None = None,
        positions: Sequence[int] = (),
    ) -> None:
        self.unit = unit
        self.objects = objects
        self.parent = parent
        self.field = field
        self.positions = positions
        columns = len(unit.columns)
        self.values: list[Any] = [UNSTARTED] * columns
        self.children: list[list[tuple[Instance, Sequence[int]]]] = [NO_CHILDREN] * columns

    def parents(self, prefix: str) -> Values:
        """The objects as resolvers see them: rows are views with attributes, less the prefix."""
        if self.unit.layout is None and not prefix:
            return self.objects
        made = self._parents.get(prefix)
        if made is None:
            made = self._viewed(prefix)
            self._parents = {**self._parents, prefix: made}
        return made

    def _viewed(self, prefix: str) -> Values:
        layout = self.unit.layout
        objects = self.objects if layout is None else list(map(view_of(layout), self.objects))
        return [Prefixed(each, prefix) for each in objects] if prefix else objects

    def has_inlined(self, field: Field) -> bool:
        """Whether the field's inlined selection is resolved here, not for objects of its own."""
        return field.index < 0 or self.children[field.index] is NO_CHILDREN

    def release(self) -> None:
        """Lets go of the instances below, which know this one: nothing is left to the garbage collector."""
        for children in self.children:
            for child, _ in children:
                child.release()
        self.children = []
        self.settled = {}

    def path(self, position: int) -> Path | None:
        """Where the object stands in the response; None for the root."""
        if self.parent is None or self.field is None:
            return None
        if self._places is None:
            values = self.parent.values[self.field.index]
            self._places = list(places(values, self.field.shape.depth))
        parent, *items = self._places[self.positions[position]]
        path = self.parent.field_path(self.field, parent)
        for item in items:
            path = Path(path, item, None)
        return path

    def keys(self, field: Field) -> tuple[str, ...]:
        """Where the field's values stand in the response, without indexes of lists."""
        above = self.parent.keys(self.field) if self.parent and self.field else ()
        return (*above, *(key for key, _ in field.trail), field.key)

    def field_path(self, field: Field, position: int) -> Path:
        """Where the value of the object's field stands in the response."""
        path = self.path(position)
        for key, type_name in field.trail:
            path = Path(path, key, type_name)
        return Path(path, field.key, field.parent.name)
