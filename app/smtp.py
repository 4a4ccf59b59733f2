"""An SMTP server and a sender, as an operator writes them."""

from dataclasses import dataclass, field
from email.headerregistry import Address
from email.utils import parseaddr
from ipaddress import ip_address
from typing import Final
from urllib.parse import unquote, urlsplit

from db.errors import Invalid
from db.writes.addresses import email_address

PORTS: Final = {"smtp": 587, "smtps": 465}
"""Of submission, in the open at first and within TLS (RFC 6409, RFC 8314)."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed in. `tls` is from the first byte; else the server may offer STARTTLS.

    What the server offers is taken. Credentials go through TLS, unless they stay on this machine, where
    nobody stands between and certificates are not looked at.
    """

    host: str
    port: int
    tls: bool
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @property
    def local(self) -> bool:
        return is_loopback(self.host)

    @property
    def start_tls(self) -> bool | None:
        """True where STARTTLS is required, None where it is taken if it is offered."""
        if self.tls:
            return False
        return True if self.user is not None and not self.local else None


def server(url: str) -> Server:
    """`smtp://` or `smtps://` `USER:PASSWORD@HOST:PORT`; raises ValueError for anything else."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError
    if (parts.username is None) != (parts.password is None):
        raise ValueError
    return Server(
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        tls=parts.scheme == "smtps",
        user=parts.username and unquote(parts.username),
        password=parts.password and unquote(parts.password),
    )


def mailbox(text: str) -> Address:
    """`NAME <ADDRESS>`, or the address alone; raises ValueError for anything else."""
    name, address = parseaddr(text)
    if not name.isprintable():
        raise ValueError
    try:
        return Address(name, addr_spec=email_address(address))
    except Invalid:
        raise ValueError from None


def is_loopback(host: str) -> bool:
    """Whether only this machine can connect to what listens on the host."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
