"""Ways to send: by SMTP; without a server, in development, into files; else not at all."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import urlsplit

import structlog
from aiosmtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPHeloError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    send,
)

from app.mail.messages import Mail, message
from app.settings import Settings
from app.smtp import Server, mailbox, server
from db.jobs.tasks import Refused

LOG: Final = structlog.get_logger(__name__)
PATIENCE: Final = 30
"""Seconds for each of the server's answers."""
NOBODY: Final = Address("Masthead", "masthead", "localhost")
FOLDER: Final = "mail"
UNSET: Final = "MASTHEAD_SMTP_URL is not set: no mail can be sent"
# What goes wrong before the server has seen the mail is not about the mail.
BEFORE: Final = (SMTPConnectError, SMTPHeloError, SMTPAuthenticationError)


class Sender(Protocol):
    async def send(self, mail: Mail) -> None:
        """Sends the mail; raises Refused where it never can be, anything else where it may be later."""


@dataclass(frozen=True, slots=True)
class SmtpSender:
    """Hands mail to an SMTP server."""

    server: Server
    sender: Address
    site: str

    async def send(self, mail: Mail) -> None:
        """A reply of 5xx to the mail itself is permanent (RFC 5321, section 4.2.1)."""
        try:
            await self._hand_in(message(mail, self.sender, self.site))
        except SMTPRecipientsRefused as error:
            # There is one recipient.
            [refused] = error.recipients
            raise _judged(refused) from None
        except SMTPResponseException as error:
            raise _judged(error) from None

    async def _hand_in(self, made: EmailMessage) -> None:
        await send(
            made,
            hostname=self.server.host,
            port=self.server.port,
            username=self.server.user,
            password=self.server.password,
            use_tls=self.server.tls,
            start_tls=self.server.start_tls,
            validate_certs=not self.server.local,
            timeout=PATIENCE,
        )


@dataclass(frozen=True, slots=True)
class FileSender:
    """Keeps mail in a folder, and logs the link in it: in development there is no other way to get it."""

    folder: Path
    site: str

    async def send(self, mail: Mail) -> None:
        """A file for each mail, for nobody else to read."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        now = datetime.now(UTC)
        file = self.folder / f"{now:%Y%m%dT%H%M%S}-{mail.template}-{mail.fingerprint[:8]}.eml"
        draft = file.with_suffix(".draft")
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as out:
            out.write(bytes(message(mail, NOBODY, self.site)))
        draft.replace(file)
        LOG.info("mail", to=mail.to, file=str(file), link=mail.facts.get("link"))


class NoSender:
    """Says so, for each mail."""

    async def send(self, mail: Mail) -> None:
        raise Refused(UNSET)


def sender_of(settings: Settings) -> Sender:
    """The settings' way; warns when there is none."""
    site = urlsplit(settings.origin).netloc
    if settings.smtp_url is not None:
        return SmtpSender(server(settings.smtp_url), mailbox(settings.mail_from or ""), site)
    if settings.profile == "development":
        return FileSender(settings.data_dir / FOLDER, site)
    LOG.warning(UNSET)
    return NoSender()


def _judged(error: SMTPResponseException) -> Exception:
    """The server's answer as what it means for the job: names no receiver."""
    if error.code >= 500 and not isinstance(error, BEFORE):
        return Refused(f"the mail server refuses it: {error.code}")
    return ConnectionError(f"the mail server does not take it now: {error.code}")
