"""Deleting the viewer's account."""

from datetime import datetime
from enum import Enum
from typing import Annotated

import strawberry

from db.writes.accounts import deletion as writes
from resolvers.context import Info
from resolvers.fields import field
from resolvers.permissions import IsAuthenticated, IsInPerson
from resolvers.viewer import viewer_of


@strawberry.enum(description="What becomes of a person's posts with the account.")
class PostsOnDeletion(Enum):
    KEEP = strawberry.enum_value("KEEP", description="They stay, by a deleted user.")
    REMOVE = strawberry.enum_value(
        "REMOVE", description="They are removed, and unpublished drafts deleted."
    )


@strawberry.input(description="How the account is to be deleted.")
class DeleteAccountInput:
    password: str | None = strawberry.field(
        default=None,
        description="The password, if the account has one; otherwise the viewer must have signed in"
        " within the last ten minutes.",
    )
    what_happens_to_posts: PostsOnDeletion = strawberry.field(
        default=PostsOnDeletion.KEEP, description="What becomes of the person's posts."
    )


@strawberry.type(description="An account that is to be deleted.")
class DeleteAccountPayload:
    due_at: datetime = strawberry.field(
        description="When it will be deleted; signing in before keeps it."
    )


@strawberry.type
class DeletionMutation:
    @field(
        "Closes the viewer's account at once, and deletes it in fourteen days: signing in before"
        " keeps it. What others write for, too, is to be handed over first.",
        permissions=[IsAuthenticated, IsInPerson],
    )
    async def delete_account(
        self,
        info: Info,
        input: Annotated[
            DeleteAccountInput, strawberry.argument(description="How it is to be deleted.")
        ],
    ) -> DeleteAccountPayload:
        context, viewer = info.context, viewer_of(info)
        due_at = await writes.delete_account(
            context.database,
            context.authority,
            context.client,
            viewer,
            input.password,
            removes_posts=input.what_happens_to_posts is PostsOnDeletion.REMOVE,
        )
        context.exchange.changed.add(viewer.user_id)
        context.exchange.cookie = ("", 0)
        return DeleteAccountPayload(due_at=due_at)
