"""Passkeys: registered, used to sign in, renamed, removed."""

from datetime import datetime
from typing import Annotated, ClassVar

import strawberry

from db.writes.accounts import passkeys as writes
from loaders.factor import PasskeyRow
from resolvers.account.proof import PasskeyRequest, request_of
from resolvers.account.session import SessionTokens, SessionTransport, begin
from resolvers.context import Info
from resolvers.fields import field
from resolvers.node import Node
from resolvers.permissions import Anyone, HasProvenRecently, IsAuthenticated, IsInPerson
from resolvers.scalars import JSON
from resolvers.viewer import viewer_of


@strawberry.type(description="A passkey of the viewer.")
class Passkey(Node):
    row: ClassVar[type] = PasskeyRow

    name: str = strawberry.field(description="What the viewer calls it.")
    backed_up: bool = strawberry.field(
        description="Whether it outlives the loss of the device, as one that is synced does."
    )
    created_at: datetime = strawberry.field(description="When it was registered.")
    used_at: datetime | None = strawberry.field(description="When it was last used.")


@strawberry.type(description="A request for a new passkey.")
class StartPasskeyRegistrationPayload:
    token: str = strawberry.field(description="For `finishPasskeyRegistration`, once.")
    options: JSON = strawberry.field(
        description="What the browser is asked: the argument of"
        " `PublicKeyCredential.parseCreationOptionsFromJSON`."
    )
    expires_at: datetime = strawberry.field(description="Until when the answer must be there.")


@strawberry.input(description="A new passkey.")
class FinishPasskeyRegistrationInput:
    token: str = strawberry.field(description="The request's token.")
    credential: JSON = strawberry.field(description="What `PublicKeyCredential.toJSON` gives.")
    name: str = strawberry.field(description="What to call it: 1 to 100 characters.")


@strawberry.type(description="A registered passkey, which is a second factor from now on.")
class FinishPasskeyRegistrationPayload:
    id: strawberry.ID = strawberry.field(description="The passkey's id.")
    recovery_codes: list[str] = strawberry.field(
        description="Ten codes that are shown this once, each of which stands in for a second factor"
        " once. Empty where codes from before are left."
    )


@strawberry.input(description="Another name for a passkey.")
class RenamePasskeyInput:
    id: strawberry.ID = strawberry.field(description="One of the viewer's passkeys.")
    name: str = strawberry.field(description="What to call it: 1 to 100 characters.")


@strawberry.type(description="A renamed passkey.")
class RenamePasskeyPayload:
    success: bool = strawberry.field(description="Always true; failures are errors.")


@strawberry.input(description="A passkey to be removed.")
class RemovePasskeyInput:
    id: strawberry.ID = strawberry.field(description="One of the viewer's passkeys.")


@strawberry.type(description="The end of a passkey.")
class RemovePasskeyPayload:
    success: bool = strawberry.field(description="Always true; failures are errors.")


@strawberry.input(description="A passkey's answer, and how the session is kept.")
class FinishPasskeySignInInput:
    token: str = strawberry.field(description="The request's token.")
    credential: JSON = strawberry.field(description="What `PublicKeyCredential.toJSON` gives.")
    transport: SessionTransport = strawberry.field(
        default=SessionTransport.TOKENS, description="How the session is kept."
    )


@strawberry.type(description="A new session.")
class FinishPasskeySignInPayload:
    tokens: SessionTokens | None = strawberry.field(
        description="Null where the session is kept in a cookie."
    )


@strawberry.type
class PasskeyMutation:
    @field(
        "Asks for a new passkey of the viewer.",
        permissions=[IsAuthenticated, IsInPerson, HasProvenRecently],
    )
    async def start_passkey_registration(self, info: Info) -> StartPasskeyRegistrationPayload:
        context = info.context
        async with context.database.write() as tx:
            request = await writes.start_passkey_registration(
                tx, context.authority, viewer_of(info)
            )
        return StartPasskeyRegistrationPayload(
            token=request.asked.token,
            options=JSON(request.options),
            expires_at=request.asked.expires_at,
        )

    @field(
        "Registers the passkey that the browser has made.",
        permissions=[IsAuthenticated, IsInPerson, HasProvenRecently],
    )
    async def finish_passkey_registration(
        self,
        info: Info,
        input: Annotated[
            FinishPasskeyRegistrationInput, strawberry.argument(description="The passkey.")
        ],
    ) -> FinishPasskeyRegistrationPayload:
        context, viewer = info.context, viewer_of(info)
        added = await writes.finish_passkey_registration(
            context.database,
            context.authority,
            context.client,
            viewer,
            input.token,
            input.credential,
            input.name,
        )
        context.exchange.changed.add(viewer.user_id)
        return FinishPasskeyRegistrationPayload(
            id=strawberry.ID(added.id), recovery_codes=added.recovery_codes
        )

    @field("Gives a passkey another name.", permissions=[IsAuthenticated, IsInPerson])
    async def rename_passkey(
        self,
        info: Info,
        input: Annotated[RenamePasskeyInput, strawberry.argument(description="The name.")],
    ) -> RenamePasskeyPayload:
        context = info.context
        async with context.database.write() as tx:
            await writes.rename_passkey(tx, context.client, viewer_of(info), input.id, input.name)
        return RenamePasskeyPayload(success=True)

    @field(
        "Removes a passkey: nobody signs in with it any more.",
        permissions=[IsAuthenticated, IsInPerson, HasProvenRecently],
    )
    async def remove_passkey(
        self,
        info: Info,
        input: Annotated[RemovePasskeyInput, strawberry.argument(description="The passkey.")],
    ) -> RemovePasskeyPayload:
        context, viewer = info.context, viewer_of(info)
        async with context.database.write() as tx:
            await writes.remove_passkey(tx, context.client, viewer, input.id)
        context.exchange.changed.add(viewer.user_id)
        return RemovePasskeyPayload(success=True)

    @field("Asks for a passkey, whoever's it is, to sign in with.", permissions=[Anyone])
    async def start_passkey_sign_in(self, info: Info) -> PasskeyRequest:
        context = info.context
        async with context.database.write() as tx:
            return request_of(await writes.start_passkey_sign_in(tx, context.authority))

    @field("Signs in with a passkey alone, which has verified the person.", permissions=[Anyone])
    async def finish_passkey_sign_in(
        self,
        info: Info,
        input: Annotated[FinishPasskeySignInInput, strawberry.argument(description="The answer.")],
    ) -> FinishPasskeySignInPayload:
        context = info.context
        user_id = await writes.finish_passkey_sign_in(
            context.database, context.authority, context.client, input.token, input.credential
        )
        tokens = await begin(info, user_id, "passkey", input.transport, strong=True)
        return FinishPasskeySignInPayload(tokens=tokens)

    @field(
        "Asks for one of the viewer's passkeys, for `stepUp`.",
        permissions=[IsAuthenticated, IsInPerson],
    )
    async def start_passkey_step_up(self, info: Info) -> PasskeyRequest:
        context = info.context
        async with context.database.write() as tx:
            request = await writes.start_passkey_step_up(tx, context.authority, viewer_of(info))
        return request_of(request)
