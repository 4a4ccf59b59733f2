"""How many statements each operation of the contract costs: the same at any page size.

It may be one less where all people of a page are known already: a loader asks for nobody twice.
"""

from typing import Any

import pytest

from db.database import Database
from tests.conftest import Statements
from tests.contract.execution import served
from tests.contract.operations import OPERATIONS, Operation

QUERIES = [each for each in OPERATIONS if each.text.startswith(("query", "{"))]

# By theme and name. The themes differ in what they ask for: comments of each post, or co-authors.
COSTS = {
    "enterprise-DraftById": 4,
    "enterprise-MorePostsByPublication": 3,
    "enterprise-MoreSitemapPosts": 3,
    "enterprise-PageByPublication": 5,
    "enterprise-PostsByPublication": 5,
    "enterprise-PublicationByHost": 4,
    "enterprise-RSSFeed": 6,
    "enterprise-SearchPostsOfPublication": 2,
    "enterprise-SeriesPostsByPublication": 5,
    "enterprise-SinglePostByPublication": 10,
    "enterprise-Sitemap": 4,
    "enterprise-SlugPostsByPublication": 4,
    "enterprise-TagPostsByPublication": 5,
    "personal-DraftById": 4,
    "personal-MorePostsByPublication": 3,
    "personal-MoreSitemapPosts": 3,
    "personal-PageByPublication": 4,
    "personal-PostsByPublication": 6,
    "personal-PublicationByHost": 4,
    "personal-RSSFeed": 6,
    "personal-SinglePostByPublication": 8,
    "personal-Sitemap": 4,
    "personal-SlugPostsByPublication": 4,
    "personal-TagPostsByPublication": 6,
}


@pytest.fixture(scope="module")
def variables() -> dict[str, Any]:
    """Values that make every operation answer with something."""
    return {
        "host": "wp.test",
        "slug": "template-comments",
        "tagSlug": "classic",
        "seriesSlug": "moving-in",
        "staticPagesCount": 20,
    }


async def known(database: Database) -> dict[str, Any]:
    """Ids, which are others in each import."""
    async with database.read() as connection:
        result = await connection.exec_driver_sql(
            "select d.id as draft, d.publication_id as publication from drafts d"
            " join publications p on p.id = d.publication_id"
            " where p.host = 'wp.test' and d.title = 'Draft'"
        )
        row = result.one()
    return {"id": row.draft, "filter": {"publicationId": row.publication, "query": "the"}}


@pytest.mark.parametrize("operation", QUERIES, ids=str)
async def test_the_number_of_statements_does_not_depend_on_the_size(
    operation: Operation, imported: str, statements: Statements, variables: dict[str, Any]
) -> None:
    database = Database(imported)
    values = variables | await known(database)
    if operation.name == "SeriesPostsByPublication":
        values["host"] = "sample.masthead.test"
    costs = []
    for size in (1, 10, 50):
        sized = values | {"first": size, "postsCount": size}
        used = {name: each for name, each in sized.items() if f"${name}" in operation.text}
        with statements(database) as log:
            await served(database, operation.text, **used)
        costs.append(len(log))
    await database.dispose()
    assert costs == [COSTS[str(operation)]] * 3
