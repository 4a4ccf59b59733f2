"""A real SMTP server, that keeps what it gets and refuses what a test wants it to."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult


@dataclass
class Mailserver:
    """`replies` are given to the next messages instead of taking them, `hold` holds on to all."""

    replies: list[str] = field(default_factory=list)
    recipient_reply: str | None = None
    hold: bool = False
    messages: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    attempts: int = 0
    encrypted: list[bool] = field(default_factory=list)
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        """aiosmtpd."""
        if self.recipient_reply is not None:
            self.attempts += 1
            return self.recipient_reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """aiosmtpd."""
        self.attempts += 1
        while self.hold:
            await asyncio.sleep(0.02)
        if self.replies:
            return self.replies.pop(0)
        made = message_from_bytes(envelope.content, policy=default)
        assert isinstance(made, EmailMessage)
        self.messages.append(made)
        self.recipients += envelope.rcpt_tos
        self.encrypted.append(session.ssl is not None)
        return "250 Taken"

    def authenticate(self, server: Any, session: Any, envelope: Any, how: str, data: Any) -> Any:
        """aiosmtpd: everybody may who has the password `pass:word`."""
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"pass:word", handled=False)


@asynccontextmanager
async def mailserver(
    tls: ssl.SSLContext | None = None, **options: Any
) -> AsyncIterator[Mailserver]:
    """On a free port of this machine, in the test's own loop; with `tls`, it offers STARTTLS."""
    made = Mailserver()

    def factory() -> SMTP:
        return SMTP(
            made,
            hostname="mail.test",
            authenticator=made.authenticate,
            auth_require_tls=tls is not None,
            tls_context=tls,
            **options,
        )

    server = await asyncio.get_running_loop().create_server(factory, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        made.hold = False
        server.close()
