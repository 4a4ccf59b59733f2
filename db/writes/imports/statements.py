"""The few statements that all imports are made of."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, SQLColumnExpression, Text, any_, delete, literal
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import InstrumentedAttribute

from db.models.base import Base

Row = dict[str, Any]

# Bytes of a text that a B-tree index takes for sure: its limit is 2,704, other columns included.
INDEXABLE = 2000


def among(column: SQLColumnExpression[Any], values: Iterable[str]) -> ColumnElement[bool]:
    """`column = any(values)`, with one parameter however many values there are."""
    return column == any_(literal(list(values), ARRAY(Text)))


async def upsert(
    tx: AsyncConnection, table: type[Base], rows: Sequence[Row], keep: Collection[str] = ()
) -> None:
    """Inserts rows of the same columns; one whose `id` is there is updated but for the columns `keep`."""
    if not rows:
        return
    statement = insert(table)
    changes = {name: statement.excluded[name] for name in rows[0] if name not in {"id", *keep}}
    await tx.execute(
        statement.on_conflict_do_update(index_elements=["id"], set_=changes), list(rows)
    )


async def replace(
    tx: AsyncConnection,
    owner: InstrumentedAttribute[Any],
    ids: Collection[str],
    rows: Sequence[Row],
) -> None:
    """Makes `rows` all that the owners `ids` have in the table of the column `owner`."""
    if ids:
        await tx.execute(delete(owner.class_).where(among(owner, ids)))
    if rows:
        await tx.execute(insert(owner.class_), list(rows))
