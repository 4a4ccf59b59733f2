"""Subscribing to newsletters and leaving them."""

import pytest
from sqlalchemy import func, insert, select, update

from db.database import Database
from db.errors import Conflict, FieldError, Invalid, NotFound
from db.ids import new_id
from db.models.publication import NewsletterSubscriber, Publication
from db.models.user import User
from db.writes.newsletter import subscribe_to_newsletter, unsubscribe_from_newsletter


@pytest.fixture
async def publication_id(database: Database) -> str:
    owner, publication = new_id("user"), new_id("pub")
    async with database.write() as tx:
        await tx.execute(insert(User).values(id=owner, username="ada", name="Ada"))
        await tx.execute(
            insert(Publication).values(id=publication, host="a.test", owner_id=owner, title="A")
        )
    return publication


async def subscribers(database: Database) -> list[tuple[str, str]]:
    query = select(NewsletterSubscriber.email, NewsletterSubscriber.status)
    async with database.read() as connection:
        return list(await connection.execute(query))


async def test_a_subscription_is_pending(database: Database, publication_id: str) -> None:
    async with database.write() as tx:
        assert await subscribe_to_newsletter(tx, publication_id, " Ada@Example.org ") == "PENDING"
    assert await subscribers(database) == [("Ada@Example.org", "PENDING")]


async def test_subscribing_again_in_other_case_changes_nothing(
    database: Database, publication_id: str
) -> None:
    for email in ("ada@example.org", "ADA@example.ORG"):
        async with database.write() as tx:
            await subscribe_to_newsletter(tx, publication_id, email)
    assert await subscribers(database) == [("ada@example.org", "PENDING")]


async def test_nobody_learns_that_an_address_is_confirmed(
    database: Database, publication_id: str
) -> None:
    confirmed = {
        "id": new_id("subscriber"),
        "publication_id": publication_id,
        "email": "ada@example.org",
        "status": "CONFIRMED",
    }
    async with database.write() as tx:
        await tx.execute(insert(NewsletterSubscriber).values(confirmed))
        assert await subscribe_to_newsletter(tx, publication_id, "ada@example.org") == "PENDING"
    assert await subscribers(database) == [("ada@example.org", "CONFIRMED")]


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ada",
        "ada@",
        "@example.org",
        "ada@localhost",
        "a da@example.org",
        "ada@-x.org",
        "ada@example.org\nBcc: eve@example.org",
        "a" * 65 + "@example.org",
        "ada@" + "x." * 130 + "org",
    ],
)
async def test_what_is_no_address_is_refused(
    database: Database, publication_id: str, email: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        async with database.write() as tx:
            await subscribe_to_newsletter(tx, publication_id, email)
    message = "This is not an e-mail address."
    assert refusal.value.fields == (FieldError(("input", "email"), message),)
    assert await subscribers(database) == []


async def test_an_unknown_publication_has_no_newsletter(
    database: Database, publication_id: str
) -> None:
    for change in (subscribe_to_newsletter, unsubscribe_from_newsletter):
        with pytest.raises(NotFound, match="There is no such publication"):
            async with database.write() as tx:
                await change(tx, new_id("pub"), "ada@example.org")
    assert await subscribers(database) == []


async def test_a_newsletter_that_is_turned_off_is_left_but_not_joined(
    database: Database, publication_id: str
) -> None:
    async with database.write() as tx:
        await subscribe_to_newsletter(tx, publication_id, "ada@example.org")
        await tx.execute(update(Publication).values(newsletter_enabled=False))
    with pytest.raises(Conflict, match="The publication's newsletter is turned off"):
        async with database.write() as tx:
            await subscribe_to_newsletter(tx, publication_id, "bob@example.org")
    assert await subscribers(database) == [("ada@example.org", "PENDING")]
    async with database.write() as tx:
        await unsubscribe_from_newsletter(tx, publication_id, "ada@example.org")
    assert await subscribers(database) == []


async def test_leaving_takes_the_address_off_this_list_only(
    database: Database, publication_id: str
) -> None:
    async with database.write() as tx:
        await subscribe_to_newsletter(tx, publication_id, "ada@example.org")
        await subscribe_to_newsletter(tx, publication_id, "bob@example.org")
    async with database.write() as tx:
        left = await unsubscribe_from_newsletter(tx, publication_id, "ADA@example.org")
    assert left == "UNSUBSCRIBED"
    assert await subscribers(database) == [("bob@example.org", "PENDING")]


async def test_leaving_a_list_that_one_is_not_on_answers_the_same(
    database: Database, publication_id: str
) -> None:
    async with database.write() as tx:
        left = await unsubscribe_from_newsletter(tx, publication_id, "ada@example.org")
    assert left == "UNSUBSCRIBED"
    async with database.read() as connection:
        assert await connection.scalar(select(func.count(NewsletterSubscriber.id))) == 0
