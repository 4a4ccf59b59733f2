"""Text in its forms, and small types that several nouns share."""

from collections.abc import Mapping
from typing import Any, TypeVar

import strawberry

from resolvers.fields import same

T = TypeVar("T")


@strawberry.type(description="A text in its three forms.")
class Content:
    markdown: str = strawberry.field(description="The source as the author wrote it.")
    html: str = strawberry.field(
        description="Rendered and sanitised HTML, safe to embed in a page."
    )
    text: str = strawberry.field(description="The text without any markup.")


def content_of(row: object, prefix: str) -> Content | None:
    """The `Content` in a row's columns `<prefix>_markdown`, `_html` and `_text`; None when unset."""
    markdown = getattr(row, f"{prefix}_markdown")
    if markdown is None:
        return None
    return Content(
        markdown=markdown,
        html=getattr(row, f"{prefix}_html"),
        text=getattr(row, f"{prefix}_text"),
    )


def from_bag(made: type[T], bag: Mapping[str, Any]) -> T:
    """An instance of a type of optional fields, from the values that are set."""
    names = made.__annotations__
    return made(**{name: bag.get(name) for name in names})


@strawberry.type(description="How a page presents itself to search engines.")
class SEO:
    title: str | None = strawberry.field(description="The title for search results.")
    description: str | None = strawberry.field(description="The description for search results.")


@strawberry.type(
    description="How a page presents itself when it is shared (the Open Graph protocol)."
)
class OpenGraphMetaData:
    image: str | None = strawberry.field(description="URL of the image to show.")


@strawberry.type
class Presented:
    """What posts, drafts and pages have in common; not a type of the schema."""

    seo: SEO = same("How the page presents itself to search engines.", prefix="seo_")
    og_meta_data: OpenGraphMetaData = same(
        "How the page presents itself when it is shared.", prefix="og_"
    )


@strawberry.interface(description="Something that can be switched on or off.")
class Feature:
    is_enabled: bool = strawberry.field(description="Whether it is on.")

    @classmethod
    def is_type_of(cls, value: object, *_: object) -> bool:
        return isinstance(value, cls)
