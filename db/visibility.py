"""Which rows exist for a viewer: one predicate a table, for reads and writes alike.

PostgreSQL enforces the same below it (migrations 0005 and 0006), whatever a statement forgets. Who may
change the rows that exist stands in `db.ownership`.

A row that is hidden is as good as absent: it is found by no id, counted in no list, named in no error.
"""

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, exists, false, or_, true
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

OWNER: Final = ("OWNER",)


def is_member(publication_id: ColumnElement[Any], viewer: Viewer | None) -> ColumnElement[bool]:
    """Whether the viewer belongs to the publication; an administrator belongs to all of them."""
    if viewer is None or viewer.is_outsider:
        return false()
    if viewer.is_admin:
        return true()
    membership = aliased(publication.Membership)
    belongs = exists().where(
        membership.publication_id == publication_id, membership.user_id == viewer.user_id
    )
    return and_(within(publication_id, viewer), belongs)


def within(publication_id: ColumnElement[Any], viewer: Viewer) -> ColumnElement[bool]:
    """Whether the viewer, who may be limited to one publication, is not limited to another one."""
    return true() if viewer.publication_id is None else publication_id == viewer.publication_id


def has_role(
    publication_id: ColumnElement[Any], viewer: Viewer, roles: tuple[str, ...]
) -> ColumnElement[bool]:
    """Whether the viewer is a member of the publication with one of the roles."""
    membership = aliased(publication.Membership)
    return exists().where(
        membership.publication_id == publication_id,
        membership.user_id == viewer.user_id,
        or_(*(membership.role == role for role in roles)),
    )


def owns(publication_id: ColumnElement[Any], viewer: Viewer) -> ColumnElement[bool]:
    """Whether the viewer owns the publication."""
    return has_role(publication_id, viewer, OWNER)


def has_role_in(
    publication_id: ColumnElement[Any], viewer: Viewer, roles: tuple[str, ...]
) -> ColumnElement[bool]:
    """Whether the viewer has one of the roles in the publication; administrators have them all."""
    held = true() if viewer.is_admin else has_role(publication_id, viewer, roles)
    return and_(held, within(publication_id, viewer))


def manages_members(
    publication_id: ColumnElement[str], viewer: Viewer | None
) -> ColumnElement[bool]:
    """Whether the viewer decides who belongs to the publication: its owner, and administrators."""
    return false() if viewer is None else has_role_in(publication_id, viewer, OWNER)


def post_is_visible() -> ColumnElement[bool]:
    """Published posts are public, delisted ones too: those are only left out of shared lists."""
    return post.Post.status == "PUBLISHED"


def removed_post_is_visible(viewer: Viewer | None) -> ColumnElement[bool]:
    """What was removed is known to the publication's members only."""
    return and_(
        post.Post.status == "REMOVED", is_member(post.Post.publication_id.expression, viewer)
    )


def post_is_known(viewer: Viewer | None) -> ColumnElement[bool]:
    """Whether there is such a post for the viewer at all."""
    return or_(post_is_visible(), removed_post_is_visible(viewer))


def comment_is_visible(viewer: Viewer | None) -> ColumnElement[bool]:
    """Comments are as public as their post; `hidden` says so without a look at it."""
    if viewer is None:
        return ~comment.Comment.hidden
    seen = exists().where(post.Post.id == comment.Comment.post_id, removed_post_is_visible(viewer))
    return or_(~comment.Comment.hidden, seen)


def draft_is_listed(viewer: Viewer | None) -> ColumnElement[bool]:
    """The publication's members find its drafts in lists."""
    return is_member(draft.Draft.publication_id.expression, viewer)


def draft_is_visible(viewer: Viewer | None) -> ColumnElement[bool]:
    """Whoever knows a draft's id may read it, unless it is restricted to members.

    The contract's preview pages fetch a draft by its id alone, without a token. An id has 74
    random bits and stands in no public list, so the link itself is what grants access.
    """
    return or_(~draft.Draft.restricted, draft_is_listed(viewer))


def page_is_visible(viewer: Viewer | None) -> ColumnElement[bool]:
    """Hidden pages are the members' own."""
    return or_(
        ~page.StaticPage.hidden, is_member(page.StaticPage.publication_id.expression, viewer)
    )


def membership_is_visible(viewer: Viewer | None) -> ColumnElement[bool]:
    """A private member is known to the other members only."""
    return or_(
        publication.Membership.privacy == "PUBLIC",
        is_member(publication.Membership.publication_id.expression, viewer),
    )


def row_is_visible(table: type[Base], viewer: Viewer | None) -> ColumnElement[bool]:
    """Whether a row of the table exists for the viewer; raises KeyError for a table without a predicate."""
    return PREDICATES[table](viewer)


def _everybodys(_viewer: Viewer | None) -> ColumnElement[bool]:
    return true()


def _nobodys(_viewer: Viewer | None) -> ColumnElement[bool]:
    """The server's own: it reads them in acts of its own (`db.security.SYSTEM`)."""
    return false()


def _members(table: Any) -> "Predicate":
    return lambda viewer: is_member(table.publication_id.expression, viewer)


def _own(table: Any) -> "Predicate":
    return lambda viewer: false() if viewer is None else table.user_id == viewer.user_id


def _of_draft(table: Any) -> "Predicate":
    return lambda viewer: exists().where(draft.Draft.id == table.draft_id, draft_is_visible(viewer))


def keys_of_publication_are_listed(viewer: Viewer | None) -> ColumnElement[bool]:
    """The publication's owner lists its keys; a key of theirs does so if it may see that publication."""
    if viewer is None:
        return false()
    publication_id = key.ApiKey.publication_id.expression
    return and_(is_member(publication_id, viewer), owns(publication_id, viewer))


def api_key_is_visible(viewer: Viewer | None) -> ColumnElement[bool]:
    """A publication's keys are its owner's business too."""
    if viewer is None:
        return false()
    return or_(key.ApiKey.user_id == viewer.user_id, keys_of_publication_are_listed(viewer))


def schedule_is_visible(viewer: Viewer | None) -> ColumnElement[bool]:
    """When a draft is to be published is the publication's own, also where others may read the draft."""
    return exists().where(draft.Draft.id == draft.Schedule.draft_id, draft_is_listed(viewer))


def _audit_event(viewer: Viewer | None) -> ColumnElement[bool]:
    return true() if viewer is not None and viewer.is_admin else false()


Predicate = Callable[[Viewer | None], ColumnElement[bool]]

PREDICATES: Final[dict[type[Base], Predicate]] = {
    user.User: _everybodys,
    publication.Publication: _everybodys,
    tag.Tag: _everybodys,
    series.Series: _everybodys,
    publication.NavigationItem: _everybodys,
    publication.RedirectionRule: _everybodys,
    # Ids and nothing else, found by way of a post that was seen.
    post.PostTag: _everybodys,
    post.PostCoAuthor: _everybodys,
    post.FormerSlug: _everybodys,
    post.Post: post_is_known,
    comment.Comment: comment_is_visible,
    page.StaticPage: page_is_visible,
    publication.Membership: membership_is_visible,
    draft.Draft: draft_is_visible,
    draft.DraftTag: _of_draft(draft.DraftTag),
    draft.DraftCoAuthor: _of_draft(draft.DraftCoAuthor),
    draft.Schedule: schedule_is_visible,
    media.MediaReference: _members(media.MediaReference),
    invitation.Invitation: _members(invitation.Invitation),
    invitation.RoleInvitation: _members(invitation.RoleInvitation),
    account.Account: _own(account.Account),
    account.Identity: _own(account.Identity),
    session.Session: _own(session.Session),
    factor.Totp: _own(factor.Totp),
    factor.RecoveryCode: _own(factor.RecoveryCode),
    factor.Passkey: _own(factor.Passkey),
    key.ApiKey: api_key_is_visible,
    audit.AuditEvent: _audit_event,
    publication.NewsletterSubscriber: _nobodys,
    provenance.Provenance: _nobodys,
    account.EmailToken: _nobodys,
    account.Lockout: _nobodys,
    session.RefreshToken: _nobodys,
    key.SigningKey: _nobodys,
    factor.Challenge: _nobodys,
}
