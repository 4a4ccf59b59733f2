"""Identity providers: whom people may sign in with, and where the viewer is known."""

from datetime import datetime
from typing import Annotated, ClassVar

import strawberry

from db.writes.accounts import identities as writes
from loaders.identity import IdentityRow
from resolvers.context import Info
from resolvers.fields import SHORT, field
from resolvers.permissions import HasProvenRecently, IsAuthenticated, IsInPerson
from resolvers.viewer import viewer_of


@strawberry.type(description="An identity provider that people may sign in with.")
class IdentityProvider:
    name: str = strawberry.field(description="Its name here.")
    start_url: str = strawberry.field(
        description="Where a browser begins to sign in, or, signed in, to link an identity. With"
        " `?redirect=` it comes back there, after a failure with `error=CODE`, and with"
        " `#second_factor=TOKEN` where `resumeSignIn` is next."
    )


@strawberry.type(
    description="The viewer at an identity provider: signing in there is signing in here."
)
class Identity:
    row: ClassVar[type] = IdentityRow

    id: strawberry.ID = strawberry.field(description="The identity's id.")
    provider: str = strawberry.field(description="The provider's name here.")
    email: str | None = strawberry.field(
        description="The address that the provider has verified, as of the last sign-in."
    )
    created_at: datetime = strawberry.field(description="When it was linked.")
    used_at: datetime = strawberry.field(description="When the viewer last signed in with it.")


@strawberry.input(description="An identity to be given up.")
class UnlinkIdentityInput:
    id: strawberry.ID = strawberry.field(description="One of the viewer's identities.")


@strawberry.type(description="The end of an identity.")
class UnlinkIdentityPayload:
    success: bool = strawberry.field(description="Always true; failures are errors.")


@strawberry.type
class IdentityQuery:
    @field("The identity providers that people may sign in with.", directives=[SHORT])
    async def identity_providers(self, info: Info) -> list[IdentityProvider]:
        signing = info.context.signing
        if signing is None:
            return []
        return [
            IdentityProvider(name=name, start_url=f"{signing.public_url}/auth/{name}/start")
            for name in signing.providers
        ]


@strawberry.type
class IdentityMutation:
    @field(
        "Gives up an identity of the viewer's. The last way to sign in stays: CONFLICT.",
        permissions=[IsAuthenticated, IsInPerson, HasProvenRecently],
    )
    async def unlink_identity(
        self,
        info: Info,
        input: Annotated[UnlinkIdentityInput, strawberry.argument(description="The identity.")],
    ) -> UnlinkIdentityPayload:
        context, viewer = info.context, viewer_of(info)
        async with context.database.write() as tx:
            await writes.unlink_identity(tx, context.client, viewer, input.id)
        context.exchange.changed.add(viewer.user_id)
        return UnlinkIdentityPayload(success=True)
