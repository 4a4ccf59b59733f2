"""A publication that everybody sees, and everything of it that is hidden, to be added later."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import update

from db.database import Database
from db.models import (
    account,
    audit,
    comment,
    draft,
    factor,
    invitation,
    key,
    page,
    post,
    publication,
    series,
    session,
    tag,
    user,
)
from db.models.base import Base
from db.viewer import Viewer
from identity import opaque
from tests.loaders import rows
from tests.loaders.rows import Row, day, numbered

PEOPLE: Final = ("olive", "ed", "con", "sam")
"""An owner, an editor, a contributor who is a member in private, and a stranger."""

AT: Final[dict[str, Any]] = {"created_at": day(0)}
LATER: Final = day(9000)

OLIVE, ED, CON, SAM = USERS = [
    rows.user(name, id=numbered("user", n), email=f"{name}@masthead.test", updated_at=day(0), **AT)
    for n, name in enumerate(PEOPLE)
]
BLOG = rows.publication(OLIVE, "blog.test", id=numbered("pub", 0), updated_at=day(0), **AT)
OTHER = rows.publication(SAM, "other.test", id=numbered("pub", 1), updated_at=day(0), **AT)
SECRET = rows.publication(CON, "secret.test", id=numbered("pub", 2), updated_at=day(0), **AT)
TAG = rows.tag("tag", id=numbered("tag", 0))
SERIES = rows.series(BLOG, OLIVE, "series", id=numbered("series", 0), **AT)

SEEN, HIDDEN, NEVER = 0, 1, 99
"""The numbers in ids of what everybody sees, of what is hidden, and of what never was."""

LINK: Final = "a-link-that-is-over-and-has-many-letters"
INVITED: Final = "a-token-that-was-mailed-to-somebody"

OUTSIDERS: Final[dict[str, Viewer | None]] = {
    "the public": None,
    "a stranger": Viewer(SAM["id"], roles={OTHER["id"]: "OWNER"}, session_id="session_x"),
    "a key of the owner that may not see content": Viewer(
        OLIVE["id"],
        is_outsider=True,
        roles={BLOG["id"]: "OWNER", OTHER["id"]: "CONTRIBUTOR"},
        scopes=frozenset({"PROFILE_READ"}),
        key_id="key_x",
    ),
    "a key of the owner for another publication": Viewer(
        OLIVE["id"],
        publication_id=OTHER["id"],
        roles={OTHER["id"]: "CONTRIBUTOR"},
        scopes=frozenset({"CONTENT_READ", "PROFILE_READ"}),
        key_id="key_x",
    ),
}
"""From all of these, the hidden rows are hidden."""

INSIDERS: Final[tuple[Viewer, ...]] = (
    Viewer(OLIVE["id"], roles={BLOG["id"]: "OWNER"}, session_id="session_x"),
    Viewer(CON["id"], roles={BLOG["id"]: "CONTRIBUTOR"}, session_id="session_x"),
    Viewer(SAM["id"], is_admin=True, session_id="session_x"),
)
"""Each hidden row is known to one of these."""

Tables = list[tuple[type[Base], list[Row]]]


def of_post(written: Row, number: int) -> Tables:
    """What belongs to a post."""
    first = rows.comment(written, ED, id=numbered("comment", number), **AT)
    answer = rows.reply(first, CON, id=numbered("reply", number), **AT)
    former = {"publication_id": BLOG["id"], "slug": f"former{number}", "post_id": written["id"]}
    return [
        (post.Post, [written]),
        (post.PostTag, [{"post_id": written["id"], "tag_id": TAG["id"]}]),
        (post.PostCoAuthor, [{"post_id": written["id"], "user_id": ED["id"]}]),
        (post.FormerSlug, [{**former, **AT}]),
        (comment.Comment, [first]),
        (comment.Comment, [answer]),
    ]


def a_post(number: int, **more: Any) -> Row:
    return rows.post(
        BLOG,
        OLIVE,
        f"word{number}",
        id=numbered("post", number),
        series_id=SERIES["id"],
        published_at=day(number),
        pinned_at=day(number),
        featured_at=day(number),
        **more,
    )


def a_page(number: int, **more: Any) -> Row:
    return rows.page(BLOG, f"page{number}", id=numbered("page", number), **more, **AT)


def in_menu(of: Row, number: int) -> Row:
    return {
        "id": numbered("nav", number),
        "publication_id": BLOG["id"],
        "position": number,
        "type": "page",
        "label": of["title"],
        "page_id": of["id"],
    }


def a_draft(number: int, **more: Any) -> Row:
    return rows.draft(
        BLOG,
        OLIVE,
        id=numbered("draft", number),
        title=f"Draft {number}",
        updated_at=day(number),
        **more,
        **AT,
    )


def a_member(number: int, who: Row, role: str, of: Row = BLOG, **more: Any) -> Row:
    return rows.membership(of, who, role, id=numbered("member", number), **more, **AT)


def seen() -> Tables:
    """What is there for everybody, and the accounts of all."""
    shown = a_page(SEEN)
    members = [
        a_member(SEEN, OLIVE, "OWNER"),
        a_member(12, ED, "EDITOR"),
        a_member(10, SAM, "OWNER", OTHER),
        a_member(11, OLIVE, "CONTRIBUTOR", OTHER),
    ]
    rule = {"id": numbered("redirect", 0), "source": "/a", "destination": "/b", **AT}
    return [
        (user.User, USERS),
        (account.Account, [{"user_id": each["id"], **AT} for each in USERS]),
        (publication.Publication, [BLOG, OTHER, SECRET]),
        (publication.Membership, members),
        (publication.RedirectionRule, [{"publication_id": BLOG["id"], **rule}]),
        (tag.Tag, [TAG]),
        (series.Series, [SERIES]),
        *of_post(a_post(SEEN), SEEN),
        (draft.Draft, [a_draft(SEEN)]),
        (draft.DraftTag, [{"draft_id": numbered("draft", SEEN), "slug": "new", "name": "New"}]),
        (page.StaticPage, [shown]),
        (publication.NavigationItem, [in_menu(shown, SEEN)]),
    ]


def hidden() -> Tables:
    """A row of every kind that not everybody may know of."""
    secret = a_page(HIDDEN, hidden=True)
    restricted = a_draft(HIDDEN, restricted=True, submitted_for_review=False)
    named = {"slug": "tag", "name": "Tag"}
    return [
        (
            publication.Membership,
            [
                a_member(HIDDEN, CON, "CONTRIBUTOR", privacy="PRIVATE"),
                a_member(2, CON, "OWNER", SECRET, privacy="PRIVATE"),
            ],
        ),
        *of_post(a_post(HIDDEN, status="REMOVED"), HIDDEN),
        (draft.Draft, [restricted, a_draft(2, restricted=True, submitted_for_review=True)]),
        (draft.DraftTag, [{"draft_id": numbered("draft", 2), "tag_id": TAG["id"], **named}]),
        (draft.DraftTag, [{"draft_id": restricted["id"], "tag_id": TAG["id"], **named}]),
        (draft.DraftCoAuthor, [{"draft_id": restricted["id"], "user_id": ED["id"]}]),
        (
            draft.Schedule,
            [
                rows.schedule(restricted, id=numbered("schedule", HIDDEN), **AT),
                # Whoever has the draft's id may read the draft; when it is published is the members' own.
                rows.schedule(a_draft(SEEN), id=numbered("schedule", 2), **AT),
            ],
        ),
        (page.StaticPage, [secret]),
        (publication.NavigationItem, [in_menu(secret, HIDDEN)]),
        *invitations(),
        *belongings(CON),
    ]


def invitations() -> Tables:
    of = {"publication_id": BLOG["id"], "role": "EDITOR", **AT}
    invite = {"email": "new@masthead.test", "digest": opaque.digest(INVITED)}
    over, soon = datetime.now(UTC), datetime.now(UTC) + timedelta(days=6)
    link = {"token": "x", "digest": opaque.digest(LINK), "expires_at": over}
    reader = {"id": numbered("subscriber", HIDDEN), "email": "reader@masthead.test", **AT}
    return [
        (
            invitation.Invitation,
            [{"id": numbered("invite", HIDDEN), "expires_at": soon, **invite, **of}],
        ),
        (invitation.RoleInvitation, [{"id": numbered("invitelink", HIDDEN), **link, **of}]),
        (publication.NewsletterSubscriber, [{"publication_id": BLOG["id"], **reader}]),
    ]


def belongings(who: Row) -> Tables:
    """What only the person knows, and of their key for the publication its owner."""
    of = {"user_id": who["id"], **AT}
    made = {"name": "x", "public": "x", "digest": "x", "scopes": ["PROFILE_READ"]}
    known = {"provider": "x", "issuer": "x", "subject": "x"}
    passkey = {"credential_id": "x", "public_key": "x", "name": "x"}
    done = {"id": numbered("audit", HIDDEN), "at": day(0), "action": "x", "result": "SUCCESS"}
    named = {"actor_id": who["id"], "target_id": numbered("post", HIDDEN)}
    signed_in = {"method": "password", "used_at": day(0), "expires_at": LATER}
    for_blog = {"publication_id": BLOG["id"], **made}
    return [
        (session.Session, [{"id": numbered("session", HIDDEN), **signed_in, **of}]),
        (key.ApiKey, [{"id": numbered("key", HIDDEN), **for_blog, **of}]),
        (
            account.Identity,
            [{"id": numbered("identity", HIDDEN), "used_at": day(0), **known, **of}],
        ),
        (factor.Passkey, [{"id": numbered("passkey", HIDDEN), **passkey, **of}]),
        (factor.Totp, [{"seed": "x", "confirmed_at": day(0), **of}]),
        (audit.AuditEvent, [{**done, **named}]),
    ]


async def store(database: Database, tables: Tables) -> None:
    await rows.add(database, *tables)


async def reveal(database: Database) -> None:
    """Shows to everybody what was hidden of the publication's content and members."""
    async with database.write() as tx:
        await tx.execute(update(post.Post).values(status="PUBLISHED"))
        await tx.execute(update(draft.Draft).values(restricted=False))
        await tx.execute(update(page.StaticPage).values(hidden=False))
        await tx.execute(update(publication.Membership).values(privacy="PUBLIC"))
