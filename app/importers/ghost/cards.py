"""Cards of Ghost's editors (images, code, embeds, ...): the same payloads in mobiledoc and lexical."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from app.importers import html
from db.writes.records import Note, Place

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a body: HTML, still to be converted, or Markdown; `lost` names what is missing."""

    text: str
    is_markdown: bool = False
    lost: str | None = None
    reason: str = ""
    dropped: bool = True


def joined(parts: Iterable[Part], place: Place) -> tuple[str, list[Note]]:
    """The parts of a body as one Markdown text, and Notes on what was lost."""
    texts, notes = [], list[Note]()
    for is_markdown, run in groupby(parts, key=lambda part: part.is_markdown):
        group = list(run)
        notes += [Note(place, part.lost, part.reason, part.dropped) for part in group if part.lost]
        if is_markdown:
            texts += [part.text for part in group]
        else:
            markdown, lost = html.to_markdown("\n".join(part.text for part in group), place)
            texts.append(markdown)
            notes += lost
    return "\n\n".join(text.strip("\n") for text in texts if text.strip()), notes


def card(name: str, payload: Payload) -> Part:
    """A card as a part; one without a form in Markdown is empty and says so."""
    make = _CARDS.get(name)
    if make is None:
        return Part("", lost=f"card `{name}`", reason="it has no form in Markdown")
    return make(payload)


def _text(payload: Payload, *keys: str) -> str:
    return next((value for key in keys if isinstance(value := payload.get(key), str) and value), "")


def _quoted(payload: Payload, *keys: str) -> str:
    return entities.escape(_text(payload, *keys))


def _figure(inner: str, caption: str) -> str:
    return (
        f"<figure>{inner}<figcaption>{caption}</figcaption></figure>"
        if caption
        else f"<p>{inner}</p>"
    )


def _image(payload: Payload) -> Part:
    title = _quoted(payload, "title")
    image = f'<img src="{_quoted(payload, "src")}" alt="{_quoted(payload, "alt")}" title="{title}">'
    href = _quoted(payload, "href")
    return Part(
        _figure(f'<a href="{href}">{image}</a>' if href else image, _text(payload, "caption"))
    )


def _gallery(payload: Payload) -> Part:
    images = [image for image in payload.get("images") or [] if isinstance(image, dict)]
    parts = [
        f'<p><img src="{_quoted(image, "src")}" alt="{_quoted(image, "alt")}"></p>'
        for image in images
    ]
    caption = _text(payload, "caption")
    return Part("\n".join([*parts, f"<p><em>{caption}</em></p>" if caption else ""]))


def _code(payload: Payload) -> Part:
    code, caption = _text(payload, "code"), _text(payload, "caption")
    fence = "`" * (1 + max((len(run) for run in re.findall(r"`{3,}", code)), default=2))
    language = re.sub(r"[\s`]", "", _text(payload, "language"))
    after = f"\n\n*{html.to_text(caption)}*" if caption else ""
    return Part(f"{fence}{language}\n{code.rstrip()}\n{fence}{after}", is_markdown=True)


def _markdown(payload: Payload) -> Part:
    return Part(_text(payload, "markdown", "cardMarkdown"), is_markdown=True)


def _html(payload: Payload) -> Part:
    return Part(_text(payload, "html"))


def _embed(payload: Payload) -> Part:
    url = _quoted(payload, "url")
    if not url:
        return Part(_text(payload, "html"))
    link = _figure(f'<a href="{url}">{url}</a>', _text(payload, "caption"))
    return Part(link, lost="card `embed`", reason="it came in as a link", dropped=False)


def _bookmark(payload: Payload) -> Part:
    metadata = payload.get("metadata")
    title = _quoted(metadata, "title") if isinstance(metadata, dict) else ""
    url = _quoted(payload, "url") or (
        _quoted(metadata, "url") if isinstance(metadata, dict) else ""
    )
    link = _figure(f'<a href="{url}">{title or url}</a>', _text(payload, "caption"))
    return Part(link, lost="card `bookmark`", reason="it came in as a link", dropped=False)


def _rule(_: Payload) -> Part:
    return Part("<hr>")


def _callout(payload: Payload) -> Part:
    emoji = _quoted(payload, "calloutEmoji")
    return Part(f"<blockquote><p>{emoji} {_text(payload, 'calloutText')}</p></blockquote>")


def _toggle(payload: Payload) -> Part:
    return Part(
        f"<details><summary>{_text(payload, 'heading')}</summary>{_text(payload, 'content')}</details>"
    )


def _button(payload: Payload) -> Part:
    url, text = _quoted(payload, "buttonUrl"), _quoted(payload, "buttonText")
    return Part(
        f'<p><a href="{url}">{text}</a></p>',
        lost="card `button`",
        reason="it came in as a link",
        dropped=False,
    )


def _file(payload: Payload) -> Part:
    source = _quoted(payload, "src")
    title = _quoted(payload, "fileTitle", "title", "fileName") or source
    return Part(
        _figure(f'<a href="{source}">{title}</a>', _text(payload, "fileCaption", "caption"))
    )


def _media(payload: Payload) -> Part:
    source = _quoted(payload, "src")
    title = _quoted(payload, "title") or source
    part = _figure(f'<a href="{source}">{title}</a>', _text(payload, "caption"))
    return Part(part, lost="card with sound or film", reason="it came in as a link", dropped=False)


def _header(payload: Payload) -> Part:
    heading, below = _text(payload, "header", "heading"), _text(payload, "subheader", "subheading")
    return Part(
        f"<h2>{heading}</h2><p>{below}</p>",
        lost="card `header`",
        reason="only its text came in",
        dropped=False,
    )


def _product(payload: Payload) -> Part:
    image = _quoted(payload, "productImageSrc")
    picture = f'<p><img src="{image}" alt=""></p>' if image else ""
    url, button = _quoted(payload, "productUrl"), _quoted(payload, "productButton")
    link = f'<p><a href="{url}">{button or url}</a></p>' if url else ""
    title, text = _text(payload, "productTitle"), _text(payload, "productDescription")
    return Part(f"{picture}<h4>{title}</h4>{text}{link}")


_CARDS: dict[str, Callable[[Payload], Part]] = {
    "image": _image,
    "gallery": _gallery,
    "code": _code,
    "codeblock": _code,
    "markdown": _markdown,
    "card-markdown": _markdown,
    "html": _html,
    "embed": _embed,
    "bookmark": _bookmark,
    "hr": _rule,
    "horizontalrule": _rule,
    "callout": _callout,
    "toggle": _toggle,
    "button": _button,
    "file": _file,
    "audio": _media,
    "video": _media,
    "header": _header,
    "product": _product,
}
