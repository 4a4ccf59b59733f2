"""Finding people."""

from db.database import Database
from db.models import user as user_models
from loaders import Loaders
from loaders.user import UserById, UserByUsername
from tests.conftest import Statements
from tests.loaders import rows


async def test_usernames_in_lower_case_are_found_by_one_statement(
    database: Database, statements: Statements
) -> None:
    await rows.add(database, (user_models.User, [rows.user("Ann"), rows.user("élan_1")]))
    with statements(database) as log:
        loader = Loaders(database, None)(UserByUsername)
        found = await loader.load_keys(["ann", "élan_1", "élan%1", "ann"], None)
    assert [row and row.username for row in found] == ["Ann", "élan_1", None, "Ann"]
    assert len(log) == 1


async def test_ids_are_found_in_the_order_asked_for_by_one_statement(
    database: Database, statements: Statements
) -> None:
    users = [rows.user(name) for name in "abc"]
    await rows.add(database, (user_models.User, users))
    with statements(database) as log:
        loader = Loaders(database, None)(UserById)
        found = await loader.load_keys([users[2]["id"], "user_unknown", users[0]["id"]], None)
        await loader.load(users[2]["id"])
    assert [row and row.username for row in found] == ["c", None, "a"]
    assert len(log) == 1
