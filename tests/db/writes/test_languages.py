"""Text search configurations of languages."""

import pytest
from sqlalchemy import text

from db.database import Database
from db.writes.languages import CONFIGURATIONS, search_config


@pytest.mark.parametrize(
    ("language", "configuration"),
    [
        (None, "english"),
        ("", "english"),
        ("en", "english"),
        ("de", "german"),
        ("pt-BR", "portuguese"),
        ("pt_BR", "portuguese"),
        ("FR", "french"),
        ("ja", "simple"),
        ("english; drop table posts", "simple"),
    ],
)
def test_a_language_has_a_configuration(language: str | None, configuration: str) -> None:
    assert search_config(language) == configuration


async def test_postgresql_has_them_all(database: Database) -> None:
    async with database.read() as connection:
        names = set(await connection.scalars(text("select cfgname from pg_ts_config")))
    assert {*CONFIGURATIONS.values(), "simple"} - names == set()
