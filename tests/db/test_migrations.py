"""The migrations: complete, reversible, harmless to a running server, refused by older code."""

import io
import shutil
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import ProgrammingError

from db import migrations, revisions
from db.errors import ConfigurationError
from db.models import metadata

REVISIONS = [
    script.revision
    for script in reversed(list(ScriptDirectory.from_config(migrations.config()).walk_revisions()))
]


def tables(url: str) -> set[str]:
    return set(inspect(create_engine(url)).get_table_names())


def is_ours(name: str | None, *_: object) -> bool:
    """The tables of procrastinate are its own affair."""
    return not (name or "").startswith("procrastinate_")


def test_the_names_of_the_scripts_say_what_alembic_reads_in_them() -> None:
    assert revisions.revisions() == tuple(REVISIONS)


def test_the_models_hold_nothing_that_the_migrations_do_not(owner_url: str) -> None:
    with create_engine(owner_url).connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_ours})
        assert compare_metadata(context, metadata) == []


def test_migrating_again_changes_nothing(owner_url: str) -> None:
    assert migrations.upgrade(owner_url) == []
    assert revisions.status(owner_url).up_to_date


def test_every_migration_goes_down_and_up_again(owner_url: str) -> None:
    everything = tables(owner_url)
    for revision in reversed(REVISIONS):
        before = ScriptDirectory.from_config(migrations.config()).get_revision(revision)
        migrations.downgrade(owner_url, str(before.down_revision or "base"))
        assert migrations.upgrade(owner_url, revision=revision) == [revision]
        migrations.downgrade(owner_url, str(before.down_revision or "base"))
    assert tables(owner_url) == {"alembic_version"}
    assert revisions.status(owner_url) == revisions.Status(
        None, REVISIONS[-1], tuple(REVISIONS), unknown=False
    )
    assert migrations.upgrade(owner_url, revision="base") == []
    assert migrations.upgrade(owner_url) == REVISIONS
    assert tables(owner_url) == everything


def test_a_newer_database_is_refused_and_left_alone(owner_url: str) -> None:
    with create_engine(owner_url).begin() as connection:
        connection.execute(text("update alembic_version set version_num = 'from-the-future'"))
    with pytest.raises(ConfigurationError, match="from-the-future"):
        migrations.upgrade(owner_url)
    assert revisions.status(owner_url).current == "from-the-future"
    assert revisions.status(owner_url).unknown


def test_the_application_role_reads_and_writes_and_changes_no_table(database_url: str) -> None:
    with create_engine(database_url).connect() as connection:
        assert connection.execute(text("select count(*) from posts")).scalar() == 0
        for statement in (
            "create table mine (id int)",
            "alter table posts add column mine int",
            "drop table posts",
            "truncate posts",
            "delete from alembic_version",
        ):
            with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
                connection.execute(text(statement))
            connection.rollback()


def test_the_application_role_is_bound_by_row_level_security(database_url: str) -> None:
    query = "select rolsuper, rolbypassrls from pg_roles where rolname = current_user"
    with create_engine(database_url).connect() as connection:
        assert connection.execute(text(query)).one() == (False, False)


# 0003 is procrastinate's own SQL, and makes only what is new.
@pytest.mark.parametrize("revision", [each for each in REVISIONS if each != "0003"])
def test_squawk_finds_nothing_that_would_stop_a_running_server(
    revision: str, tmp_path: Path
) -> None:
    script = ScriptDirectory.from_config(migrations.config()).get_revision(revision)
    statements = io.StringIO()
    with redirect_stdout(statements):
        command.upgrade(
            migrations.config(), f"{script.down_revision or 'base'}:{revision}", sql=True
        )
    file = tmp_path / f"{revision}.sql"
    file.write_text(without_bookkeeping(statements.getvalue()))
    squawk = Path(sys.executable).parent / "squawk"
    assert shutil.which(squawk)
    linted = subprocess.run(
        [squawk, "--assume-in-transaction", file], capture_output=True, text=True, check=False
    )
    assert linted.returncode == 0, linted.stdout + linted.stderr


def without_bookkeeping(statements: str) -> str:
    """Leaves out Alembic's own table, which is made before our first statement and not by us."""
    return "\n".join(
        f"{each};"
        for each in statements.split(";")
        if "alembic_version" not in each and each.strip() not in ("", "BEGIN", "COMMIT")
    )
