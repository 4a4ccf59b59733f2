"""Second factors: asked for when somebody signs in, and when they are about to do something grave."""

from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.authority import Authority
from db.database import Database
from db.errors import FieldError, Forbidden, Invalid, Unauthenticated
from db.models.factor import RecoveryCode, Totp
from db.models.user import User
from db.viewer import Client, Viewer
from db.writes import audit
from db.writes.accounts import challenges, lockouts
from db.writes.accounts.passkeys import credentials_of, use_passkey
from db.writes.accounts.passwords import prove_password, require_still
from db.writes.accounts.recovery import has_factor, use_recovery_code
from db.writes.accounts.sessions import Started, prove_again, start_session
from db.writes.accounts.totp import use_totp_code
from identity.passkeys import assertion_options, new_challenge

Method = Literal["PASSKEY", "PASSWORD", "RECOVERY_CODE", "TOTP"]

WRONG: Final = "This proves nothing: it is wrong, or was used before."
OVER: Final = "This sign-in is over: start again."


class Answer(NamedTuple):
    """What somebody shows: a code, a password, or a passkey's credential.

    `token` is of the request that the credential answers, where that has one of its own.
    """

    method: Method
    value: Any
    token: str = ""


@dataclass(frozen=True, slots=True)
class Demand:
    """A sign-in that waits for a second factor, by one of the methods."""

    asked: challenges.Asked
    methods: list[Method]
    passkey_options: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Proven:
    """A person who has given a second factor, after `method`."""

    user_id: str
    method: str


async def sign_in(
    database: Database,
    authority: Authority,
    client: Client,
    email: str,
    password: str,
    *,
    cookie: bool,
) -> Started | Demand:
    """A session by the password, or what the person must show besides.

    Raises Unauthenticated, RateLimited after many failures, as `passwords.prove_password`.
    """
    proven = await prove_password(database, authority, client, email, password)
    async with database.write() as tx:
        await require_still(tx, proven)
        return await start_or_demand(
            tx, authority, client, proven.user_id, "password", cookie=cookie
        )


async def start_or_demand(
    tx: AsyncConnection,
    authority: Authority,
    client: Client,
    user_id: str,
    method: str,
    *,
    strong: bool = False,
    cookie: bool = False,
) -> Started | Demand:
    """A session for a person who has proven by `method` who they are.

    Or what they must show besides: a second factor where they have one, unless `method` had one (`strong`).
    """
    if not strong and await has_factor(tx, user_id):
        challenge = new_challenge()
        asked = await challenges.ask(
            tx, "SECOND_FACTOR", user_id, method=method, challenge=challenge
        )
        return await _demand(tx, authority, user_id, asked, challenge)
    return await start_session(tx, client, user_id, method, strong=strong, cookie=cookie)


async def resume_sign_in(tx: AsyncConnection, authority: Authority, token: str) -> Demand:
    """The sign-in that waits under the token, from now on under another one.

    Raises Unauthenticated for a token that is good for nothing.
    """
    exchanged = await challenges.exchange(tx, token, "SECOND_FACTOR")
    if exchanged is None:
        raise Unauthenticated(OVER)
    asked, waiting = exchanged
    return await _demand(tx, authority, str(waiting.user_id), asked, waiting.details["challenge"])


async def prove_second_factor(
    database: Database, authority: Authority, client: Client, token: str, answer: Answer
) -> Proven:
    """The person whose sign-in waits under the token, and who answers rightly.

    Raises Unauthenticated for a wrong answer, and for a token that is good for nothing or has seen
    `challenges.MOST` of those; RateLimited after many of them.
    """
    async with database.write() as tx:
        waiting = await challenges.attempt(tx, token, "SECOND_FACTOR")
        if waiting is None or waiting.user_id is None:
            raise Unauthenticated(OVER)
        is_right = await _try(
            tx, authority, client, None, waiting.user_id, answer, waiting.details["challenge"]
        )
        if is_right:
            await challenges.take(tx, token, "SECOND_FACTOR")
    if not is_right:
        raise Unauthenticated(WRONG)
    return Proven(waiting.user_id, waiting.details["method"])


async def step_up(
    database: Database,
    authority: Authority,
    client: Client,
    viewer: Viewer,
    answer: Answer,
    path: tuple[str, ...],
) -> None:
    """The viewer proves again who they are: by a second factor, or the password where they have none.

    Raises Invalid, at `path`, for a wrong answer; RateLimited after many; Forbidden for a key, which can
    prove nothing.
    """
    if viewer.session_id is None:
        raise Forbidden("Only who is signed in can do this, no key.")
    if answer.method == "PASSWORD":
        await _prove_viewers_password(database, authority, client, viewer, answer.value, path)
    async with database.write() as tx:
        is_strong = answer.method != "PASSWORD"
        is_right = not is_strong or await _try_viewers(tx, authority, client, viewer, answer)
        if is_right:
            await prove_again(tx, viewer, strong=is_strong)
            method = answer.method.lower()
            await audit.record(tx, client, viewer, "session.step_up", None, method=method)
    if not is_right:
        raise Invalid(WRONG, [FieldError(path, WRONG)])


async def _demand(
    tx: AsyncConnection,
    authority: Authority,
    user_id: str,
    asked: challenges.Asked,
    challenge: str,
) -> Demand:
    known = await credentials_of(tx, user_id)
    offered: dict[Method, bool] = {
        "TOTP": await _has(tx, Totp.user_id == user_id, Totp.confirmed_at.is_not(None)),
        "PASSKEY": bool(known),
        "RECOVERY_CODE": await _has(
            tx, RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None)
        ),
    }
    methods = [each for each, is_there in offered.items() if is_there]
    if not known:
        return Demand(asked, methods, None)
    made = assertion_options(authority.relying_party, known, challenge=challenge)
    return Demand(asked, methods, made.options)


async def _prove_viewers_password(
    database: Database,
    authority: Authority,
    client: Client,
    viewer: Viewer,
    password: str,
    path: tuple[str, ...],
) -> None:
    async with database.read() as connection:
        email = await connection.scalar(select(User.email).where(User.id == viewer.user_id))
        if await has_factor(connection, viewer.user_id):
            message = "Use your second factor: the password alone is not enough."
            raise Invalid(message, [FieldError(path, message)])
    try:
        await prove_password(database, authority, client, email or "", password)
    except Unauthenticated:
        raise Invalid(WRONG, [FieldError(path, WRONG)]) from None


async def _try_viewers(
    tx: AsyncConnection, authority: Authority, client: Client, viewer: Viewer, answer: Answer
) -> bool:
    challenge = None
    if answer.method == "PASSKEY":
        waiting = await challenges.take(tx, answer.token, "PASSKEY_ASSERTION")
        if waiting is None or waiting.user_id != viewer.user_id:
            return False
        challenge = waiting.details["challenge"]
    return await _try(tx, authority, client, viewer, viewer.user_id, answer, challenge)


async def _try(
    tx: AsyncConnection,
    authority: Authority,
    client: Client,
    viewer: Viewer | None,
    user_id: str,
    answer: Answer,
    challenge: str | None,
) -> bool:
    """Whether the answer is the person's; counted and logged if not. Raises RateLimited.

    Answers of one person wait for each other in `lockouts.attempt`, so that each is counted before the
    next is looked at.
    """
    subject, others = lockouts.factor(user_id), lockouts.address(client.address)
    await lockouts.attempt(tx, [subject, *others])
    is_right = await _is_right(tx, authority, client, user_id, answer, challenge)
    if is_right:
        await lockouts.succeed(tx, subject, others)
    result: audit.Result = "SUCCESS" if is_right else "FAILURE"
    method = answer.method.lower()
    await audit.record(tx, client, viewer, "second_factor.verify", user_id, result, method=method)
    return is_right


async def _is_right(
    tx: AsyncConnection,
    authority: Authority,
    client: Client,
    user_id: str,
    answer: Answer,
    challenge: str | None,
) -> bool:
    match answer.method:
        case "TOTP":
            return await use_totp_code(tx, authority.keyring, user_id, answer.value)
        case "RECOVERY_CODE":
            return await use_recovery_code(tx, user_id, answer.value)
        case "PASSKEY" if challenge:
            used = await use_passkey(tx, authority, client, challenge, answer.value, user_id)
            return used is not None
        case _:
            return False


async def _has(tx: AsyncConnection, *conditions: Any) -> bool:
    return bool(await tx.scalar(select(exists().where(*conditions))))
