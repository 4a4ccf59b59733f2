"""Somebody who is signed in at the server that is measured."""

import asyncio

import httpx
from sqlalchemy.dialects.postgresql import insert

from bench.processes import Failed, Server
from db.database import Database
from db.embedded import Cluster
from db.models.account import Account
from db.models.user import User
from identity.passwords import Hasher

ID = "user_00000000-0000-7000-8000-00000000be4c"
EMAIL, PASSWORD = "reader@bench.test", "measured beside the public"
SIGN_IN = """mutation SignIn($input: SignInInput!) {
    signIn(input: $input) { tokens { accessToken } } }"""


def access_token(server: Server, cluster: Cluster) -> str:
    """A token of a new session, of a person who belongs to no publication. Raises Failed without one."""
    asyncio.run(_have_account(cluster.application_url))
    variables = {"input": {"email": EMAIL, "password": PASSWORD}}
    body = {"query": SIGN_IN, "variables": variables}
    answer = httpx.post(f"{server.url}/graphql", json=body, timeout=60).json()
    if answer.get("errors"):
        raise Failed(f"nobody can sign in: {answer['errors']}")
    token: str = answer["data"]["signIn"]["tokens"]["accessToken"]
    return token


async def _have_account(url: str) -> None:
    database = Database(url)
    stored = await Hasher().hash(PASSWORD)
    user = {"id": ID, "username": "bench-reader", "name": "Reader", "email": EMAIL}
    async with database.write() as tx:
        await tx.execute(insert(User).values(user).on_conflict_do_nothing())
        account = insert(Account).values(user_id=ID, password_hash=stored)
        await tx.execute(account.on_conflict_do_nothing())
    await database.dispose()
