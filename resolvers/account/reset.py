"""New passwords for those who have forgotten theirs."""

from typing import Annotated

import strawberry

from db.writes.accounts import reset as writes
from resolvers.account.sign_up import AccountRequestStatus
from resolvers.context import Info
from resolvers.fields import field
from resolvers.permissions import Anyone


@strawberry.input(description="Somebody who has forgotten their password.")
class RequestPasswordResetInput:
    email: str = strawberry.field(description="The address of the account.")


@strawberry.type(description="A wish for a new password.")
class RequestPasswordResetPayload:
    status: AccountRequestStatus = strawberry.field(
        description="The same whether there is such an account or not."
    )


@strawberry.input(description="A new password, and proof that the account's mail was read.")
class ResetPasswordInput:
    token: str = strawberry.field(description="The token of the link in the mail.")
    new_password: str = strawberry.field(
        description="The new one: 10 to 200 characters, and none that is known from data breaches."
    )


@strawberry.type(description="A password that was set.")
class ResetPasswordPayload:
    success: bool = strawberry.field(description="Always true; failures are errors.")


@strawberry.type
class PasswordResetMutation:
    @field(
        "Mails a link for a new password to the address, if there is an account with it.",
        permissions=[Anyone],
    )
    async def request_password_reset(
        self,
        info: Info,
        input: Annotated[RequestPasswordResetInput, strawberry.argument(description="Who it is.")],
    ) -> RequestPasswordResetPayload:
        context = info.context
        async with context.database.write() as tx:
            await writes.request_password_reset(tx, context.client, input.email)
        return RequestPasswordResetPayload(status=AccountRequestStatus.PENDING)

    @field(
        "Sets a new password with a mailed token, and ends all sessions; then sign in.",
        permissions=[Anyone],
    )
    async def reset_password(
        self,
        info: Info,
        input: Annotated[ResetPasswordInput, strawberry.argument(description="The password.")],
    ) -> ResetPasswordPayload:
        context = info.context
        user_id = await writes.reset_password(
            context.database,
            context.authority,
            context.client,
            input.token,
            input.new_password,
        )
        context.exchange.changed.add(user_id)
        return ResetPasswordPayload(success=True)
