"""What all tables share: naming of constraints, column types, and the identifier column."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, DateTime, MetaData, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Text compares by code point ("C"): identifiers and slugs sort alike on every machine."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - read by SQLAlchemy, never changed
        str: Text(collation="C"),
        int: BigInteger(),
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB(),
        list[dict[str, Any]]: JSONB(),
    }


def identifier() -> Mapped[str]:
    """The primary key `id`, an id of db.ids."""
    return mapped_column(primary_key=True)


def id_has_prefix(*prefixes: str) -> CheckConstraint:
    """An id of another type can never be stored as this table's."""
    pattern = "|".join(prefixes)
    return CheckConstraint(f"id ~ '^({pattern})_[0-9a-f-]{{36}}$'", name="id_format")


def one_of(column: str, *values: str) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} in ({listed})", name=f"{column}_known")


def now_column() -> Mapped[datetime]:
    return mapped_column(server_default=func.now())


def flag(default: bool = False) -> Mapped[bool]:
    return mapped_column(server_default="true" if default else "false")


def counter() -> Mapped[int]:
    return mapped_column(server_default="0")
