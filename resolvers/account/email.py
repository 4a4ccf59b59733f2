"""Addresses of accounts: confirming and changing them."""

from typing import Annotated

import strawberry

from db.writes.accounts import email as writes
from resolvers.account.session import SessionTokens, SessionTransport, begin
from resolvers.account.sign_up import AccountRequestStatus
from resolvers.context import Info
from resolvers.fields import field
from resolvers.permissions import Anyone, IsAuthenticated, IsInPerson
from resolvers.viewer import viewer_of


@strawberry.input(description="An address, and proof that its mail was read.")
class VerifyEmailInput:
    token: str = strawberry.field(description="The token of the link in the mail.")
    password: str | None = strawberry.field(
        default=None,
        description="For a new account, the password that was chosen in `signUp`: whoever reads the"
        " mail must not confirm what somebody else has asked for. A new address needs none.",
    )
    transport: SessionTransport = strawberry.field(
        default=SessionTransport.TOKENS,
        description="How the session is kept that begins for a new account.",
    )
    username: str | None = strawberry.field(
        default=None,
        description="Another username for a new account, where the first was taken meanwhile.",
    )


@strawberry.type(description="A confirmed address.")
class VerifyEmailPayload:
    success: bool = strawberry.field(description="Always true; failures are errors.")
    signed_in: bool = strawberry.field(
        description="Whether a session has begun, as for a new account; not for a new address."
    )
    tokens: SessionTokens | None = strawberry.field(
        description="Null where no session begins, or where it is kept in a cookie."
    )


@strawberry.input(description="A new address for the viewer.")
class ChangeEmailInput:
    email: str = strawberry.field(description="The new address; it has to be confirmed.")
    password: str = strawberry.field(description="The viewer's password.")


@strawberry.type(description="A wish for another address.")
class ChangeEmailPayload:
    status: AccountRequestStatus = strawberry.field(
        description="The same whether the address is somebody else's or not: its mail says which."
    )


@strawberry.type
class EmailMutation:
    @field(
        "Confirms an address with a mailed token: makes the new account, which takes its password, too,"
        " or changes the address.",
        permissions=[Anyone],
    )
    async def verify_email(
        self,
        info: Info,
        input: Annotated[VerifyEmailInput, strawberry.argument(description="The proof.")],
    ) -> VerifyEmailPayload:
        context = info.context
        verified = await writes.verify_email(
            context.database,
            context.authority,
            context.client,
            input.token,
            input.password,
            input.username,
        )
        context.exchange.changed.add(verified.user_id)
        if not verified.new:
            return VerifyEmailPayload(success=True, signed_in=False, tokens=None)
        tokens = await begin(info, verified.user_id, "email", input.transport)
        return VerifyEmailPayload(success=True, signed_in=True, tokens=tokens)

    @field(
        "Mails a link to a new address of the viewer, which is theirs once `verifyEmail` is called.",
        permissions=[IsAuthenticated, IsInPerson],
    )
    async def change_email(
        self,
        info: Info,
        input: Annotated[ChangeEmailInput, strawberry.argument(description="The address.")],
    ) -> ChangeEmailPayload:
        context, viewer = info.context, viewer_of(info)
        await writes.change_email(
            context.database, context.authority, context.client, viewer, input.email, input.password
        )
        return ChangeEmailPayload(status=AccountRequestStatus.PENDING)
