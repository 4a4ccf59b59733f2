"""Who writes which rows: for each table one predicate for inserting, one for updating, one for deleting.

PostgreSQL enforces the same below it (migration 0006) in the transactions of `database.write(viewer)`.
What has no more than `SERVERS_OWN` for a rule is written in acts of the server itself alone.

The predicate for updating holds for the row before and after. Whoever may write a row also sees it
(`db.visibility`): no rule gives more than that.
"""

from collections.abc import Callable
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlalchemy.orm import aliased

from db.models import (
    account,
    audit,
    comment,
    draft,
    factor,
    invitation,
    key,
    media,
    page,
    post,
    provenance,
    publication,
    series,
    session,
    tag,
    user,
)
from db.models.base import Base
from db.viewer import Viewer
from db.visibility import OWNER, has_role_in, manages_members, post_is_known, within

Action = Literal["insert", "update", "delete"]

# Asked of those only who write at all.
Predicate = Callable[[Viewer], ColumnElement[bool]]

EDITORS: Final = (*OWNER, "EDITOR")
MEMBERS: Final = (*EDITORS, "CONTRIBUTOR")

Draft, Post, Comment = draft.Draft, post.Post, comment.Comment
Media = media.MediaReference


class Rule(NamedTuple):
    """Which rows of a table a viewer may insert, update and delete."""

    insert: Predicate
    update: Predicate
    delete: Predicate


def may_write(table: type[Base], action: Action, viewer: Viewer | None) -> ColumnElement[bool]:
    """Whether the viewer may do this with a row of the table; raises KeyError for one without a rule.

    Not for what loaders read: whether a viewer is a key plays no part in their statements.
    """
    rule: Predicate = getattr(RULES[table], action)
    return false() if viewer is None or viewer.is_reader else rule(viewer)


def _draft(viewer: Viewer) -> ColumnElement[bool]:
    """Editors' are all drafts of the publication, other members' those that they write or help to."""
    helper = aliased(draft.DraftCoAuthor)
    helps = exists().where(helper.draft_id == Draft.id, helper.user_id == viewer.user_id)
    writes = or_(Draft.author_id == viewer.user_id, helps)
    return _edited_or(Draft, viewer, writes)


def _own_draft(viewer: Viewer) -> ColumnElement[bool]:
    """Those who only help to write a draft do not delete it, and nobody makes one for somebody else."""
    return _edited_or(Draft, viewer, Draft.author_id == viewer.user_id)


def _post(viewer: Viewer) -> ColumnElement[bool]:
    """Contributors change posts of theirs where the publication lets them; they remove and restore none."""
    blog = aliased(publication.Publication)
    allowed = exists().where(blog.id == Post.publication_id, blog.contributor_edits)
    own = and_(Post.author_id == viewer.user_id, Post.status == "PUBLISHED", allowed)
    return _edited_or(Post, viewer, own)


def _edited_or(table: Any, viewer: Viewer, members: ColumnElement[bool]) -> ColumnElement[bool]:
    publication_id = table.publication_id.expression
    return or_(
        has_role_in(publication_id, viewer, EDITORS),
        and_(has_role_in(publication_id, viewer, MEMBERS), members),
    )


def _media(viewer: Viewer) -> ColumnElement[bool]:
    """Files go with the draft or the post of the publication that they are in."""
    of_draft = exists().where(
        Draft.id == Media.draft_id, Draft.publication_id == Media.publication_id, _draft(viewer)
    )
    of_post = exists().where(
        Post.id == Media.post_id, Post.publication_id == Media.publication_id, _post(viewer)
    )
    return or_(has_role_in(Media.publication_id.expression, viewer, EDITORS), of_draft, of_post)


def _own_comment(viewer: Viewer) -> ColumnElement[bool]:
    return and_(Comment.author_id == viewer.user_id, _under(viewer))


def _new_comment(viewer: Viewer) -> ColumnElement[bool]:
    """Everybody comments, as themselves, on the posts that they see and that take comments."""
    return and_(Comment.author_id == viewer.user_id, _under(viewer, ~Post.comments_disabled))


def _moderated_comment(viewer: Viewer) -> ColumnElement[bool]:
    """Who edits the publication removes what others say under its posts, and rewords none of it."""
    return or_(_own_comment(viewer), _under(viewer, _edited(Post)(viewer)))


def _under(viewer: Viewer, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the comment's post is one that the viewer sees."""
    return exists().where(
        Post.id == Comment.post_id,
        post_is_known(viewer),
        within(Post.publication_id.expression, viewer),
        *conditions,
    )


def _self(viewer: Viewer) -> ColumnElement[bool]:
    """Nobody makes an administrator of themselves."""
    own = user.User.id == viewer.user_id
    return own if viewer.is_admin else and_(own, user.User.role != "SUPERUSER")


def _edits_any(viewer: Viewer) -> ColumnElement[bool]:
    """Tags are shared by all publications: new ones come with the posts that somebody publishes."""
    blog = aliased(publication.Publication)
    edited = select(blog.id).where(has_role_in(blog.id.expression, viewer, EDITORS))
    return or_(_admin(viewer), edited.exists())


def _admin(viewer: Viewer) -> ColumnElement[bool]:
    return true() if viewer.is_admin else false()


def _nobody(_viewer: Viewer) -> ColumnElement[bool]:
    return false()


def _edited(table: Any) -> Predicate:
    return lambda viewer: has_role_in(table.publication_id.expression, viewer, EDITORS)


def _managed(table: Any) -> Predicate:
    return lambda viewer: manages_members(table.publication_id.expression, viewer)


def _managed_itself(viewer: Viewer) -> ColumnElement[bool]:
    return has_role_in(publication.Publication.id.expression, viewer, OWNER)


def _of_draft(table: Any, rule: Predicate) -> Predicate:
    return lambda viewer: exists().where(Draft.id == table.draft_id, rule(viewer))


def _of_post(table: Any) -> Predicate:
    return lambda viewer: exists().where(Post.id == table.post_id, _post(viewer))


def alike(predicate: Predicate) -> Rule:
    return Rule(predicate, predicate, predicate)


SERVERS_OWN: Final = alike(_nobody)

RULES: Final[dict[type[Base], Rule]] = {
    user.User: Rule(_nobody, _self, _nobody),
    publication.Publication: Rule(_admin, _managed_itself, _managed_itself),
    publication.Membership: alike(_managed(publication.Membership)),
    invitation.Invitation: alike(_managed(invitation.Invitation)),
    invitation.RoleInvitation: alike(_managed(invitation.RoleInvitation)),
    tag.Tag: Rule(_edits_any, _admin, _admin),
    series.Series: alike(_edited(series.Series)),
    page.StaticPage: alike(_edited(page.StaticPage)),
    publication.NavigationItem: alike(_edited(publication.NavigationItem)),
    publication.RedirectionRule: alike(_edited(publication.RedirectionRule)),
    Post: Rule(_edited(Post), _post, _edited(Post)),
    post.PostTag: alike(_of_post(post.PostTag)),
    post.PostCoAuthor: alike(_of_post(post.PostCoAuthor)),
    post.FormerSlug: alike(_of_post(post.FormerSlug)),
    Draft: Rule(_own_draft, _draft, _own_draft),
    draft.DraftTag: alike(_of_draft(draft.DraftTag, _draft)),
    draft.DraftCoAuthor: alike(_of_draft(draft.DraftCoAuthor, _draft)),
    # A draft that has one is published, which contributors do not do.
    draft.Schedule: alike(_of_draft(draft.Schedule, _edited(Draft))),
    Media: alike(_media),
    Comment: Rule(_new_comment, _own_comment, _moderated_comment),
    account.Account: SERVERS_OWN,
    account.Identity: SERVERS_OWN,
    account.EmailToken: SERVERS_OWN,
    account.Lockout: SERVERS_OWN,
    session.Session: SERVERS_OWN,
    session.RefreshToken: SERVERS_OWN,
    factor.Totp: SERVERS_OWN,
    factor.RecoveryCode: SERVERS_OWN,
    factor.Passkey: SERVERS_OWN,
    factor.Challenge: SERVERS_OWN,
    key.ApiKey: SERVERS_OWN,
    key.SigningKey: SERVERS_OWN,
    audit.AuditEvent: SERVERS_OWN,
    publication.NewsletterSubscriber: SERVERS_OWN,
    provenance.Provenance: SERVERS_OWN,
}
