"""The contract's fragment `Publication`, which its pages share."""

from collections.abc import Iterable, Mapping
from typing import Any

from bench.servers.ceiling.rows import Row
from db.reading import Statement

PUBLICATION = Statement("""
    select p.id, p.title, p.display_title, p.host, p.meta_tags, p.favicon, p.followers_count,
           p.description_seo, p.og_image, p.logo, p.dark_mode_logo, p.links, p.integrations,
           p.about_html, u.name, u.username, u.profile_picture, u.followers_count
    from publications p join users u on u.id = p.owner_id where p.host = $1::text
""")
NAVIGATION = Statement("""
    select id, type, label, url from navigation_items where publication_id = $1::text
    order by position
""")
POST_COUNT = Statement("""
    select count(*) from posts where publication_id = $1::text and status = 'PUBLISHED'
""")

INTEGRATIONS = {
    "umamiWebsiteUUID": "umami_website_uuid",
    "gaTrackingID": "ga_tracking_id",
    "fbPixelID": "fb_pixel_id",
    "hotjarSiteID": "hotjar_site_id",
    "matomoURL": "matomo_url",
    "matomoSiteID": "matomo_site_id",
    "fathomSiteID": "fathom_site_id",
    "gTagManagerID": "g_tag_manager_id",
    "fathomCustomDomain": "fathom_custom_domain",
    "fathomCustomDomainEnabled": "fathom_custom_domain_enabled",
    "plausibleAnalyticsEnabled": "plausible_analytics_enabled",
    "koalaPublicKey": "koala_public_key",
    "msClarityID": "ms_clarity_id",
}


def fragment(row: Row, navigation: Iterable[Row]) -> dict[str, Any]:
    id, title, display_title, host, meta_tags, favicon, followers, description, *rest = row
    og_image, logo, dark_logo, links, integrations, _, *author = rest
    return {
        "id": id,
        "title": title,
        "displayTitle": display_title,
        "url": f"https://{host}",
        "metaTags": meta_tags,
        "favicon": favicon,
        "isTeam": True,
        "followersCount": followers,
        "descriptionSEO": description,
        "author": dict(
            zip(("name", "username", "profilePicture", "followersCount"), author, strict=True)
        ),
        "ogMetaData": {"image": og_image},
        "preferences": {
            "logo": logo,
            "darkMode": {"logo": dark_logo},
            "navbarItems": [
                {"id": id, "type": type, "label": label, "url": url}
                for id, type, label, url in navigation
            ],
        },
        "links": bag(links, {name: name for name in ("twitter", "github", "linkedin", "hashnode")}),
        "integrations": bag(integrations, INTEGRATIONS),
    }


def bag(values: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {name: values.get(key) for name, key in names.items()}
