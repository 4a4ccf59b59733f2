"""What is switched on for a publication."""

from enum import Enum

import strawberry

from loaders.publication import PublicationRow
from resolvers.content import Feature
from resolvers.fields import constant, field


@strawberry.enum(description="How often a newsletter is sent.")
class NewsletterFrequency(Enum):
    ASAP = strawberry.enum_value("asap", name="asap", description="With every new post.")
    WEEKLY = strawberry.enum_value("weekly", name="weekly", description="Once a week.")


@strawberry.enum(description="The voice that reads posts aloud.")
class AudioBlogVoiceType(Enum):
    FEMALE = strawberry.enum_value("FEMALE", description="A female voice.")
    MALE = strawberry.enum_value("MALE", description="A male voice.")


@strawberry.type(description="Style sheets of a publication, as written and minified.")
class CustomCSS:
    home: str | None = strawberry.field(description="For the home page.")
    home_minified: str | None = strawberry.field(description="For the home page, minified.")
    post: str | None = strawberry.field(description="For posts.")
    post_minified: str | None = strawberry.field(description="For posts, minified.")
    static: str | None = strawberry.field(description="For static pages.")
    static_minified: str | None = strawberry.field(description="For static pages, minified.")


@strawberry.type(description="Style sheets of the publication's own.")
class CustomCSSFeature(Feature):
    draft: CustomCSS | None = strawberry.field(description="Being worked on.")
    published: CustomCSS | None = strawberry.field(description="In use.")


@strawberry.type(description="Reading posts aloud.")
class AudioBlogFeature(Feature):
    voice_type: AudioBlogVoiceType = strawberry.field(description="The voice.")


@strawberry.type(description="A newsletter to subscribe to.")
class NewsletterFeature(Feature):
    frequency: NewsletterFrequency | None = strawberry.field(description="How often it is sent.")


@strawberry.type(description="A frontend of one's own: always on, Masthead has no other.")
class HeadlessCMSFeature(Feature):
    pass


@strawberry.type(description="Several authors: always on.")
class ProTeamFeature(Feature):
    pass


@strawberry.type(description="Showing how long a post takes to read.")
class ReadTimeFeature(Feature):
    pass


@strawberry.type(description="Sharing selected text.")
class TextSelectionSharerFeature(Feature):
    pass


@strawberry.type(description="Showing how often a post was viewed.")
class ViewCountFeature(Feature):
    pass


@strawberry.type(description="What is switched on for a publication.")
class PublicationFeatures:
    custom_css: CustomCSSFeature = constant(
        CustomCSSFeature(is_enabled=False, draft=None, published=None),
        "Style sheets of the publication's own.",
        name="customCSS",
    )
    headless_cms: HeadlessCMSFeature = constant(
        HeadlessCMSFeature(is_enabled=True), "A frontend of one's own.", name="headlessCMS"
    )

    @field("A newsletter to subscribe to.", reads=("newsletter_enabled",))
    def newsletter(parent: strawberry.Parent[PublicationRow]) -> NewsletterFeature:
        return NewsletterFeature(is_enabled=parent.newsletter_enabled, frequency=None)

    pro_team: ProTeamFeature = constant(ProTeamFeature(is_enabled=True), "Several authors.")

    @field("Showing how long a post takes to read.", reads=("read_time_enabled",))
    def read_time(parent: strawberry.Parent[PublicationRow]) -> ReadTimeFeature:
        return ReadTimeFeature(is_enabled=parent.read_time_enabled)

    text_selection_sharer: TextSelectionSharerFeature = constant(
        TextSelectionSharerFeature(is_enabled=False), "Sharing selected text."
    )
    view_count: ViewCountFeature = constant(
        ViewCountFeature(is_enabled=False), "Showing how often a post was viewed."
    )
    audio_blog: AudioBlogFeature = constant(
        AudioBlogFeature(is_enabled=False, voice_type=AudioBlogVoiceType.FEMALE),
        "Reading posts aloud: never on.",
        deprecation_reason="Posts are not read aloud.",
    )
