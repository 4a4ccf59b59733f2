"""Mutations of second factors, and people who have them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update

from db.database import Database
from db.models.audit import AuditEvent
from db.models.factor import Challenge, Passkey, RecoveryCode, Totp
from db.models.session import Session
from tests.authenticators import SoftPasskey, code_at
from tests.signing import Client, credentials

TOKENS = "tokens { accessToken }"
DEMAND = "tokens { accessToken } secondFactor { token methods passkeyOptions }"
FACTORS = "{ me { secondFactors { totpSince recoveryCodesLeft passkeys { id name usedAt } } } }"


async def attempt(
    client: Client, name: str, selection: str = "success", /, **given: Any
) -> dict[str, Any]:
    """The body of the response to the mutation with this input."""
    kind = f"{name[0].upper()}{name[1:]}Input!"
    head = f"mutation($input: {kind}) {{ {name}(input: $input)" if given else f"mutation {{ {name}"
    return await client.graphql(f"{head} {{ {selection} }} }}", {"input": given} if given else {})


async def do(
    client: Client, name: str, selection: str = "success", /, **given: Any
) -> dict[str, Any]:
    """What the mutation gives, which works."""
    body = await attempt(client, name, selection, **given)
    assert "errors" not in body, body
    done: dict[str, Any] = body["data"][name]
    return done


async def enable_totp(client: Client) -> tuple[str, list[str]]:
    """The seed of the viewer's new app, whose present code is used up, and their recovery codes."""
    secret: str = (await do(client, "setUpTotp", "secret"))["secret"]
    done = await do(client, "confirmTotp", "recoveryCodes", code=code_at(secret))
    return secret, done["recoveryCodes"]


async def register(client: Client, key: SoftPasskey, name: str = "Laptop") -> dict[str, Any]:
    """The viewer's new passkey: its id, and recovery codes."""
    request = await do(client, "startPasskeyRegistration", "token options")
    return await do(
        client,
        "finishPasskeyRegistration",
        "id recoveryCodes",
        token=request["token"],
        credential=key.create(request["options"]),
        name=name,
    )


async def demanded(client: Client, username: str) -> dict[str, Any]:
    """What the person must show after the password, which signs nobody in."""
    done = await do(client, "signIn", DEMAND, **credentials(username))
    assert done["tokens"] is None
    demand: dict[str, Any] = done["secondFactor"]
    return demand


def take_on(client: Client, done: dict[str, Any]) -> None:
    """Has the client send the access token that it was given."""
    client.headers["Authorization"] = f"Bearer {done['tokens']['accessToken']}"


async def factors(client: Client) -> dict[str, Any]:
    found: dict[str, Any] = (await client.graphql(FACTORS))["data"]["me"]["secondFactors"]
    return found


async def rewind(database: Database) -> None:
    """Forgets which codes of apps were used."""
    async with database.write() as tx:
        await tx.execute(update(Totp).values(last_step=0))


async def age(database: Database, minutes: float = 11) -> None:
    """Lets all proofs be so old."""
    async with database.write() as tx:
        then = datetime.now(UTC) - timedelta(minutes=minutes)
        await tx.execute(update(Session).values(proven_at=then))


async def expire(database: Database) -> None:
    """Lets the time of all challenges be over."""
    async with database.write() as tx:
        await tx.execute(update(Challenge).values(expires_at=datetime.now(UTC)))


async def counted(database: Database) -> dict[str, int]:
    """How many rows there are of what second factors change."""
    async with database.read() as connection:
        return {
            table.__tablename__: int(
                await connection.scalar(select(func.count()).select_from(table)) or 0
            )
            for table in (Session, Totp, RecoveryCode, Passkey)
        }


async def log(database: Database) -> list[tuple[str, str]]:
    """What the audit log has, but for how people signed in with their password."""
    async with database.read() as connection:
        rows = await connection.execute(
            select(AuditEvent.action, AuditEvent.result).order_by(AuditEvent.at, AuditEvent.id)
        )
    return [(row.action, row.result) for row in rows if row.action != "session.start"]


async def mailed(database: Database) -> list[str]:
    """What people were told, in order."""
    async with database.read() as connection:
        rows = await connection.exec_driver_sql(
            "select args -> 'facts' ->> 'what' from procrastinate_jobs"
            " where task_name = 'mail.send' and args ->> 'template' = 'security' order by id"
        )
    return [what for (what,) in rows]
