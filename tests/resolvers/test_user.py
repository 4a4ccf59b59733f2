"""People: profiles, posts and publications; and the viewer."""

from typing import Any

import pytest

from db.database import Database
from db.models import draft as draft_models
from db.models import post as post_models
from db.models import publication as publication_models
from db.models import tag as tag_models
from db.models import user as user_models
from db.viewer import Client, Viewer
from resolvers.context import Exchange, make_context
from resolvers.schema import schema
from tests.conftest import Statements
from tests.contract.execution import execute, served
from tests.loaders import rows
from tests.loaders.rows import day, numbered

ANN = Viewer(numbered("user", 1))
BOB = Viewer(numbered("user", 2))

PROFILE = {
    "email": "ann@a.test",
    "name": "Ann A.",
    "tagline": "Writes",
    "location": "Bonn",
    "available_for": "Talks",
    "profile_picture": "https://a.test/ann.png",
    "social_links": {"github": "https://github.com/ann", "matrix": "@ann:a.test"},
    "role": "MODERATOR",
    "deactivated": True,
    "followers_count": 3,
    "followings_count": 4,
    "created_at": day(0),
    **rows.text("bio", "I write"),
}

PUBLIC = """id username name tagline location availableFor profilePicture deactivated dateJoined
    followersCount followingsCount bio { markdown html text } tagsFollowing { id }
    socialMediaLinks { bluesky facebook github instagram linkedin stackoverflow twitter website
        youtube }
    followers(page: 1, pageSize: 10) { totalDocuments nodes { id }
        pageInfo { hasNextPage hasPreviousPage nextPage previousPage } }
    follows(page: 1, pageSize: 10) { totalDocuments nodes { id } pageInfo { hasNextPage } }"""

EXPECTED = {
    "id": ANN.user_id,
    "username": "Ann",
    "name": "Ann A.",
    "tagline": "Writes",
    "location": "Bonn",
    "availableFor": "Talks",
    "profilePicture": "https://a.test/ann.png",
    "deactivated": True,
    "dateJoined": "2026-01-01T12:00:00Z",
    "followersCount": 3,
    "followingsCount": 4,
    "bio": {"markdown": "I write", "html": "<p>I write</p>\n", "text": "I write"},
    "tagsFollowing": [],
    "socialMediaLinks": {
        "bluesky": None,
        "facebook": None,
        "github": "https://github.com/ann",
        "instagram": None,
        "linkedin": None,
        "stackoverflow": None,
        "twitter": None,
        "website": None,
        "youtube": None,
    },
    "followers": {
        "totalDocuments": 0,
        "nodes": [],
        "pageInfo": {
            "hasNextPage": False,
            "hasPreviousPage": False,
            "nextPage": None,
            "previousPage": None,
        },
    },
    "follows": {"totalDocuments": 0, "nodes": [], "pageInfo": {"hasNextPage": False}},
}


@pytest.fixture
async def people(database: Database) -> Database:
    """Ann and Bob write in two publications; Bob is a private editor of Ann's `a.test`."""
    ann = rows.user("Ann", id=ANN.user_id) | PROFILE
    bob = rows.user("bob", id=BOB.user_id)
    first = rows.publication(
        ann, "a.test", id=numbered("pub", 1), created_at=day(1), updated_at=day(9)
    )
    second = rows.publication(
        bob, "b.test", id=numbered("pub", 2), created_at=day(2), updated_at=day(8)
    )
    posts = [
        rows.post(first, ann, "alone", published_at=day(1)),
        rows.post(first, ann, "together", published_at=day(2)),
        rows.post(second, bob, "helped", published_at=day(3)),
        rows.post(second, bob, "bobs", published_at=day(4)),
    ]
    rust = rows.tag("rust", id=numbered("tag", 1))
    await rows.add(
        database,
        (user_models.User, [ann]),
        (user_models.User, [bob]),
        (publication_models.Publication, [first, second]),
        (
            publication_models.Membership,
            [
                rows.membership(first, ann, "OWNER", privacy="PUBLIC"),
                rows.membership(second, bob, "OWNER", privacy="PUBLIC"),
                rows.membership(first, bob, "EDITOR", privacy="PRIVATE"),
            ],
        ),
        (post_models.Post, posts),
        (
            post_models.PostCoAuthor,
            [
                {"post_id": posts[1]["id"], "user_id": bob["id"]},
                {"post_id": posts[2]["id"], "user_id": ann["id"]},
            ],
        ),
        (tag_models.Tag, [rust]),
        (post_models.PostTag, [{"post_id": posts[1]["id"], "tag_id": rust["id"]}]),
        (
            draft_models.Draft,
            [
                rows.draft(first, ann, title="Older", updated_at=day(1)),
                rows.draft(first, ann, title="Newer", updated_at=day(2)),
                rows.draft(first, bob, title="Bob's", updated_at=day(3)),
            ],
        ),
    )
    return database


@pytest.mark.parametrize("username", ["Ann", "ann", "ANN"])
async def test_all_fields_of_a_user(people: Database, username: str) -> None:
    query = f"""query ($username: String!) {{
        user(username: $username) {{ {PUBLIC} following followsBack }} }}"""
    data = await execute(people, query, username=username)
    assert data["user"] == EXPECTED | {"following": False, "followsBack": False}


async def test_a_user_of_nothing_but_a_name(people: Database) -> None:
    data = await execute(
        people, '{ user(username: "bob") { bio { text } tagline location profilePicture } }'
    )
    assert data["user"] == {"bio": None, "tagline": None, "location": None, "profilePicture": None}


@pytest.mark.parametrize("username", ["", "an", "Ann%", "_nn", "ann "])
async def test_there_is_no_such_user(people: Database, username: str) -> None:
    query = "query ($username: String!) { user(username: $username) { id } }"
    assert await execute(people, query, username=username) == {"user": None}


async def test_all_fields_of_the_viewer(people: Database) -> None:
    data = await execute(
        people,
        f"""{{ me {{ __typename {PUBLIC} email unverifiedEmail provider role
            emailNotificationPreferences {{ activityNotifications generalAnnouncements
                monthlyBlogStats newFollowersWeekly weeklyNewsletterEmails }}
            drafts(first: 1) {{ totalDocuments nodes {{ title }} edges {{ node {{ title }} }} }} }} }}""",
        ANN,
    )
    assert data["me"] == EXPECTED | {
        "__typename": "MyUser",
        "email": "ann@a.test",
        "unverifiedEmail": None,
        "provider": None,
        "role": "MODERATOR",
        "emailNotificationPreferences": {
            "activityNotifications": False,
            "generalAnnouncements": False,
            "monthlyBlogStats": False,
            "newFollowersWeekly": False,
            "weeklyNewsletterEmails": False,
        },
        "drafts": {
            "totalDocuments": 2,
            "nodes": [{"title": "Newer"}],
            "edges": [{"node": {"title": "Newer"}}],
        },
    }


async def test_a_viewer_without_an_email(people: Database) -> None:
    data = await execute(people, "{ me { email role node: id } }", BOB)
    assert data["me"] == {"email": "", "role": "USER", "node": BOB.user_id}


@pytest.mark.parametrize("viewer", [None, Viewer(numbered("user", 9))])
async def test_me_without_a_viewer(people: Database, viewer: Viewer | None) -> None:
    result = await schema.execute(
        "{ me { id } }", context_value=make_context(people, viewer, Exchange(Client("test")))
    )
    assert result.data is None
    assert [type(error.original_error).__name__ for error in result.errors or ()] == [
        "Unauthenticated"
    ]


async def posts(database: Database, username: str, arguments: str = "") -> dict[str, Any]:
    query = f"""query ($username: String!) {{ user(username: $username) {{
        posts(page: 1, pageSize: 10 {arguments}) {{ totalDocuments nodes {{ slug }}
            edges {{ authorType node {{ slug }} }}
            pageInfo {{ hasNextPage hasPreviousPage nextPage previousPage }} }} }} }}"""
    data = await execute(database, query, username=username)
    connection: dict[str, Any] = data["user"]["posts"]
    return connection


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("", ["helped", "together", "alone"]),
        (", sortBy: null, filter: null", ["helped", "together", "alone"]),
        (", sortBy: DATE_PUBLISHED_ASC", ["alone", "together", "helped"]),
        (", filter: {authorType: AUTHOR_ONLY}", ["together", "alone"]),
        (", filter: {authorType: CO_AUTHOR_ONLY}", ["helped"]),
        (f', filter: {{publications: ["{numbered("pub", 2)}"]}}', ["helped"]),
        (', filter: {tagSlugs: ["rust", "none"]}', ["together"]),
        (f', filter: {{tags: ["{numbered("tag", 1)}"]}}', ["together"]),
        (", filter: {tags: []}", ["helped", "together", "alone"]),
    ],
)
async def test_posts_of_a_user(people: Database, arguments: str, expected: list[str]) -> None:
    connection = await posts(people, "ann", arguments)
    assert [node["slug"] for node in connection["nodes"]] == expected
    assert connection["totalDocuments"] == len(expected)


async def test_the_part_of_a_user_in_posts(people: Database) -> None:
    connection = await posts(people, "bob")
    assert connection["edges"] == [
        {"authorType": "AUTHOR", "node": {"slug": "bobs"}},
        {"authorType": "AUTHOR", "node": {"slug": "helped"}},
        {"authorType": "CO_AUTHOR", "node": {"slug": "together"}},
    ]


async def test_numbered_pages(people: Database) -> None:
    data = await execute(
        people,
        """{ user(username: "ann") { posts(page: 2, pageSize: 1) { totalDocuments nodes { slug }
            pageInfo { hasNextPage hasPreviousPage nextPage previousPage } } } }""",
    )
    assert data["user"]["posts"] == {
        "totalDocuments": 3,
        "nodes": [{"slug": "together"}],
        "pageInfo": {
            "hasNextPage": True,
            "hasPreviousPage": True,
            "nextPage": 3,
            "previousPage": 1,
        },
    }


async def test_posts_of_several_users_stay_apart(people: Database) -> None:
    data = await execute(
        people,
        """{ feed(first: 9) { nodes { author { username
            posts(page: 1, pageSize: 9, filter: {authorType: CO_AUTHOR_ONLY}) {
                totalDocuments nodes { slug } } } } } }""",
    )
    authors = {each["author"]["username"]: each["author"] for each in data["feed"]["nodes"]}
    assert authors == {
        "Ann": {
            "username": "Ann",
            "posts": {"totalDocuments": 1, "nodes": [{"slug": "helped"}]},
        },
        "bob": {
            "username": "bob",
            "posts": {"totalDocuments": 1, "nodes": [{"slug": "together"}]},
        },
    }


async def publications(
    database: Database, viewer: Viewer | None = None, arguments: str = ""
) -> list[tuple[str, str]]:
    query = f"""{{ user(username: "bob") {{ publications(first: 10 {arguments}) {{
        totalDocuments edges {{ role node {{ title }} }} nodes {{ title }} }} }} }}"""
    connection = (await execute(database, query, viewer))["user"]["publications"]
    assert [edge["node"] for edge in connection["edges"]] == connection["nodes"]
    assert connection["totalDocuments"] == len(connection["nodes"])
    return [(edge["node"]["title"], edge["role"]) for edge in connection["edges"]]


@pytest.mark.parametrize(
    ("viewer", "arguments", "expected"),
    [
        (None, "", [("b.test", "OWNER")]),
        (ANN, "", [("b.test", "OWNER"), ("a.test", "EDITOR")]),
        (ANN, ", sortBy: null", [("b.test", "OWNER"), ("a.test", "EDITOR")]),
        (ANN, ", sortBy: DATE_CREATED_ASC", [("a.test", "EDITOR"), ("b.test", "OWNER")]),
        (ANN, ", sortBy: DATE_UPDATED_DESC", [("a.test", "EDITOR"), ("b.test", "OWNER")]),
        (ANN, ", sortBy: DATE_UPDATED_ASC", [("b.test", "OWNER"), ("a.test", "EDITOR")]),
        (ANN, ", filter: {roles: [EDITOR, CONTRIBUTOR]}", [("a.test", "EDITOR")]),
        (None, ", filter: {roles: [EDITOR]}", []),
    ],
)
async def test_publications_of_a_user(
    people: Database, viewer: Viewer | None, arguments: str, expected: list[tuple[str, str]]
) -> None:
    assert await publications(people, viewer, arguments) == expected


async def test_the_number_of_statements_does_not_depend_on_the_number_of_rows(
    people: Database, statements: Statements
) -> None:
    query = """query ($size: Int!) { feed(first: $size) { nodes {
        author { name posts(page: 1, pageSize: 10) { totalDocuments nodes { title } }
            publications { totalDocuments nodes { title } }
            followers(page: 1, pageSize: 10) { totalDocuments nodes { id } } }
        coAuthors { name } } } }"""
    for size in (1, 10):
        with statements(people) as log:
            await served(people, query, size=size)
        # The feed; co-authors; posts, publications, and the counts of both.
        assert len(log) == 6
