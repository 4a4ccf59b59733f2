"""The tables and functions of procrastinate, which keeps our jobs"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Everything that has the library's prefix, which is all that it makes.
DROP = """
do $$
declare
    each record;
begin
    for each in select tablename from pg_tables
        where schemaname = 'public' and starts_with(tablename, 'procrastinate_')
    loop
        execute format('drop table %I cascade', each.tablename);
    end loop;
    for each in select oid::regprocedure::text as signature from pg_proc
        where pronamespace = 'public'::regnamespace and starts_with(proname, 'procrastinate_')
    loop
        execute format('drop function if exists %s cascade', each.signature);
    end loop;
    for each in select typname from pg_type
        where typnamespace = 'public'::regnamespace and starts_with(typname, 'procrastinate_')
    loop
        execute format('drop type if exists %I cascade', each.typname);
    end loop;
end;
$$
"""


def upgrade() -> None:
    op.execute(sa.text(SchemaManager.get_schema().replace(":", "\\:")))


def downgrade() -> None:
    op.execute(sa.text(DROP))
