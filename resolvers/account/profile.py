"""The viewer's own profile."""

from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from db.writes.accounts import profile as writes
from loaders.user import UserById
from resolvers.context import Info
from resolvers.fields import field
from resolvers.permissions import IsAuthenticated, WritesProfile
from resolvers.viewer import viewer_of

if TYPE_CHECKING:
    from resolvers.user import MyUser

LazyMyUser = Annotated["MyUser", strawberry.lazy("resolvers.user")]


def given(description: str, longest: int | None = None) -> Any:
    """A field of an input that may be left out; null clears what it is for."""
    limit = f" At most {longest} characters." if longest else ""
    return strawberry.field(default=strawberry.UNSET, description=description + limit)


@strawberry.input(
    description="A person's profiles and sites elsewhere, as URLs: what is not given stays, null"
    " removes."
)
class SocialMediaLinksInput:
    bluesky: str | None = given("On Bluesky.")
    facebook: str | None = given("On Facebook.")
    github: str | None = given("On GitHub.")
    instagram: str | None = given("On Instagram.")
    linkedin: str | None = given("On LinkedIn.")
    stackoverflow: str | None = given("On Stack Overflow.")
    twitter: str | None = given("On Twitter or X.")
    website: str | None = given("The person's own site.")
    youtube: str | None = given("On YouTube.")


@strawberry.input(description="Changes of the viewer's profile: what is not given stays.")
class UpdateProfileInput:
    name: str | None = given("The name to show; it cannot be null.", writes.LONGEST["name"])
    username: str | None = given(
        "The unique name, as in addresses: without spaces and slashes; it cannot be null.",
        writes.LONGEST["username"],
    )
    tagline: str | None = given("One line about the person.", writes.LONGEST["tagline"])
    bio: str | None = given(
        "What the person says about themselves, as Markdown.", writes.LONGEST["bio"]
    )
    location: str | None = given("Where the person lives.", writes.LONGEST["location"])
    available_for: str | None = given(
        "What the person can be asked for.", writes.LONGEST["available_for"]
    )
    profile_picture: str | None = given("URL of the person's picture.")
    social_media_links: SocialMediaLinksInput | None = given(
        "The person's profiles and sites elsewhere."
    )


@strawberry.type(description="A changed profile.")
class UpdateProfilePayload:
    user: LazyMyUser = strawberry.field(description="The viewer.")


@strawberry.type
class ProfileMutation:
    @field("Changes the viewer's profile.", permissions=[IsAuthenticated, WritesProfile])
    async def update_profile(
        self,
        info: Info,
        input: Annotated[UpdateProfileInput, strawberry.argument(description="The changes.")],
    ) -> UpdateProfilePayload:
        context, viewer = info.context, viewer_of(info)
        changes = set_fields(input)
        if "social_media_links" in changes:
            links = changes.pop("social_media_links")
            changes["social_links"] = set_fields(links) if links else {}
        async with context.database.write() as tx:
            await writes.update_profile(tx, context.client, viewer, changes)
        user: Any = await context.loaders(UserById).load(viewer.user_id)
        return UpdateProfilePayload(user=user)


def set_fields(input: Any) -> dict[str, Any]:
    """The fields of an input that were given, null or not, by name."""
    return {name: value for name, value in vars(input).items() if value is not strawberry.UNSET}
