"""Which rows exist for a viewer: one predicate a table, for reads and writes alike.

A row that is hidden is as good as absent: it is found by no id, counted in no list, named in no error.
"""

from sqlalchemy import ColumnElement, and_, exists, false, or_, true
from sqlalchemy.orm import aliased

from db.models import draft, page, post, publication
from db.viewer import Viewer


def is_member(publication_id: ColumnElement[str], viewer: Viewer | None) -> ColumnElement[bool]:
    """Whether the viewer belongs to the publication; an administrator belongs to all of them."""
    if viewer is None or viewer.is_outsider:
        return false()
    if viewer.is_admin:
        return true()
    membership = aliased(publication.Membership)
    belongs = exists().where(
        membership.publication_id == publication_id, membership.user_id == viewer.user_id
    )
    if viewer.publication_id is None:
        return belongs
    return and_(publication_id == viewer.publication_id, belongs)


def post_is_visible() -> ColumnElement[bool]:
    """Published posts are public, delisted ones too: those are only left out of shared lists."""
    return post.Post.status == "PUBLISHED"


def removed_post_is_visible(viewer: Viewer | None) -> ColumnElement[bool]:
    """What was removed is known to the publication's members only."""
    return and_(
        post.Post.status == "REMOVED", is_member(post.Post.publication_id.expression, viewer)
    )


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
