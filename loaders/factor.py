"""What the viewer must show besides a password to sign in."""

from typing import Any

from sqlalchemy import Select, func, select

from db.models import factor as factor_models
from db.models.user import User
from engine.records import Columns
from loaders.base import RowBy, RowsBy, columns, project
from loaders.keys import Keys
from loaders.timestamps import Timestamp

Passkey = factor_models.Passkey
RecoveryCode = factor_models.RecoveryCode
Totp = factor_models.Totp


class SecondFactorsRow:
    id: str
    totp_since: Timestamp | None
    recovery_codes_left: int


class PasskeyRow:
    id: str
    name: str
    backed_up: bool
    created_at: Timestamp
    used_at: Timestamp | None


class SecondFactorsByUser(RowBy[SecondFactorsRow]):
    """A person's second factors, without the passkeys; None of anybody but the viewer."""

    row = SecondFactorsRow
    table = User

    def statement(self, columns: Columns, keys: Keys) -> Select[Any]:
        own = self.viewer.user_id if self.viewer else None
        left = (
            select(func.count())
            .where(RecoveryCode.user_id == User.id, RecoveryCode.used_at.is_(None))
            .scalar_subquery()
        )
        whole = (
            select(
                User.id,
                Totp.confirmed_at.label("totp_since"),
                left.label("recovery_codes_left"),
                User.id.label("batch_key"),
            )
            .outerjoin(Totp, Totp.user_id == User.id)
            .where(keys.has(self.key_column()), User.id == own)
        )
        return project(whole, (*columns, "batch_key"))


class PasskeysByUser(RowsBy[PasskeyRow]):
    """A person's passkeys, the newest first; none of anybody but the viewer."""

    row = PasskeyRow

    def select(self, keys: Keys) -> Select[Any]:
        own = self.viewer.user_id if self.viewer else None
        return (
            select(keys.place, *columns(PasskeyRow, Passkey))
            .where(Passkey.user_id == own)
            .where(keys.of(Passkey.user_id))
            .order_by(keys.position, Passkey.created_at.desc(), Passkey.id.desc())
        )
