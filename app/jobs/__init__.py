"""What the worker does, one file a noun. `db.jobs` defers it, `db.jobs.worker` has it done."""

from app.jobs import accounts, cleaning, mail
from app.mail.sending import sender_of
from app.settings import Settings
from db.authority import Authority
from db.database import Database
from db.jobs.tasks import Task


def tasks(settings: Settings, database: Database, authority: Authority) -> list[Task]:
    """All that there is."""
    return [
        *mail.tasks(sender_of(settings)),
        *accounts.tasks(database, authority),
        *cleaning.tasks(database),
    ]
