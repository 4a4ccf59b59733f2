"""How a publication looks, links and behaves: the small types below `Publication`."""

import builtins
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry

from loaders.page import StaticPageById
from loaders.publication import NavigationByPublication, NavigationItemRow, PublicationRow
from loaders.series import SeriesById
from resolvers.fields import SHORT, column, constant, field, related, same

if TYPE_CHECKING:
    from resolvers.page import StaticPage
    from resolvers.series import Series

LazyPage = Annotated["StaticPage", strawberry.lazy("resolvers.page")]
LazySeries = Annotated["Series", strawberry.lazy("resolvers.series")]


@strawberry.enum(description="How the home page arranges its posts.")
class PublicationLayout(Enum):
    GRID = strawberry.enum_value("grid", name="grid", description="In a grid of cards.")
    MAGAZINE = strawberry.enum_value(
        "magazine", name="magazine", description="Some posts large, the others small."
    )
    STACKED = strawberry.enum_value("stacked", name="stacked", description="One below the other.")


@strawberry.enum(description="What an entry of the menu leads to.")
class PublicationNavigationType(Enum):
    LINK = strawberry.enum_value("link", name="link", description="Any address.")
    PAGE = strawberry.enum_value("page", name="page", description="A static page.")
    SERIES = strawberry.enum_value("series", name="series", description="A series.")


@strawberry.enum(description="How addresses of posts are formed.")
class UrlPattern(Enum):
    DEFAULT = strawberry.enum_value(
        "DEFAULT", description="The slug is followed by an id: `/my-post-cabc123`."
    )
    SIMPLE = strawberry.enum_value("SIMPLE", description="The slug alone: `/my-post`.")


@strawberry.enum(description="Whether a domain leads to this deployment.")
class CustomDomainStatus(Enum):
    INVALID = strawberry.enum_value("INVALID", description="It leads elsewhere.")
    VALID = strawberry.enum_value("VALID", description="It leads here.")
    VERIFYING = strawberry.enum_value("VERIFYING", description="It is being checked.")


@strawberry.type(description="The profiles and sites that a publication links to, as URLs.")
class PublicationLinks:
    bluesky: str | None = strawberry.field(description="On Bluesky.")
    dailydev: str | None = strawberry.field(description="On daily.dev.")
    facebook: str | None = strawberry.field(description="On Facebook.")
    github: str | None = strawberry.field(description="On GitHub.")
    hashnode: str | None = strawberry.field(description="On Hashnode.")
    instagram: str | None = strawberry.field(description="On Instagram.")
    linkedin: str | None = strawberry.field(description="On LinkedIn.")
    mastodon: str | None = strawberry.field(description="On Mastodon.")
    twitter: str | None = strawberry.field(description="On Twitter or X.")
    website: str | None = strawberry.field(description="Its own other site.")
    youtube: str | None = strawberry.field(description="On YouTube.")


@strawberry.type(description="Accounts at services that frontends embed, as far as they are set.")
class PublicationIntegrations:
    fathom_custom_domain: str | None = strawberry.field(
        description="The domain that serves Fathom's script."
    )
    fathom_custom_domain_enabled: bool | None = strawberry.field(
        description="Whether to use that domain."
    )
    fathom_site_id: str | None = strawberry.field(
        name="fathomSiteID", description="The site's id at Fathom."
    )
    fb_pixel_id: str | None = strawberry.field(
        name="fbPixelID", description="The id of the Meta pixel."
    )
    g_tag_manager_id: str | None = strawberry.field(
        name="gTagManagerID", description="The container's id in Google Tag Manager."
    )
    ga_tracking_id: str | None = strawberry.field(
        name="gaTrackingID", description="The measurement id of Google Analytics."
    )
    hotjar_site_id: str | None = strawberry.field(
        name="hotjarSiteID", description="The site's id at Hotjar."
    )
    koala_public_key: str | None = strawberry.field(description="The public key for Koala.")
    matomo_site_id: str | None = strawberry.field(
        name="matomoSiteID", description="The site's id in Matomo."
    )
    matomo_url: str | None = strawberry.field(name="matomoURL", description="Where Matomo runs.")
    ms_clarity_id: str | None = strawberry.field(
        name="msClarityID", description="The project's id in Microsoft Clarity."
    )
    plausible_analytics_enabled: bool | None = strawberry.field(
        description="Whether to embed Plausible."
    )
    umami_share_id: str | None = strawberry.field(description="The share id of Umami.")
    umami_website_uuid: str | None = strawberry.field(
        name="umamiWebsiteUUID", description="The website's id in Umami."
    )
    wm_payment_pointer: str | None = strawberry.field(
        description="The payment pointer for Web Monetization."
    )


@strawberry.type(description="How the publication looks in dark mode.")
class DarkModePreferences:
    enabled: bool = strawberry.field(description="Whether dark mode is the default.")
    logo: str | None = strawberry.field(description="URL of the logo for dark backgrounds.")


@strawberry.type(description="Pages that the frontend makes by itself.")
class PagesPreferences:
    members: bool = column("members_page", "Whether to show the list of members.")
    newsletter: bool = column("newsletter_page", "Whether to show the newsletter's page.")


@strawberry.type(description="An entry of the publication's menu.")
class PublicationNavbarItem:
    row: ClassVar[builtins.type] = NavigationItemRow

    id: strawberry.ID = strawberry.field(description="The entry's id.")
    label: str = strawberry.field(description="The text of the entry.")
    type: PublicationNavigationType = strawberry.field(description="What it leads to.")
    url: str | None = strawberry.field(description="The address, when it is a link.")
    priority: int = constant(
        0,
        "Zero: the entries come in their order already.",
        deprecation_reason="Entries come in the right order: there is no need to sort them.",
    )
    page: LazyPage | None = related(
        "The static page that it leads to.", StaticPageById, key="page_id"
    )
    series: LazySeries | None = related("The series that it leads to.", SeriesById, key="series_id")


@strawberry.type(description="How the publication looks.")
class Preferences:
    layout: PublicationLayout = strawberry.field(
        description="How the home page arranges its posts."
    )
    logo: str | None = strawberry.field(description="URL of the logo.")
    dark_mode: DarkModePreferences = same(
        "How the publication looks in dark mode.", prefix="dark_mode_"
    )
    enabled_pages: PagesPreferences = same("Pages that the frontend makes by itself.")

    @field("Whether the footer names no maker.", reads=("footer_branding",))
    def disable_footer_branding(parent: strawberry.Parent[PublicationRow]) -> bool:
        return not parent.footer_branding

    @field("Whether readers are not asked to subscribe.", reads=("subscription_modal",))
    def is_subscription_modal_disabled(parent: strawberry.Parent[PublicationRow]) -> bool:
        return not parent.subscription_modal

    navbar_items: list[PublicationNavbarItem] = related(
        "The menu, from its first entry.", NavigationByPublication, directives=[SHORT]
    )


@strawberry.type(description="A domain and whether it leads to this deployment.")
class DomainStatus:
    host: str = strawberry.field(description="The domain.")
    ready: bool = strawberry.field(description="Whether it can be used.")
    status: CustomDomainStatus = strawberry.field(description="What the last check found.")
    verified_at: datetime | None = strawberry.field(description="When it was checked.")


@strawberry.type(description="The domains of a publication.")
class DomainInfo:
    domain: DomainStatus | None = strawberry.field(description="Its own domain.")
    hashnode_subdomain: str | None = strawberry.field(
        description="Its subdomain at Hashnode: none here."
    )
    www_prefixed_domain: DomainStatus | None = strawberry.field(
        description="The same domain with `www.`, where that is set up on its own."
    )
