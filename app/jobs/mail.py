"""Mail, as `db.mail.send_mail` asks for it."""

from collections.abc import Mapping
from typing import Final

from app.mail.messages import Mail
from app.mail.sending import Sender
from db.jobs.tasks import Job, Task
from db.mail import TASK

ATTEMPTS: Final = 12
"""In some 9 hours: the links in most mails are good for a day."""


def tasks(sender: Sender) -> list[Task]:
    async def send(job: Job, to: str, template: str, facts: Mapping[str, str]) -> None:
        await sender.send(Mail(job.id, to, template, facts))

    return [Task(TASK, send, ATTEMPTS)]
