"""Statements of SQLAlchemy's, written as the text that reading takes."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import BindParameter, Select
from sqlalchemy.dialects.postgresql.psycopg import PGCompiler_psycopg, dialect

from db.reading.statement import Statement


def written(select: Select[Any]) -> tuple[Statement, Sequence[str]]:
    """The statement, and the names of its parameters, as they are numbered."""
    result: Any = select.compile(dialect=DIALECT)
    return Statement(str(result)), result.positiontup


class Compiler(PGCompiler_psycopg):
    """Writes what is the same at each use into the text, so that plans may depend on it."""

    def visit_bindparam(self, bindparam: BindParameter[Any], *rest: Any, **options: Any) -> str:
        options["literal_binds"] = not bindparam.required
        text: str = super().visit_bindparam(bindparam, *rest, **options)  # type: ignore[no-untyped-call]
        return text


DIALECT: Final = dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
DIALECT.statement_compiler = Compiler
