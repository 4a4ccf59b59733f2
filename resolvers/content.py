"""Text in its forms, and small types that several nouns share."""

import strawberry


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


@strawberry.type(description="How a page presents itself to search engines.")
class SEO:
    title: str | None = strawberry.field(description="The title for search results.")
    description: str | None = strawberry.field(description="The description for search results.")


@strawberry.type(
    description="How a page presents itself when it is shared (the Open Graph protocol)."
)
class OpenGraphMetaData:
    image: str | None = strawberry.field(description="URL of the image to show.")


@strawberry.interface(description="Something that can be switched on or off.")
class Feature:
    is_enabled: bool = strawberry.field(description="Whether it is on.")

    @classmethod
    def is_type_of(cls, value: object, *_: object) -> bool:
        return isinstance(value, cls)
