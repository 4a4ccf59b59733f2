"""Publications: the type, and fetching one by host or id."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry

from loaders.api_key import ApiKeysByPublication
from loaders.page import StaticPageBySlug, StaticPagesByPublication
from loaders.post import (
    PinnedPostByPublication,
    PostByFormerSlug,
    PostBySlug,
    PostsByPublication,
    Tagged,
)
from loaders.publication import MembersByPublication, PublicationRow, RedirectionRulesByPublication
from loaders.series import SeriesByPublication, SeriesBySlug
from loaders.user import UserById
from resolvers.content import Content, OpenGraphMetaData, from_bag
from resolvers.context import Info
from resolvers.fields import SHORT, column, constant, field, related, relation, same
from resolvers.filters import optional_tuple
from resolvers.node import Node
from resolvers.page import StaticPage, StaticPageConnection
from resolvers.pagination import connection, numbered_connection
from resolvers.post import Post, PublicationPostConnection, PublicationPostPageConnection
from resolvers.publication.drafts import PublicationDrafts
from resolvers.publication.features import PublicationFeatures
from resolvers.publication.filters import (
    PublicationPostConnectionFilter,
    PublicationPostsViaPageFilter,
)
from resolvers.publication.invites import PublicationInvite
from resolvers.publication.members import (
    PublicationMemberConnection,
    PublicationMemberConnectionFilter,
)
from resolvers.publication.redirection import RedirectionRule
from resolvers.publication.settings import (
    CustomDomainStatus,
    DomainInfo,
    DomainStatus,
    Preferences,
    PublicationIntegrations,
    PublicationLinks,
    UrlPattern,
)
from resolvers.series import Series, SeriesConnection

if TYPE_CHECKING:
    from resolvers.account.api_key import ApiKey
    from resolvers.user import User

LazyApiKey = Annotated["ApiKey", strawberry.lazy("resolvers.account.api_key")]
LazyUser = Annotated["User", strawberry.lazy("resolvers.user")]
Slug = Annotated[str, strawberry.argument(description="The slug.")]


@strawberry.type(description="A blog or magazine at one host.")
class Publication(PublicationDrafts, Node):
    row: ClassVar[type] = PublicationRow

    title: str = strawberry.field(description="The name.")
    display_title: str | None = strawberry.field(
        description="The name to show where it differs from the title."
    )
    description_seo: str | None = strawberry.field(
        name="descriptionSEO", description="The description for search results."
    )
    favicon: str | None = strawberry.field(description="URL of the icon for browser tabs.")
    header_color: str | None = strawberry.field(description="The colour of the header, in CSS.")
    meta_tags: str | None = strawberry.field(
        description="HTML of `<meta>` elements to put into every page's head."
    )
    followers_count: int = strawberry.field(description="How many people follow it.")
    language: str | None = strawberry.field(
        description="The language of the publication as a BCP 47 tag, where it is known."
    )
    created_at: datetime = strawberry.field(description="When the publication was made.")
    updated_at: datetime = strawberry.field(description="When its settings were last changed.")

    url_pattern: UrlPattern = constant(
        UrlPattern.SIMPLE, "How addresses of posts are formed: always by the slug alone."
    )
    about: Content | None = same(
        "What the publication says about itself.", prefix="about_", unless="about_markdown"
    )
    imprint_content: Content | None = same(
        "Who is responsible for the content.",
        prefix="imprint_",
        unless="imprint_markdown",
        name="imprintV2",
    )
    imprint: str | None = column(
        "imprint_markdown",
        "Who is responsible for the content, as Markdown.",
        deprecation_reason="Use `imprintV2` instead.",
    )
    og_meta_data: OpenGraphMetaData = same(
        "How the publication presents itself when it is shared.", prefix="og_"
    )
    preferences: Preferences = same("How the publication looks.")
    features: PublicationFeatures = same("What is switched on.")
    author: LazyUser = related("The owner.", UserById, key="owner_id")
    is_team: bool = constant(True, "Whether several people may write: always.")
    is_headless: bool = constant(True, "Whether the frontend is one's own: always.")
    allow_contributor_edits: bool = column(
        "contributor_edits",
        "Whether contributors may change posts of theirs once they are published.",
    )
    is_github_backup_enabled: bool = constant(
        False, "Whether posts are backed up to GitHub.", name="isGitHubBackupEnabled"
    )
    is_github_as_source_connected: bool = constant(
        False, "Whether posts come from a GitHub repository."
    )
    pinned_post: Post | None = related("The post pinned to the top.", PinnedPostByPublication)
    api_keys: list[LazyApiKey] = related(
        "The keys for this publication, the newest first: for its owner, and none for others.",
        ApiKeysByPublication,
        directives=[SHORT],
    )
    redirection_rules: list[RedirectionRule] = related(
        "The rules for old addresses, by source.",
        RedirectionRulesByPublication,
        directives=[SHORT],
    )

    @field(
        "Invitations to the publication; null for those who do not manage its members.",
        reads=("id", "role_invites_enabled"),
    )
    def invites(parent: strawberry.Parent[PublicationRow], info: Info) -> PublicationInvite | None:
        viewer = info.context.viewer
        if viewer is None or not viewer.manages(parent.id):
            return None
        return PublicationInvite(
            publication_id=parent.id,
            are_role_based_invite_links_active=parent.role_invites_enabled,
        )

    @field("The full address of the home page.", reads=("host",))
    def url(parent: strawberry.Parent[PublicationRow]) -> str:
        return f"https://{parent.host}"

    @field("The same as `url`.", name="canonicalURL", reads=("host",))
    def canonical_url(parent: strawberry.Parent[PublicationRow]) -> str:
        return f"https://{parent.host}"

    @field("The profiles and sites that it links to.", reads=("links",))
    def links(parent: strawberry.Parent[PublicationRow]) -> PublicationLinks:
        return from_bag(PublicationLinks, parent.links)

    @field("Accounts at services that frontends embed.", reads=("integrations",))
    def integrations(parent: strawberry.Parent[PublicationRow]) -> PublicationIntegrations:
        return from_bag(PublicationIntegrations, parent.integrations)

    @field("The domains of the publication.", reads=("host",))
    def domain_info(parent: strawberry.Parent[PublicationRow]) -> DomainInfo:
        domain = DomainStatus(
            host=parent.host, ready=True, status=CustomDomainStatus.VALID, verified_at=None
        )
        return DomainInfo(domain=domain, hashnode_subdomain=None, www_prefixed_domain=None)

    @relation("The post with this slug, if it is published.", Post | None)
    def post(info: Info, slug: Slug) -> PostBySlug:
        return info.context.loaders(PostBySlug, slug)

    @relation("The post that had this slug, or stood at this path, before it moved.", Post | None)
    def redirected_post(
        info: Info,
        slug: Annotated[str, strawberry.argument(description="A former slug, or a former path.")],
    ) -> PostByFormerSlug:
        return info.context.loaders(PostByFormerSlug, slug.strip("/"))

    @connection("The posts, newest first.", PublicationPostConnection)
    def posts(
        filter: Annotated[
            PublicationPostConnectionFilter | None,
            strawberry.argument(description="Narrows the list."),
        ] = None,
    ) -> PostsByPublication:
        chosen = filter or PublicationPostConnectionFilter()
        return PostsByPublication(
            Tagged(optional_tuple(chosen.tags), optional_tuple(chosen.tag_slugs)),
            exclude_pinned=bool(chosen.exclude_pinned_post),
            removed=bool(chosen.deleted_only),
        )

    @numbered_connection(
        "The posts, newest first, in numbered pages.", PublicationPostPageConnection
    )
    def posts_via_page(
        filter: Annotated[
            PublicationPostsViaPageFilter | None,
            strawberry.argument(description="Narrows the list."),
        ] = None,
    ) -> PostsByPublication:
        chosen = filter or PublicationPostsViaPageFilter()
        return PostsByPublication(
            Tagged(optional_tuple(chosen.tags), optional_tuple(chosen.tag_slugs)),
            exclude_pinned=bool(chosen.exclude_pinned_posts),
        )

    @relation("The series with this slug.", Series | None)
    def series(info: Info, slug: Slug) -> SeriesBySlug:
        return info.context.loaders(SeriesBySlug, slug)

    @connection("The series, newest first.", SeriesConnection)
    def series_list() -> SeriesByPublication:
        return SeriesByPublication()

    @relation("The static page with this slug.", StaticPage | None)
    def static_page(info: Info, slug: Slug) -> StaticPageBySlug:
        return info.context.loaders(StaticPageBySlug, slug)

    @connection("The static pages.", StaticPageConnection)
    def static_pages() -> StaticPagesByPublication:
        return StaticPagesByPublication()

    @numbered_connection(
        "The members: private ones only for other members.", PublicationMemberConnection
    )
    def members(
        filter: Annotated[
            PublicationMemberConnectionFilter | None,
            strawberry.argument(description="Narrows the list."),
        ] = None,
    ) -> MembersByPublication:
        return MembersByPublication(filter.search if filter else None)

    @numbered_connection("The members whom everybody may know of.", PublicationMemberConnection)
    def public_members() -> MembersByPublication:
        return MembersByPublication(public_only=True)
