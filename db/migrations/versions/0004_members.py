"""Invitations of people by their username, and what becomes of the posts of who leaves"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# No version before this one uses the table of invitations: it is empty, and nobody waits for it.
UPGRADE = """
alter table invitations add column user_id text collate "C";
-- squawk-ignore ban-drop-not-null
alter table invitations alter column email drop not null;
-- squawk-ignore constraint-missing-not-valid, adding-foreign-key-constraint
alter table invitations add constraint fk_invitations_user_id
    foreign key (user_id) references users (id) on delete cascade;
-- squawk-ignore constraint-missing-not-valid
alter table invitations add constraint ck_invitations_one_invited
    check ((email is null) <> (user_id is null));
-- squawk-ignore require-concurrent-index-creation
create unique index uq_invitations_user_id on invitations (user_id, publication_id);
alter table accounts add column deletion_removes_posts boolean not null default false;
"""
DOWNGRADE = """
alter table accounts drop column deletion_removes_posts;
delete from invitations where email is null;
alter table invitations drop column user_id;
alter table invitations alter column email set not null;
"""


def upgrade() -> None:
    op.execute(sa.text(UPGRADE))


def downgrade() -> None:
    op.execute(sa.text(DOWNGRADE))
