"""A publication with a person of each role, another one, and what they say to the server."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text

from db.database import Database
from db.models.publication import Membership, Publication
from tests.loaders import rows
from tests.signing import Client, person

PUBLIC = "public"
MEMBERS = {"olive": "OWNER", "ed": "EDITOR", "con": "CONTRIBUTOR"}
PEOPLE = (*MEMBERS, "sam", "otto", "ada")
"""Besides the members a stranger, the owner of another publication, and an administrator."""
NO_MANAGERS = {
    PUBLIC: "UNAUTHENTICATED",
    "sam": "FORBIDDEN",
    "con": "FORBIDDEN",
    "ed": "FORBIDDEN",
    "otto": "FORBIDDEN",
}
"""Who may not manage its members, and what they are told."""
WATCHED = ("publications", "memberships", "invitations", "role_invitations", "procrastinate_jobs")


@dataclass
class Blog:
    """`ids` are people's by username; `id` is the publication's, `other` the other one's."""

    database: Database
    client: Client
    ids: dict[str, str] = field(default_factory=dict)
    id: str = ""
    other: str = ""
    tokens: dict[str, str] = field(default_factory=dict)

    async def fill(self) -> None:
        for username in PEOPLE:
            role = "SUPERUSER" if username == "ada" else "USER"
            self.ids[username] = await person(self.database, username, role=role)
        blog = rows.publication({"id": self.ids["olive"]}, "blog.test")
        other = rows.publication({"id": self.ids["otto"]}, "other.test")
        self.id, self.other = blog["id"], other["id"]
        members = [rows.membership(blog, {"id": self.ids[n]}, r) for n, r in MEMBERS.items()]
        members.append(rows.membership(other, {"id": self.ids["otto"]}, "OWNER"))
        await rows.add(self.database, (Publication, [blog, other]), (Membership, members))

    async def says(self, who: str, query: str, **variables: Any) -> dict[str, Any]:
        """The body of the answer to one of the people, or to the public."""
        self.client.headers.pop("Authorization", None)
        if who != PUBLIC and who not in self.tokens:
            self.tokens[who] = (await self.client.sign_in(who))["accessToken"]
        if who != PUBLIC:
            self.client.headers["Authorization"] = f"Bearer {self.tokens[who]}"
        return await self.client.graphql(query, variables)

    async def does(self, who: str, mutation: str, **input: Any) -> dict[str, Any]:
        """What a mutation gives that must not fail."""
        body = await self.says(who, mutation, input=input)
        assert "errors" not in body, body
        [payload] = body["data"].values()
        return dict(payload)

    async def roles(self, publication_id: str = "") -> dict[str, str]:
        """The members' roles by username."""
        query = (
            "select username, m.role from memberships m join users u on u.id = m.user_id"
            " where publication_id = :id"
        )
        async with self.database.read() as connection:
            found = await connection.execute(text(query), {"id": publication_id or self.id})
            return dict(found.all())

    async def mails(self) -> list[dict[str, Any]]:
        """What is to be mailed, in order."""
        query = "select args from procrastinate_jobs where task_name = 'mail.send' order by id"
        async with self.database.read() as connection:
            return list((await connection.execute(text(query))).scalars())

    async def token(self) -> str:
        """The token of the invitation that was mailed last."""
        link: str = (await self.mails())[-1]["facts"]["link"]
        return link.partition("?token=")[2]

    async def state(self) -> dict[str, list[Any]]:
        """All that managing members can change."""
        async with self.database.read() as connection:
            return {
                name: sorted(map(repr, await connection.execute(text(f"select * from {name}"))))
                for name in WATCHED
            }

    async def actions(self) -> list[str]:
        """What was done for the audit log, in order, besides signing in."""
        query = "select action from audit_events where action <> 'session.start' order by at, id"
        async with self.database.read() as connection:
            return list((await connection.execute(text(query))).scalars())
