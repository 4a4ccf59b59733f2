"""All that a database holds, to be compared with what it holds later."""

from typing import Final

from sqlalchemy import text

from db.database import Database

TABLES: Final = text("select tablename from pg_tables where schemaname = 'public' order by 1")


async def dumped(database: Database, naming: str = "") -> dict[str, str]:
    """A digest of the rows of each table, those of jobs included; of those that name it, if given."""
    async with database.read() as connection:
        tables = list((await connection.execute(TABLES)).scalars())
        digests = " union all ".join(
            f"select '{name}', md5(string_agg(t::text, '/' order by t::text)) from {name} t"
            " where strpos(t::text, :naming) > 0"
            for name in tables
        )
        rows = await connection.execute(text(digests), {"naming": naming})
        return {name: str(digest) for name, digest in rows}
