"""What only the person sees of their account."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement

from db.models import account as account_models
from loaders.base import RowBy
from loaders.keys import Keys

Account = account_models.Account


class AccountRow:
    user_id: str
    unverified_email: str | None


class OwnAccount(RowBy[AccountRow]):
    """A person's account; None for anybody's but the viewer's."""

    row = AccountRow
    table = Account
    key = "user_id"

    def visible(self, keys: Keys) -> Iterable[ColumnElement[bool]]:
        return (Account.user_id == (self.viewer.user_id if self.viewer else None),)
