"""Signing up."""

from enum import Enum
from typing import Annotated

import strawberry

from db.writes.accounts import sign_up as writes
from resolvers.context import Info
from resolvers.fields import field
from resolvers.permissions import Anyone


@strawberry.enum(description="How far a change of accounts has got.")
class AccountRequestStatus(Enum):
    PENDING = strawberry.enum_value(
        "PENDING", description="It goes on with the link in a mail, if there is one on its way."
    )


@strawberry.input(description="The person who wants an account.")
class SignUpInput:
    email: str = strawberry.field(description="The e-mail address; it has to be confirmed.")
    password: str = strawberry.field(
        description="The password: 10 to 200 characters, and none that is known from data breaches."
    )
    name: str = strawberry.field(description="The name to show: 1 to 100 characters.")
    username: str = strawberry.field(
        description="The unique name, as in addresses: 1 to 40 letters a to z, digits, and between"
        " them dots, hyphens and underscores."
    )


@strawberry.type(description="A wish for an account.")
class SignUpPayload:
    status: AccountRequestStatus = strawberry.field(
        description="The same whether the address has an account or not: its mail says which."
    )


@strawberry.type
class SignUpMutation:
    @field("Mails a link that makes an account: see `verifyEmail`.", permissions=[Anyone])
    async def sign_up(
        self,
        info: Info,
        input: Annotated[SignUpInput, strawberry.argument(description="Who wants one.")],
    ) -> SignUpPayload:
        context = info.context
        newcomer = writes.Newcomer(input.email, input.name, input.username, input.password)
        await writes.sign_up(context.database, context.authority, context.client, newcomer)
        return SignUpPayload(status=AccountRequestStatus.PENDING)
