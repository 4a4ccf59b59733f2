"""Alembic runs this module for each of its commands; see db.migrations for the way in."""

from alembic import context

from db.models import metadata

# A migration that cannot get its lock gives up instead of queueing every reader behind itself.
TIMEOUTS = ("set local lock_timeout = '2s'", "set local statement_timeout = '300s'")


def offline() -> None:
    """Writes the migrations as SQL, for the linter."""
    context.configure(dialect_name="postgresql", literal_binds=True, as_sql=True)
    migrate()


def online() -> None:
    """Runs on the caller's connection."""
    context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
    migrate()


def migrate() -> None:
    with context.begin_transaction():
        for timeout in TIMEOUTS:
            context.execute(timeout)
        context.run_migrations()


if context.is_offline_mode():
    offline()
else:
    online()
