"""A prepared statement of one connection, and how its rows are decoded."""

from hashlib import blake2b

import orjson
import psycopg
from psycopg.adapt import AdaptersMap, Transformer
from psycopg.pq.abc import PGresult
from psycopg.types.json import set_json_loads
from psycopg.types.numeric import FloatLoader
from psycopg.types.string import TextLoader

from db.reading.batch import Rows


def _adapters() -> AdaptersMap:
    """Times stay the text that PostgreSQL makes of them: to parse them only costs."""
    types = AdaptersMap(psycopg.adapters)
    for name in ("date", "time", "timestamp", "timestamptz"):
        types.register_loader(name, TextLoader)
    types.register_loader("numeric", FloatLoader)
    set_json_loads(orjson.loads, types)
    return types


TYPES = _adapters()


class Prepared:
    """A statement by its name on the server; the loaders of its columns are looked up once."""

    __slots__ = ("_known", "_transformer", "name", "sql")

    def __init__(self, sql: str, name: bytes) -> None:
        self.sql = sql
        self.name = name
        self._transformer = Transformer(TYPES)
        self._known = False

    def rows(self, result: PGresult) -> Rows:
        transformer = self._transformer
        transformer.set_pgresult(result, set_loaders=not self._known)
        self._known = True
        rows = transformer.load_rows(0, result.ntuples, tuple)
        transformer.set_pgresult(None, set_loaders=False)
        return rows


def name_of(sql: str) -> bytes:
    """The same name can only ever mean the same SQL, whoever else prepares on the server connection."""
    return b"masthead_" + blake2b(sql.encode(), digest_size=16).hexdigest().encode()
