"""Subscribing to a publication's newsletter, and leaving it."""

from enum import Enum
from typing import Annotated

import strawberry

from db.writes import newsletter as writes
from resolvers.context import Info
from resolvers.fields import field
from resolvers.permissions import Anyone
from resolvers.scalars import ObjectId


@strawberry.enum(description="How far a subscription has come.")
class NewsletterSubscribeStatus(Enum):
    CONFIRMED = strawberry.enum_value("CONFIRMED", description="The address is confirmed.")
    PENDING = strawberry.enum_value("PENDING", description="The address is to be confirmed.")


@strawberry.enum(description="What leaving a newsletter led to.")
class NewsletterUnsubscribeStatus(Enum):
    UNSUBSCRIBED = strawberry.enum_value(
        "UNSUBSCRIBED", description="The address gets no more newsletters."
    )


@strawberry.input(description="An address for a newsletter.")
class SubscribeToNewsletterInput:
    email: str = strawberry.field(description="The e-mail address.")
    publication_id: ObjectId = strawberry.field(description="The publication.")


@strawberry.type(description="A new subscription.")
class SubscribeToNewsletterPayload:
    status: NewsletterSubscribeStatus = strawberry.field(
        description="How far the subscription has come."
    )


@strawberry.input(description="An address that is to get no more newsletters.")
class UnsubscribeFromNewsletterInput:
    email: str = strawberry.field(description="The e-mail address.")
    publication_id: ObjectId = strawberry.field(description="The publication.")


@strawberry.type(description="The end of a subscription.")
class UnsubscribeFromNewsletterPayload:
    status: NewsletterUnsubscribeStatus = strawberry.field(description="What it led to.")


@strawberry.type
class NewsletterMutation:
    @field("Subscribes an address to a publication's newsletter.", permissions=[Anyone])
    async def subscribe_to_newsletter(
        self,
        info: Info,
        input: Annotated[
            SubscribeToNewsletterInput, strawberry.argument(description="The subscription.")
        ],
    ) -> SubscribeToNewsletterPayload:
        async with info.context.database.write() as tx:
            status = await writes.subscribe_to_newsletter(tx, input.publication_id, input.email)
        return SubscribeToNewsletterPayload(status=NewsletterSubscribeStatus(status))

    @field(
        "Ends the subscription of an address; the answer is the same when there was none.",
        permissions=[Anyone],
    )
    async def unsubscribe_from_newsletter(
        self,
        info: Info,
        input: Annotated[
            UnsubscribeFromNewsletterInput,
            strawberry.argument(description="The subscription."),
        ],
    ) -> UnsubscribeFromNewsletterPayload:
        async with info.context.database.write() as tx:
            await writes.unsubscribe_from_newsletter(tx, input.publication_id, input.email)
        return UnsubscribeFromNewsletterPayload(status=NewsletterUnsubscribeStatus.UNSUBSCRIBED)
