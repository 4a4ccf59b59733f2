"""A garbage collection stops all requests for a while: what they made is to be freed without one."""

import gc
from pathlib import Path

from db.database import Database
from tests.contract.execution import served

FEED = (Path(__file__).parents[2] / "bench" / "queries" / "feed.graphql").read_text()


async def test_a_request_leaves_nothing_to_the_garbage_collector(sample_database: str) -> None:
    database = Database(sample_database)
    await served(database, FEED, first=10)
    gc.collect()
    gc.disable()
    try:
        for _ in range(3):
            await served(database, FEED, first=10)
        assert gc.collect() == 0
    finally:
        gc.enable()
    await database.dispose()
