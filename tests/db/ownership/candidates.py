"""What might be inserted: rows that nothing but a rule stands against."""

from typing import Any

from sqlalchemy import inspect

from db.ids import new_id
from db.models import (
    account,
    audit,
    comment,
    draft,
    key,
    media,
    page,
    post,
    provenance,
    publication,
    series,
    tag,
    user,
)
from db.models import invitation as invitations
from db.models.base import Base
from tests.db import test_row_level_security as security
from tests.db.ownership.people import CLOSED, OPEN, PEOPLE, SPARE
from tests.db.test_row_level_security import OURS, SOON, THEIRS
from tests.loaders import rows
from tests.loaders.rows import Row, numbered

BLOG_OF_POST = {
    0: OURS,
    1: OURS,
    2: THEIRS,
    3: THEIRS,
    60: OURS,
    61: OURS,
    70: OURS,
    80: OPEN,
    81: OPEN,
}
BLOG_OF_DRAFT = {61: OURS, 71: OURS, 81: OPEN, 101: THEIRS}
WRITERS = ("owner", "editor", "author", "guest", "stranger", "other", "keeper")
BLOGS = (OURS, THEIRS, OPEN)


def new_content() -> dict[type[Base], list[Row]]:
    each = [(blog, PEOPLE[name]) for blog in BLOGS for name in WRITERS]
    return {
        post.Post: [rows.post(*who, f"new-{n}") for n, who in enumerate(each)],
        draft.Draft: [rows.draft(*who) for who in each],
        comment.Comment: [
            rows.comment({"id": numbered("post", n)}, PEOPLE[name])
            for n in (*BLOG_OF_POST, 90)
            for name in ("owner", "author", "stranger")
        ],
        series.Series: [rows.series(blog, PEOPLE["owner"], "new") for blog in BLOGS],
        page.StaticPage: [rows.page(blog, "new") for blog in BLOGS],
        tag.Tag: [rows.tag("new")],
        user.User: [rows.user("new")],
        publication.Publication: [
            rows.publication(PEOPLE[name], f"{name}.new.test") for name in ("owner", "admin")
        ],
        publication.Membership: [
            rows.membership(blog, PEOPLE["stranger"], "EDITOR") for blog in BLOGS
        ],
    }


def new_parts() -> dict[type[Base], list[Row]]:
    posts = [(numbered("post", n), {"publication_id": b["id"]}) for n, b in BLOG_OF_POST.items()]
    drafts = [(numbered("draft", n), {"publication_id": b["id"]}) for n, b in BLOG_OF_DRAFT.items()]
    stranger, blogs = (
        {"user_id": PEOPLE["stranger"]["id"]},
        [{"publication_id": b["id"]} for b in BLOGS],
    )
    return {
        post.PostTag: [{"post_id": id, "tag_id": SPARE["id"]} for id, _ in posts],
        post.PostCoAuthor: [{"post_id": id} | stranger for id, _ in posts],
        post.FormerSlug: [{"post_id": id, "slug": f"old-{id}"} | of for id, of in posts],
        draft.DraftTag: [{"draft_id": id, "slug": "new", "name": "New"} for id, _ in drafts],
        draft.DraftCoAuthor: [{"draft_id": id} | stranger for id, _ in drafts],
        draft.Schedule: [rows.schedule({"id": id}) for id, _ in drafts],
        media.MediaReference: [
            {"id": new_id("media"), "url": f"/{of}", "post_id": None, "draft_id": None, key: id}
            | of
            for key, parents in (("post_id", posts), ("draft_id", drafts))
            for id, _ in parents
            for of in blogs
        ],
        publication.NavigationItem: [
            {"id": new_id("nav"), "position": 9, "type": "link", "label": "x", "url": "/"} | of
            for of in blogs
        ],
        publication.RedirectionRule: [
            {"id": new_id("redirect"), "source": "/new", "destination": "/"} | of for of in blogs
        ],
        invitations.Invitation: [
            {"id": new_id("invite"), "email": "new@b.test", "role": "EDITOR", "digest": f"{of}"}
            | {"expires_at": SOON}
            | of
            for of in blogs
        ],
        invitations.RoleInvitation: [
            {"id": new_id("invitelink"), "role": "EDITOR", "token": "x", "digest": f"{of}"} | of
            for of in blogs
        ],
    }


def servers_own() -> dict[type[Base], list[Row]]:
    """Everything that a person who is signed in could have, and what is nobody's."""
    of = {"publication_id": OURS["id"]}
    source = {"source": "x", "kind": "post", "key": "new", "row_id": CLOSED["id"]}
    return {
        **dict(security.private(PEOPLE["author"], 50)),
        account.Lockout: [{"subject": "new", "failures": 1, "failed_at": SOON}],
        key.SigningKey: [{"id": "new", "algorithm": "EdDSA", "private": "x", "active_from": SOON}],
        audit.AuditEvent: [{"id": new_id("audit"), "action": "x", "result": "SUCCESS"}],
        publication.NewsletterSubscriber: [
            {"id": new_id("subscriber"), "email": "new@b.test"} | of
        ],
        provenance.Provenance: [source | of | {"digest": b"1" * 32}],
    }


CANDIDATES = new_content() | new_parts() | servers_own()


def key_of(table: type[Base], row: Row) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in inspect(table).primary_key)
