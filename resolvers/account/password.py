"""Passwords of people who are signed in."""

from typing import Annotated

import strawberry

from db.writes.accounts import passwords as writes
from resolvers.context import Info
from resolvers.fields import field
from resolvers.permissions import IsAuthenticated, IsInPerson
from resolvers.viewer import viewer_of


@strawberry.input(description="A new password.")
class ChangePasswordInput:
    current_password: str = strawberry.field(description="The password until now.")
    new_password: str = strawberry.field(
        description="The new one: 10 to 200 characters, and none that is known from data breaches."
    )


@strawberry.type(description="A changed password.")
class ChangePasswordPayload:
    success: bool = strawberry.field(description="Always true; failures are errors.")


@strawberry.type
class PasswordMutation:
    @field(
        "Changes the viewer's password, and ends all their other sessions.",
        permissions=[IsAuthenticated, IsInPerson],
    )
    async def change_password(
        self,
        info: Info,
        input: Annotated[ChangePasswordInput, strawberry.argument(description="The passwords.")],
    ) -> ChangePasswordPayload:
        context, viewer = info.context, viewer_of(info)
        await writes.change_password(
            context.database,
            context.authority,
            context.client,
            viewer,
            input.current_password,
            input.new_password,
        )
        context.exchange.changed.add(viewer.user_id)
        return ChangePasswordPayload(success=True)
