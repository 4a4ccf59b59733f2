"""Whether somebody may act at all, whatever else a statement reads."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from db.database import Database
from db.models.account import Account
from db.models.user import User
from db.viewers import may_act
from tests.loaders import rows


@pytest.mark.parametrize(
    ("deactivated", "disabled_at", "expected"),
    [(False, None, 1), (True, None, 0), (False, datetime.now(UTC), 0)],
)
async def test_a_statement_that_joins_the_account_may_ask_it(
    database: Database, deactivated: bool, disabled_at: datetime | None, expected: int
) -> None:
    person = rows.user("ada", deactivated=deactivated)
    disabled = {"user_id": person["id"], "disabled_at": disabled_at}
    await rows.add(database, (User, [person]), (Account, [disabled]))
    joined = select(User.id).join(Account, Account.user_id == User.id).where(may_act())
    async with database.read() as connection:
        assert len((await connection.scalars(joined)).all()) == expected
