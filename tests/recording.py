"""What is read from a database, as it is asked for."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from db.reading import Reads, Statement

Record = Callable[[str, Sequence[str | None]], None]


@contextmanager
def recorded(record: Record) -> Iterator[None]:
    """Meanwhile, `record` gets the SQL and the parameters of every statement that is fetched."""
    fetch = Reads.fetch

    def recording(reads: Reads, statement: Statement, parameters: Sequence[str | None]) -> Any:
        record(statement.sql, parameters)
        return fetch(reads, statement, parameters)

    with patch.object(Reads, "fetch", recording):
        yield
