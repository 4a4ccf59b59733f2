"""Reading on libpq itself: what a request asks for in one tick of the loop is one round trip."""

from db.reading.batch import Call, Observer, Rows
from db.reading.connector import Connector
from db.reading.pool import Pool
from db.reading.reads import Reads
from db.reading.statement import Statement, array_literal
from db.reading.writing import written

__all__ = [
    "Call",
    "Connector",
    "Observer",
    "Pool",
    "Reads",
    "Rows",
    "Statement",
    "array_literal",
    "written",
]
