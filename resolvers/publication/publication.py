"""Publications: the type, and fetching one by host or id."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from loaders.page import StaticPageBySlug, StaticPageRow, StaticPagesByPublication
from loaders.post import (
    PinnedPostByPublication,
    PostByFormerSlug,
    PostBySlug,
    PostRow,
    PostsByPublication,
    Tagged,
)
from loaders.publication import (
    MembersByPublication,
    MembershipRow,
    PublicationRow,
    RedirectionRuleRow,
    RedirectionRulesByPublication,
)
from loaders.series import SeriesByPublication, SeriesBySlug, SeriesRow
from loaders.user import UserById, UserRow
from resolvers.content import Content, OpenGraphMetaData, content_of, from_bag
from resolvers.context import Info
from resolvers.fields import field
from resolvers.filters import optional_tuple
from resolvers.node import Node
from resolvers.page import StaticPage, StaticPageConnection
from resolvers.pagination import (
    After,
    Before,
    CursorPage,
    First,
    Last,
    OffsetPage,
    PageNumber,
    PageSize,
    connect,
    connect_numbered,
)
from resolvers.post import Post, PublicationPostConnection, PublicationPostPageConnection
from resolvers.publication.drafts import PublicationDrafts
from resolvers.publication.features import PublicationFeatures
from resolvers.publication.filters import (
    PublicationPostConnectionFilter,
    PublicationPostsViaPageFilter,
)
from resolvers.publication.members import (
    PublicationInvite,
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
    from resolvers.user import User

LazyUser = Annotated["User", strawberry.lazy("resolvers.user")]
Slug = Annotated[str, strawberry.argument(description="The slug.")]


@strawberry.type(description="A blog or magazine at one host.")
class Publication(PublicationDrafts, Node):
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

    @field("The full address of the home page.")
    def url(parent: strawberry.Parent[PublicationRow]) -> str:
        return f"https://{parent.host}"

    @field("The same as `url`.", name="canonicalURL")
    def canonical_url(parent: strawberry.Parent[PublicationRow]) -> str:
        return f"https://{parent.host}"

    @field("How addresses of posts are formed: always by the slug alone.")
    def url_pattern(self) -> UrlPattern:
        return UrlPattern.SIMPLE

    @field("What the publication says about itself.")
    def about(parent: strawberry.Parent[PublicationRow]) -> Content | None:
        return content_of(parent, "about")

    @field("Who is responsible for the content.", name="imprintV2")
    def imprint_content(parent: strawberry.Parent[PublicationRow]) -> Content | None:
        return content_of(parent, "imprint")

    @field(
        "Who is responsible for the content, as Markdown.",
        deprecation_reason="Use `imprintV2` instead.",
    )
    def imprint(parent: strawberry.Parent[PublicationRow]) -> str | None:
        return parent.imprint_markdown

    @field("How the publication presents itself when it is shared.")
    def og_meta_data(parent: strawberry.Parent[PublicationRow]) -> OpenGraphMetaData:
        return OpenGraphMetaData(image=parent.og_image)

    @field("The profiles and sites that it links to.")
    def links(parent: strawberry.Parent[PublicationRow]) -> PublicationLinks:
        return from_bag(PublicationLinks, parent.links)

    @field("Accounts at services that frontends embed.")
    def integrations(parent: strawberry.Parent[PublicationRow]) -> PublicationIntegrations:
        return from_bag(PublicationIntegrations, parent.integrations)

    @field("How the publication looks.", returns=Preferences)
    def preferences(parent: strawberry.Parent[PublicationRow]) -> PublicationRow:
        return parent

    @field("What is switched on.", returns=PublicationFeatures)
    def features(parent: strawberry.Parent[PublicationRow]) -> PublicationRow:
        return parent

    @field("The domains of the publication.")
    def domain_info(parent: strawberry.Parent[PublicationRow]) -> DomainInfo:
        domain = DomainStatus(
            host=parent.host, ready=True, status=CustomDomainStatus.VALID, verified_at=None
        )
        return DomainInfo(domain=domain, hashnode_subdomain=None, www_prefixed_domain=None)

    @field("The owner.", returns=LazyUser)
    async def author(parent: strawberry.Parent[PublicationRow], info: Info) -> UserRow | None:
        return await info.context.loaders(UserById).load(parent.owner_id)

    @field("Whether several people may write: always.")
    def is_team(self) -> bool:
        return True

    @field("Whether the frontend is one's own: always.")
    def is_headless(self) -> bool:
        return True

    @field("Whether editors may change what contributors wrote.")
    def allow_contributor_edits(parent: strawberry.Parent[PublicationRow]) -> bool:
        return parent.contributor_edits

    @field("Whether posts are backed up to GitHub.", name="isGitHubBackupEnabled")
    def is_github_backup_enabled(self) -> bool:
        return False

    @field("Whether posts come from a GitHub repository.")
    def is_github_as_source_connected(self) -> bool:
        return False

    @field("The post with this slug, if it is published.", returns=Post | None)
    async def post(
        parent: strawberry.Parent[PublicationRow], info: Info, slug: Slug
    ) -> PostRow | None:
        return await info.context.loaders(PostBySlug, slug).load(parent.id)

    @field(
        "The post that had this slug, or stood at this path, before it moved.",
        returns=Post | None,
    )
    async def redirected_post(
        parent: strawberry.Parent[PublicationRow],
        info: Info,
        slug: Annotated[str, strawberry.argument(description="A former slug, or a former path.")],
    ) -> PostRow | None:
        former = info.context.loaders(PostByFormerSlug, slug.strip("/"))
        return await former.load(parent.id)

    @field("The post pinned to the top.", returns=Post | None)
    async def pinned_post(parent: strawberry.Parent[PublicationRow], info: Info) -> PostRow | None:
        return await info.context.loaders(PinnedPostByPublication).load(parent.id)

    @field("The posts, newest first.", returns=PublicationPostConnection)
    def posts(
        parent: strawberry.Parent[PublicationRow],
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        filter: Annotated[
            PublicationPostConnectionFilter | None,
            strawberry.argument(description="Narrows the list."),
        ] = None,
    ) -> CursorPage[PostRow]:
        chosen = filter or PublicationPostConnectionFilter()
        listing = PostsByPublication(
            Tagged(optional_tuple(chosen.tags), optional_tuple(chosen.tag_slugs)),
            exclude_pinned=bool(chosen.exclude_pinned_post),
            removed=bool(chosen.deleted_only),
        )
        return connect(info, listing, parent.id, first, after, last, before)

    @field("The posts, newest first, in numbered pages.", returns=PublicationPostPageConnection)
    def posts_via_page(
        parent: strawberry.Parent[PublicationRow],
        info: Info,
        page: PageNumber,
        page_size: PageSize,
        filter: Annotated[
            PublicationPostsViaPageFilter | None,
            strawberry.argument(description="Narrows the list."),
        ] = None,
    ) -> OffsetPage[PostRow]:
        chosen = filter or PublicationPostsViaPageFilter()
        listing = PostsByPublication(
            Tagged(optional_tuple(chosen.tags), optional_tuple(chosen.tag_slugs)),
            exclude_pinned=bool(chosen.exclude_pinned_posts),
        )
        return connect_numbered(info, listing, parent.id, page, page_size)

    @field("The series with this slug.", returns=Series | None)
    async def series(
        parent: strawberry.Parent[PublicationRow], info: Info, slug: Slug
    ) -> SeriesRow | None:
        return await info.context.loaders(SeriesBySlug, slug).load(parent.id)

    @field("The series, newest first.", returns=SeriesConnection)
    def series_list(
        parent: strawberry.Parent[PublicationRow],
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> CursorPage[SeriesRow]:
        return connect(info, SeriesByPublication(), parent.id, first, after, last, before)

    @field("The static page with this slug.", returns=StaticPage | None)
    async def static_page(
        parent: strawberry.Parent[PublicationRow], info: Info, slug: Slug
    ) -> StaticPageRow | None:
        return await info.context.loaders(StaticPageBySlug, slug).load(parent.id)

    @field("The static pages.", returns=StaticPageConnection)
    def static_pages(
        parent: strawberry.Parent[PublicationRow],
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> CursorPage[StaticPageRow]:
        return connect(info, StaticPagesByPublication(), parent.id, first, after, last, before)

    @field("The rules for old addresses, by source.", returns=list[RedirectionRule])
    async def redirection_rules(
        parent: strawberry.Parent[PublicationRow], info: Info
    ) -> list[RedirectionRuleRow]:
        return await info.context.loaders(RedirectionRulesByPublication).load(parent.id)

    @field("The members: private ones only for other members.", returns=PublicationMemberConnection)
    def members(
        parent: strawberry.Parent[PublicationRow],
        info: Info,
        page: PageNumber,
        page_size: PageSize,
        filter: Annotated[
            PublicationMemberConnectionFilter | None,
            strawberry.argument(description="Narrows the list."),
        ] = None,
    ) -> OffsetPage[MembershipRow]:
        search = filter.search if filter else None
        return connect_numbered(info, MembersByPublication(search), parent.id, page, page_size)

    @field("The members whom everybody may know of.", returns=PublicationMemberConnection)
    def public_members(
        parent: strawberry.Parent[PublicationRow],
        info: Info,
        page: PageNumber,
        page_size: PageSize,
    ) -> OffsetPage[MembershipRow]:
        listing = MembersByPublication(public_only=True)
        return connect_numbered(info, listing, parent.id, page, page_size)

    @field("Invitations to the publication: for its members.")
    def invites(self) -> PublicationInvite:
        return PublicationInvite(are_role_based_invite_links_active=False)
