"""Subscribing to a publication's newsletter, and leaving it."""

import re

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from db.errors import Conflict, FieldError, Invalid, NotFound
from db.ids import new_id
from db.models.publication import NewsletterSubscriber, Publication

# "A valid e-mail address" of the HTML standard, with at least one dot in the domain.
LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
ADDRESS = re.compile(rf"[a-zA-Z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{LABEL}(?:\.{LABEL})+")
LONGEST = 254  # RFC 5321, section 4.5.3.1.3, without the angle brackets


async def subscribe_to_newsletter(tx: AsyncConnection, publication_id: str, email: str) -> str:
    """Puts the address on the list, to be confirmed by its owner; subscribing again changes nothing.

    The answer is PENDING also for an address that has long been confirmed: anyone may ask about any
    address, and none of them may learn who reads what.

    Raises Invalid for no e-mail address, NotFound for no such publication, Conflict for one whose
    newsletter is turned off.
    """
    address = _address(email)
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
    address = _address(email)
    await _newsletter_enabled(tx, publication_id)
    await tx.execute(
        delete(NewsletterSubscriber).where(
            NewsletterSubscriber.publication_id == publication_id,
            func.lower(NewsletterSubscriber.email) == address.lower(),
        )
    )
    return "UNSUBSCRIBED"


def _address(email: str) -> str:
    address = email.strip()
    if len(address) > LONGEST or ADDRESS.fullmatch(address) is None:
        message = "This is not an e-mail address."
        raise Invalid(message, [FieldError(("input", "email"), message)])
    return address


async def _newsletter_enabled(tx: AsyncConnection, publication_id: str) -> bool:
    """Raises NotFound for no such publication."""
    enabled: bool | None = await tx.scalar(
        select(Publication.newsletter_enabled).where(Publication.id == publication_id)
    )
    if enabled is None:
        raise NotFound("There is no such publication.")
    return enabled
