"""Mail: what is in it, how it gets to a real SMTP server, and what becomes of it when it does not."""

import asyncio
import os
import signal
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID
from sqlalchemy import text
from structlog.testing import capture_logs

from app.jobs import tasks
from app.mail.messages import TEMPLATES, Mail, message
from app.mail.sending import FileSender, NoSender, SmtpSender, sender_of
from app.settings import Settings
from app.smtp import Server, mailbox, server
from db.database import Database
from db.jobs.tasks import Refused
from db.jobs.worker import Pace, Worker
from db.mail import send_mail
from tests.app.smtp import Mailserver, mailserver
from tests.postgres import Clone
from tests.signing import authority_on
from tests.waiting import PATIENCE, until

ROOT = Path(__file__).parents[2]
SENDER = Address("The Blog", "blog", "masthead.test")
LINK = "https://masthead.test/account/verify-email?token=a-token-of-43-characters-which-nobody-can-guess"
FACTS = {
    "sign_up": {"link": LINK},
    "sign_up_known": {},
    "reset_password": {"link": LINK},
    "change_email": {"link": LINK},
    "email_changed": {"email": "new@masthead.test"},
    "password_changed": {},
    "invitation": {"publication": "Daily", "inviter": "Ann", "role": "editor", "link": LINK},
    "security": {"what": "A passkey was added."},
}
FAST = Pace(polling=0.05, grace=0.2, first_pause=0.05, longest_pause=0.2)

Sending = Callable[..., AbstractAsyncContextManager[Mailserver]]


def made(template: str = "sign_up", to: str = "ann@masthead.test", **facts: str) -> EmailMessage:
    mail = Mail(7, to, template, facts or FACTS[template])
    return message(mail, SENDER, "masthead.test")


def parts(mail: EmailMessage) -> tuple[str, str]:
    """The text and the HTML."""
    plain, rich = mail.iter_parts()
    assert isinstance(plain, EmailMessage)
    assert isinstance(rich, EmailMessage)
    assert (plain.get_content_type(), rich.get_content_type()) == ("text/plain", "text/html")
    return plain.get_content(), rich.get_content()


def test_every_template_is_known_here() -> None:
    names = {name.partition(".")[0] for name in TEMPLATES.list_templates()}
    assert names - {"layout", "parts"} == set(FACTS)


@pytest.mark.parametrize("template", FACTS)
def test_a_mail_says_the_same_in_both_forms(template: str) -> None:
    mail = made(template)
    assert mail["Subject"]
    plain, rich = parts(mail)
    for fact in FACTS[template].values():
        assert fact in plain
        assert fact in rich
    assert "masthead.test" in plain
    assert "{" not in plain
    assert 'name="color-scheme" content="light dark"' in rich
    # Nothing is fetched: no picture, no style sheet, no script.
    for remote in ("src=", "url(", "<link", "<script", "<img", "@import"):
        assert remote not in rich


def test_the_head_of_a_mail() -> None:
    mail = message_from_bytes(bytes(made()), policy=default)
    assert mail["From"] == "The Blog <blog@masthead.test>"
    assert mail["To"] == "ann@masthead.test"
    assert mail["Subject"] == "Confirm your address for masthead.test"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert abs(parsedate_to_datetime(mail["Date"]) - datetime.now(UTC)) < timedelta(minutes=1)
    assert mail["Message-ID"].endswith("@masthead.test>")


def test_a_message_id_is_a_mails_own_and_stays_the_same() -> None:
    same = {made()["Message-ID"] for _ in range(2)}
    others = {made("reset_password")["Message-ID"], made(to="bob@masthead.test")["Message-ID"]}
    assert len(same) == 1
    assert len(same | others) == 3


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\x0b"])
def test_no_fact_adds_a_header_or_a_line(end: str) -> None:
    facts = FACTS["invitation"] | {
        "publication": f"Daily{end}Bcc: all@masthead.test{end}{end}Hello"
    }
    mail = message_from_bytes(bytes(made("invitation", **facts)), policy=default)
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Join Daily Bcc: all@masthead.test Hello"
    assert isinstance(mail, EmailMessage)
    assert "invites you to Daily Bcc: all@masthead.test Hello at masthead.test" in " ".join(
        parts(mail)[0].split()
    )


@pytest.mark.parametrize(
    "to",
    [
        "ann@masthead.test\r\nBcc: bob@masthead.test",
        "ann@masthead.test, bob@masthead.test",
        "ann@masthead.test>",
        "Ann <ann@masthead.test>",
        "",
    ],
)
def test_mail_goes_to_one_address_only(to: str) -> None:
    with pytest.raises(Refused) as refusal:
        made(to=to)
    assert str(refusal.value) == "the receiver's address is none"


def test_facts_are_text_in_html() -> None:
    facts = FACTS["invitation"] | {"publication": '<script>alert("1")</script>'}
    _, rich = parts(made("invitation", **facts))
    assert "<script>" not in rich
    assert "&lt;script&gt;" in rich


def test_a_fact_that_is_missing_is_an_error() -> None:
    with pytest.raises(Exception, match="'link' is undefined"):
        message(Mail(7, "ann@masthead.test", "sign_up", {}), SENDER, "masthead.test")


def test_a_template_that_is_missing_is_an_error_that_may_pass() -> None:
    with pytest.raises(LookupError, match=r"there is no template of_tomorrow\.txt"):
        message(Mail(7, "ann@masthead.test", "of_tomorrow", {}), SENDER, "masthead.test")


@pytest.mark.parametrize(
    ("url", "expected", "start_tls"),
    [
        ("smtp://mail.example", Server("mail.example", 587, False), None),
        ("smtp://mail.example:25", Server("mail.example", 25, False), None),
        ("smtp://u%40x:p%3Aw@mail.example", Server("mail.example", 587, False, "u@x", "p:w"), True),
        ("smtps://u:p@mail.example", Server("mail.example", 465, True, "u", "p"), False),
        ("smtp://u:p@127.0.0.1:1025", Server("127.0.0.1", 1025, False, "u", "p"), None),
        ("smtp://u:p@[::1]:1025", Server("::1", 1025, False, "u", "p"), None),
        ("smtp://u:p@localhost", Server("localhost", 587, False, "u", "p"), None),
    ],
)
def test_servers_and_when_encryption_is_required(
    url: str, expected: Server, start_tls: bool | None
) -> None:
    assert server(url) == expected
    assert server(url).start_tls is start_tls
    assert "p:w" not in repr(server(url))


@pytest.mark.parametrize(
    "url",
    ["", "mail.example", "http://mail.example", "smtp://", "smtp://user@mail.example",
     "smtp://mail.example/path", "smtp://mail.example?tls=no", "smtp://mail.example:99999"],
)  # fmt: skip
def test_what_is_no_server(url: str) -> None:
    with pytest.raises(ValueError):
        server(url)


@pytest.mark.parametrize(
    ("written", "name", "address"),
    [
        ("blog@masthead.test", "", "blog@masthead.test"),
        ("The Blog <blog@masthead.test>", "The Blog", "blog@masthead.test"),
        ('"Ann, Bob" <blog@masthead.test>', "Ann, Bob", "blog@masthead.test"),
        ("Zoë <blog@masthead.test>", "Zoë", "blog@masthead.test"),
    ],
)
def test_mailboxes(written: str, name: str, address: str) -> None:
    box = mailbox(written)
    assert (box.display_name, box.addr_spec) == (name, address)


@pytest.mark.parametrize(
    "written", ["", "The Blog", "blog@localhost", "a@masthead.test, b@masthead.test",
                "Blog\r\nBcc: x@masthead.test <blog@masthead.test>"],
)  # fmt: skip
def test_what_is_no_mailbox(written: str) -> None:
    with pytest.raises(ValueError):
        mailbox(written)


@pytest.fixture
def sending(database: Database, tmp_path: Path) -> Sending:
    """A mail server, and a worker that sends by it."""

    @asynccontextmanager
    async def sending(
        user: str = "", tls: ssl.SSLContext | None = None
    ) -> AsyncIterator[Mailserver]:
        async with mailserver(tls) as server:
            settings = Settings(
                smtp_url=f"smtp://{user}127.0.0.1:{server.port}",
                mail_from="The Blog <blog@masthead.test>",
                public_url="https://masthead.test",
            )
            async with working(database, settings):
                yield server

    return sending


def working(database: Database, settings: Settings) -> AbstractAsyncContextManager[None]:
    return Worker(database, tasks(settings, database, authority_on(database)), FAST).running()


async def asked(database: Database, to: str = "ann@masthead.test") -> None:
    async with database.write() as tx:
        await send_mail(tx, to, "sign_up", link=LINK)


async def statuses(database: Database) -> list[tuple[str, int]]:
    """Of the mails that are not sent: how it stands, after how many attempts."""
    query = "select status::text, attempts from procrastinate_jobs where task_name = 'mail.send'"
    async with database.read() as connection:
        return [(row[0], row[1]) for row in await connection.execute(text(query))]


async def settled(database: Database, expected: list[tuple[str, int]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while await statuses(database) != expected:
            await asyncio.sleep(0.02)


async def sooner(database: Database) -> None:
    async with database.write() as tx:
        await tx.execute(text("update procrastinate_jobs set scheduled_at = null"))


async def test_mail_is_sent(database: Database, sending: Sending) -> None:
    async with sending() as server:
        await asked(database)
        await settled(database, [])
    [mail] = server.messages
    assert server.recipients == ["ann@masthead.test"]
    assert mail["From"] == "The Blog <blog@masthead.test>"
    assert mail["Subject"] == "Confirm your address for masthead.test"
    assert LINK in parts(mail)[0]
    assert LINK in parts(mail)[1]


async def test_a_transaction_that_fails_sends_nothing(database: Database, sending: Sending) -> None:
    async with sending() as server:
        with pytest.raises(ZeroDivisionError):
            async with database.write() as tx:
                await send_mail(tx, "bob@masthead.test", "sign_up", link=LINK)
                raise ZeroDivisionError
        await asked(database)
        await settled(database, [])
    assert server.recipients == ["ann@masthead.test"]


async def test_what_the_server_cannot_take_now_is_sent_later(
    database: Database, sending: Sending
) -> None:
    async with sending() as server:
        server.replies = ["451 Try again", "421 Too busy"]
        await asked(database)
        for attempts in (1, 2):
            await settled(database, [("todo", attempts)])
            await sooner(database)
        await settled(database, [])
    assert server.attempts == 3
    assert len(server.messages) == 1


async def test_a_server_that_is_away_is_waited_for(database: Database) -> None:
    settings = Settings(smtp_url="smtp://127.0.0.1:1", mail_from="blog@masthead.test")
    async with working(database, settings):
        await asked(database)
        await settled(database, [("todo", 1)])


@pytest.mark.parametrize("where", ["recipient_reply", "replies"])
async def test_what_the_server_refuses_for_good_is_not_sent_again(
    where: str, database: Database, sending: Sending, caplog: pytest.LogCaptureFixture
) -> None:
    reply = "550 ann@masthead.test does not live here"
    async with sending() as server:
        setattr(server, where, [reply] if where == "replies" else reply)
        await asked(database)
        await settled(database, [("failed", 1)])
    assert server.attempts == 1
    assert "failed for good at attempt 1: the mail server refuses it: 550" in caplog.text
    assert "ann@" not in caplog.text
    assert LINK not in caplog.text


async def test_a_wrong_password_for_the_server_can_be_mended(
    database: Database, sending: Sending, caplog: pytest.LogCaptureFixture
) -> None:
    async with sending(user="user:wrong@") as server:
        await asked(database)
        await settled(database, [("todo", 1)])
    assert server.messages == []
    assert (
        "failed at attempt 1: ConnectionError: the mail server does not take it now: 535"
        in caplog.text
    )


async def test_a_password_for_the_server(
    database: Database, sending: Sending, certificate: ssl.SSLContext
) -> None:
    async with sending(user="us%40er:pass%3Aword@", tls=certificate) as server:
        await asked(database)
        await settled(database, [])
    assert (server.logins, server.encrypted) == ([(b"us@er", b"pass:word")], [True])


async def test_encryption_that_is_offered_is_taken(
    database: Database, sending: Sending, certificate: ssl.SSLContext
) -> None:
    async with sending(tls=certificate) as server:
        await asked(database)
        await settled(database, [])
    assert server.encrypted == [True]


class Elsewhere(Server):
    """A server of this machine that counts as another one."""

    @property
    def local(self) -> bool:
        return False


async def test_credentials_do_not_leave_the_machine_in_the_open() -> None:
    async with mailserver() as open_server:
        away = Elsewhere("127.0.0.1", open_server.port, False, "user", "pass:word")
        with pytest.raises(Exception, match="STARTTLS extension not supported"):
            await SmtpSender(away, SENDER, "x").send(
                Mail(1, "ann@masthead.test", "sign_up_known", {})
            )
    assert (open_server.logins, open_server.messages) == ([], [])


async def test_a_server_whose_certificate_nobody_vouches_for_gets_nothing(
    certificate: ssl.SSLContext,
) -> None:
    async with mailserver(certificate) as impostor:
        away = Elsewhere("127.0.0.1", impostor.port, False, "user", "pass:word")
        with pytest.raises(Exception, match=r"(?i)certificate"):
            await SmtpSender(away, SENDER, "x").send(
                Mail(1, "ann@masthead.test", "sign_up_known", {})
            )
    assert (impostor.logins, impostor.messages) == ([], [])


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """A certificate that nobody but its owner has signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + made.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


async def test_mail_of_development_lands_in_files(database: Database, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, public_url="https://masthead.test")
    with capture_logs() as log:
        async with working(database, settings):
            await asked(database)
            await settled(database, [])
    [file] = (tmp_path / "mail").iterdir()
    [line] = [line for line in log if line["event"] == "mail"]
    assert (line["file"], line["link"], line["to"]) == (str(file), LINK, "ann@masthead.test")
    assert (file.suffix, file.stat().st_mode & 0o777) == (".eml", 0o600)
    mail = message_from_bytes(file.read_bytes(), policy=default)
    assert isinstance(mail, EmailMessage)
    assert mail["To"] == "ann@masthead.test"
    assert LINK in parts(mail)[0]


async def test_production_without_a_server_says_so_and_sends_nothing(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(profile="production", data_dir=tmp_path)
    with capture_logs() as log:
        async with working(database, settings):
            await asked(database)
            await settled(database, [("failed", 1)])
    unset = "MASTHEAD_SMTP_URL is not set: no mail can be sent"
    assert [(line["event"], line["log_level"]) for line in log] == [(unset, "warning")]
    assert unset in caplog.text
    assert os.listdir(tmp_path) == []  # noqa: PTH208


def test_the_ways_to_send(tmp_path: Path) -> None:
    smtp: dict[str, Any] = {"smtp_url": "smtp://mail.example", "mail_from": "a@masthead.test"}
    for settings, expected in [
        (Settings(**smtp), SmtpSender),
        (Settings(**smtp, profile="production"), SmtpSender),
        (Settings(), FileSender),
        (Settings(profile="production"), NoSender),
    ]:
        assert type(sender_of(settings)) is expected


async def test_the_mail_of_a_killed_worker_is_sent_by_another(
    database: Database, clone: Clone, tmp_path: Path
) -> None:
    async with mailserver() as server:
        server.hold = True
        settings = {
            "DATABASE_URL": clone.url,
            "MASTHEAD_SMTP_URL": f"smtp://127.0.0.1:{server.port}",
            "MASTHEAD_MAIL_FROM": "blog@masthead.test",
            "MASTHEAD_DATA_DIR": str(tmp_path),
        }
        await asked(database)
        with masthead_worker(settings) as first:
            await until(lambda: server.attempts == 1)
            first.send_signal(signal.SIGKILL)
            assert first.wait(PATIENCE) == -signal.SIGKILL
        assert await statuses(database) == [("doing", 0)]
        server.hold = False
        async with database.write() as tx:  # As if half a minute had passed.
            ago = "last_heartbeat - interval '1 minute'"
            await tx.execute(text(f"update procrastinate_workers set last_heartbeat = {ago}"))
        with masthead_worker(settings) as second:
            await until(lambda: bool(server.recipients))
            await settled(database, [])
            second.terminate()
            assert await asyncio.to_thread(second.wait, PATIENCE) == 0
    # What the dead one had handed in arrived as well, by its name the same mail.
    assert len({mail["Message-ID"] for mail in server.messages}) == 1


def masthead_worker(settings: dict[str, str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "app.cli", "worker"],
        cwd=ROOT,
        env=os.environ | settings,
        stderr=subprocess.DEVNULL,
    )
