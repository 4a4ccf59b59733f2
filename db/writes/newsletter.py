"""Subscribing to a publication's newsletter, and leaving it."""

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from db.errors import Conflict, NotFound
from db.ids import new_id
from db.models.publication import NewsletterSubscriber, Publication
from db.writes.addresses import email_address


async def subscribe_to_newsletter(tx: AsyncConnection, publication_id: str, email: str) -> str:
    """Puts the address on the list, to be confirmed by its owner; subscribing again changes nothing.

    The answer is PENDING also for an address that has long been confirmed: anyone may ask about any
    address, and none of them may learn who reads what.

    Raises Invalid for no e-mail address, NotFound for no such publication, Conflict for one whose
    newsletter is turned off.
    """
    address = email_address(email)
    if not await _newsletter_enabled(tx, publication_id):
        raise Conflict("The publication's newsletter is turned off.")
    subscriber = {
        "id": new_id("subscriber"),
        "publication_id": publication_id,
        "email": address,
    }
    await tx.execute(insert(NewsletterSubscriber).values(subscriber).on_conflict_do_nothing())
    return "PENDING"


async def unsubscribe_from_newsletter(tx: AsyncConnection, publication_id: str, email: str) -> str:
    """Takes the address off the list. The answer is UNSUBSCRIBED whether it was on it or not.

    Raises Invalid for no e-mail address, NotFound for no such publication.
    """
    address = email_address(email)
    await _newsletter_enabled(tx, publication_id)
    await tx.execute(
        delete(NewsletterSubscriber).where(
            NewsletterSubscriber.publication_id == publication_id,
            func.lower(NewsletterSubscriber.email) == address.lower(),
        )
    )
    return "UNSUBSCRIBED"


async def _newsletter_enabled(tx: AsyncConnection, publication_id: str) -> bool:
    """Raises NotFound for no such publication."""
    enabled: bool | None = await tx.scalar(
        select(Publication.newsletter_enabled).where(Publication.id == publication_id)
    )
    if enabled is None:
        raise NotFound("There is no such publication.")
    return enabled
