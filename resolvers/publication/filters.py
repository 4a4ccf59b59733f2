"""What narrows the lists of a publication."""

import strawberry

from resolvers.scalars import ObjectId
from resolvers.time import TimeFilter


@strawberry.input(description="Narrows the posts of a publication.")
class PublicationPostConnectionFilter:
    deleted_only: bool | None = strawberry.field(
        default=None, description="Removed posts instead: for the publication's members only."
    )
    exclude_pinned_post: bool | None = strawberry.field(
        default=None, description="Leave out pinned posts."
    )
    tag_slugs: list[str] | None = strawberry.field(
        default=None, description="Posts that have any of these tags, by slug; empty keeps all."
    )
    tags: list[ObjectId] | None = strawberry.field(
        default=None, description="Posts that have any of these tags, by id; empty keeps all."
    )


@strawberry.input(description="Narrows the numbered pages of a publication's posts.")
class PublicationPostsViaPageFilter:
    exclude_pinned_posts: bool | None = strawberry.field(
        default=None, description="Leave out pinned posts."
    )
    tag_slugs: list[str] | None = strawberry.field(
        default=None, description="Posts that have any of these tags, by slug; empty keeps all."
    )
    tags: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Posts that have any of these tags, by id; empty keeps all."
    )


@strawberry.input(description="Narrows the drafts of a publication.")
class PublicationDraftConnectionFilter:
    search: str | None = strawberry.field(
        default=None, description="Drafts whose title contains this."
    )


@strawberry.input(description="Narrows the drafts of all members of a publication.")
class PublicationSearchableDraftConnectionFilter:
    author_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Drafts of these authors."
    )
    search: str | None = strawberry.field(
        default=None, description="Drafts whose title contains this."
    )
    tag_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Drafts that have any of these tags."
    )
    time: TimeFilter | None = strawberry.field(
        default=None, description="Drafts changed within this time."
    )
