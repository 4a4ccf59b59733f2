"""People who can sign in, and a client of the application that does."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from sqlalchemy import insert

from app.main import create_app
from app.settings import Settings
from db.authority import Authority
from db.database import Database
from db.models.account import Account
from db.models.user import User
from db.signing_keys import SigningKeys
from db.viewer import Client as Sender
from db.writes.accounts.sessions import start_session
from identity.passwords import Hasher
from identity.secrets import Keyring
from tests.loaders import rows

SECRET = "a secret of thirty-two characters"
ORIGIN = "http://masthead.test"
PASSWORD = "correct horse battery"
# As little work as argon2 knows: what is tested is what we do with it.
HASHER = Hasher(memory=8, passes=1)


def authority_on(database: Database, **changes: Any) -> Authority:
    keyring = Keyring([SECRET])
    made = {
        "keyring": keyring,
        "hasher": HASHER,
        "signing_keys": SigningKeys(database, keyring, "EdDSA"),
        "public_url": ORIGIN,
        "audience": "masthead",
    }
    return Authority(**{**made, **changes})


async def person(
    database: Database, username: str, password: str | None = PASSWORD, **more: Any
) -> str:
    """The id of a person who can sign in: `username@masthead.test`, PASSWORD."""
    user = rows.user(username, email=f"{username}@masthead.test", **more)
    stored = password and await HASHER.hash(password)
    async with database.write() as tx:
        await tx.execute(insert(User).values(user))
        await tx.execute(insert(Account).values(user_id=user["id"], password_hash=stored))
    return str(user["id"])


class Client(httpx.AsyncClient):
    """A client of the whole application."""

    async def graphql(
        self, query: str, variables: dict[str, Any] | None = None, **headers: str
    ) -> dict[str, Any]:
        """The body of a response. Names of headers have underscores for hyphens."""
        response = await self.operation(query, variables, **headers)
        body: dict[str, Any] = response.json()
        return body

    async def operation(
        self, query: str, variables: dict[str, Any] | None = None, **headers: str
    ) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.post(
            "/graphql", json={"query": query, "variables": variables or {}}, headers=named
        )

    async def sign_in(self, username: str, password: str = PASSWORD) -> dict[str, str]:
        """The tokens of a new session; from now on, the client sends the access token."""
        body = await self.graphql(SIGN_IN, {"input": credentials(username, password)})
        tokens: dict[str, str] = body["data"]["signIn"]["tokens"]
        self.headers["Authorization"] = f"Bearer {tokens['accessToken']}"
        return tokens

    async def enter(self, database: Database, user_id: str) -> None:
        """From now on, the client sends the access token of a new session of the person."""
        async with database.write() as tx:
            started = await start_session(tx, Sender("test", "192.0.2.1"), user_id, "password")
        token, _ = await authority_on(database).access_token(user_id, started.id)
        self.headers["Authorization"] = f"Bearer {token}"


SIGN_IN = """mutation SignIn($input: SignInInput!) {
    signIn(input: $input) { tokens { accessToken refreshToken } } }"""


def credentials(username: str, password: str = PASSWORD, **more: Any) -> dict[str, Any]:
    return {"email": f"{username}@masthead.test", "password": password, **more}


@asynccontextmanager
async def client_of(
    database: Database,
    authority: Authority | None = None,
    address: str = "192.0.2.1",
    **settings: Any,
) -> AsyncIterator[Client]:
    """A client at this address of an application over the database."""
    settings.setdefault("budget_anonymous", 0)
    app = create_app(Settings(**settings), database, authority or authority_on(database))
    transport = httpx.ASGITransport(app=app, client=(address, 4711))
    async with Client(transport=transport, base_url=ORIGIN) as client:
        yield client


def code_of(body: dict[str, Any]) -> str:
    """The code of the only error."""
    [error] = body["errors"]
    return str(error["extensions"]["code"])
