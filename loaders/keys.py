"""How a statement names the keys of its batch: as one parameter, whatever their number.

A plan that is made once for all parameters takes an array to have ten items. A batch of one key has
statements of its own, whose plans are right: they need not be made anew each time.
"""

from typing import Any, Final, NamedTuple

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    FromClause,
    Text,
    any_,
    bindparam,
    column,
    func,
    literal,
    literal_column,
    select,
)

# The name of the parameter.
KEYS: Final = "keys"
# What statements call the parent's position.
PLACE: Final = "place"

TEXT = Text(collation="C")
ARRAY_OF_KEYS: ColumnElement[Any] = bindparam(KEYS, type_=ARRAY(TEXT))
SINGLE_KEY: ColumnElement[Any] = bindparam(KEYS, type_=Text())


class Keys(NamedTuple):
    """`parents` is a table with each `key` and its `position` in the batch, from 1."""

    value: ColumnElement[Any]
    parents: FromClause

    @property
    def position(self) -> ColumnElement[int]:
        """To order by: parent by parent, as they were asked for."""
        return self.parents.c.position

    @property
    def place(self) -> ColumnElement[int]:
        """To select: the parent's position stands for its key in a row, which is longer."""
        return self.position.label(PLACE)

    def of(self, column: Any) -> ColumnElement[bool]:
        """Whether the column has the parent's key."""
        condition: ColumnElement[bool] = column == self.parents.c.key
        return condition

    def has(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        """Whether the column is a key of the batch."""
        return column == self.value


ONE = Keys(
    SINGLE_KEY, select(SINGLE_KEY.label("key"), literal(1).label("position")).subquery("parents")
)
MANY = Keys(
    any_(ARRAY_OF_KEYS),
    func.unnest(ARRAY_OF_KEYS)
    .table_valued(column("key", TEXT), with_ordinality="position", name="parents")
    .render_derived(name="parents"),
)

# A parent's key in a listing, as bare text: so a listing's own subqueries may name it, too, and
# SQLAlchemy does not add the parents to their FROM.
PARENT_KEY: ColumnElement[str] = literal_column("parents.key", TEXT)
