"""What the worker does, one file a noun. `db.jobs` defers it, `db.jobs.worker` has it done."""

from app.jobs import cleaning, mail
from app.mail.sending import sender_of
from app.settings import Settings
from db.database import Database
from db.jobs.tasks import Task


def tasks(settings: Settings, database: Database) -> list[Task]:
    """All that there is."""
    return [*mail.tasks(sender_of(settings)), *cleaning.tasks(database)]
