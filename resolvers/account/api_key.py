"""API keys: how programs act for people."""

from datetime import datetime
from typing import Annotated, ClassVar

import strawberry

from db.writes.accounts import api_keys as writes
from loaders.api_key import ApiKeyRow
from resolvers.context import Info
from resolvers.fields import field
from resolvers.node import Node
from resolvers.permissions import ApiScope, HasProvenRecently, IsAuthenticated, IsInPerson
from resolvers.scalars import ObjectId
from resolvers.viewer import viewer_of


@strawberry.type(description="A key by which a program acts for a person.")
class ApiKey(Node):
    row: ClassVar[type] = ApiKeyRow

    name: str = strawberry.field(description="What it is for.")
    publication_id: strawberry.ID | None = strawberry.field(
        description="The only publication that it is for; null where it is for all of the person's."
    )
    created_at: datetime = strawberry.field(description="When it was made.")
    expires_at: datetime | None = strawberry.field(description="Until when it is good.")
    used_at: datetime | None = strawberry.field(
        description="When it was last used, to the minute; null before."
    )
    used_from: str | None = strawberry.field(
        description="The network address that it was last used from."
    )

    @field("How it begins: enough to find it by, and of no use to anybody.", reads=("public",))
    def prefix(parent: strawberry.Parent[ApiKeyRow]) -> str:
        return f"mh_{parent.public}"

    @field("What it may do.", reads=("scopes",))
    def scopes(parent: strawberry.Parent[ApiKeyRow]) -> list[ApiScope]:
        return [ApiScope[scope] for scope in parent.scopes]


@strawberry.input(description="A key to be made.")
class CreateApiKeyInput:
    name: str = strawberry.field(description="What it is for: 1 to 100 characters.")
    scopes: list[ApiScope] = strawberry.field(description="What it may do: one scope or more.")
    publication_id: ObjectId | None = strawberry.field(
        default=None, description="The only publication that it is for, one of the viewer's."
    )
    expires_at: datetime | None = strawberry.field(
        default=None, description="Until when it is good: 90 days when left out."
    )


@strawberry.type(description="A new key.")
class CreateApiKeyPayload:
    id: strawberry.ID = strawberry.field(description="Its id.")
    key: str = strawberry.field(
        description="The key, shown this once: for the header `Authorization: Bearer …`."
    )


@strawberry.input(description="A key to be ended.")
class RevokeApiKeyInput:
    id: strawberry.ID = strawberry.field(
        description="One of the viewer's keys, or one for a publication that they own."
    )


@strawberry.type(description="The end of a key.")
class RevokeApiKeyPayload:
    success: bool = strawberry.field(description="Always true; failures are errors.")


@strawberry.type
class ApiKeyMutation:
    @field(
        "Makes a key by which a program acts for the viewer.",
        permissions=[IsAuthenticated, IsInPerson, HasProvenRecently],
    )
    async def create_api_key(
        self,
        info: Info,
        input: Annotated[CreateApiKeyInput, strawberry.argument(description="The key.")],
    ) -> CreateApiKeyPayload:
        context = info.context
        async with context.database.write() as tx:
            made = await writes.create_api_key(
                tx,
                context.client,
                viewer_of(info),
                input.name,
                [scope.name for scope in input.scopes],
                input.publication_id,
                input.expires_at,
            )
        return CreateApiKeyPayload(id=strawberry.ID(made.id), key=made.secret)

    @field(
        "Ends a key: programs that use it can do nothing more.",
        permissions=[IsAuthenticated, IsInPerson],
    )
    async def revoke_api_key(
        self,
        info: Info,
        input: Annotated[RevokeApiKeyInput, strawberry.argument(description="The key.")],
    ) -> RevokeApiKeyPayload:
        context = info.context
        async with context.database.write() as tx:
            changed = await writes.revoke_api_key(tx, context.client, viewer_of(info), input.id)
        context.exchange.changed.add(changed)
        return RevokeApiKeyPayload(success=True)
