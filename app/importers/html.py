"""HTML into Markdown, with a list of what Markdown cannot say."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from bs4 import BeautifulSoup, Comment, Tag
from markdownify import MarkdownConverter

from app.importers.texts import one_line, storable
from db.writes.records import Note, Place

# The converter calls itself per level; no page nests deeper for a reason.
_DEEPEST = 100
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
# A "<" that opens no complete tag: HTML parsers take it for one, and the time of the square of the text.
_STRAY = re.compile(r"<(?!/?[A-Za-z](?:(?:[^<>\"']|\"[^\"]*\"|'[^']*')*+>|[^<>]*+>)|!--)", re.ASCII)
_URL = re.compile(r"\s*(https?://[^\s<>]+)\s*")
_SPECIAL = re.compile(r"[\\`*\[\]<~]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|&(?=#?\w+;)")
_LINE_START = re.compile(
    r"^([ \t]*)(?:(>|[#+=-](?=[#+=\- \t]|$))|(\d{1,9})([.)])(?=[ \t]|$))", re.MULTILINE
)
_YOUTUBE = re.compile(r"(?:https?:)?//(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]+).*")
_LANGUAGE = re.compile(r"(?:^|\s)(?:lang(?:uage)?-|brush:\s*)([\w+#.-]+)")
_DROPPED = (
    "script",
    "style",
    "form",
    "input",
    "select",
    "textarea",
    "object",
    "embed",
    "canvas",
    "svg",
    "math",
)
# Inline elements without a Markdown form that a renderer with raw HTML keeps.
_KEPT = ("sub", "sup", "kbd", "mark", "ins", "u", "abbr", "small")


def to_markdown(html: str, place: Place) -> tuple[str, list[Note]]:
    """`html` as Markdown, and Notes at `place` on the elements that were dropped or changed."""
    soup = BeautifulSoup(_well_formed(html), "html.parser")
    if _depth(soup) > _DEEPEST:
        reason = f"nested deeper than {_DEEPEST} elements: it came in as plain text"
        return soup.get_text("\n\n", strip=True), [Note(place, "HTML", reason, dropped=False)]
    converter = _Converter(place)
    markdown: str = converter.convert_soup(soup)
    return storable(re.sub(r"\n{3,}", "\n\n", markdown).strip()), converter.notes


def to_text(html: str) -> str:
    """`html` without tags and entities, as one line."""
    return one_line(storable(entities.unescape(_TAG.sub("", html))))


def has_tags(html: str) -> bool:
    """Whether a text holds HTML elements."""
    return _TAG.search(html) is not None


def escaped(text: str) -> str:
    """Plain text with the characters escaped that Markdown would read as markup."""
    text = _SPECIAL.sub(r"\\\g<0>", text)
    return _LINE_START.sub(
        lambda found: f"{found[1]}{found[3] or ''}\\{found[2] or found[4]}", text
    )


def _well_formed(html: str) -> str:
    closed = html.rfind("-->") + 1
    return _STRAY.sub("&lt;", html[:closed] + html[closed:].replace("<!--", "&lt;!--"))


def _depth(soup: BeautifulSoup) -> int:
    deepest, depths = 0, {id(soup): 0}
    for element in soup.descendants:
        if isinstance(element, Tag):
            depths[id(element)] = depths[id(element.parent)] + 1
            deepest = max(deepest, depths[id(element)])
    return deepest


def _language(pre: Tag) -> str | None:
    inner = pre.find("code")
    elements = [pre, inner] if isinstance(inner, Tag) else [pre]
    classes = " ".join(_attribute(element, "class") for element in elements)
    found = _LANGUAGE.search(classes)
    return found[1] if found else _attribute(pre, "data-language") or None


def _attribute(element: Tag, name: str) -> str:
    value = element.get(name)
    return " ".join(value) if isinstance(value, list) else value or ""


def _encoded(url: str) -> str:
    # A destination in Markdown holds no white space, unbalanced parentheses or angle brackets.
    return quote(url.strip(), safe="/:?#[]@!$&'*+,;=%~-._|")


class _Converter(MarkdownConverter):
    """markdownify's converter, with Notes on what Markdown cannot say."""

    def __init__(self, place: Place) -> None:
        super().__init__(
            heading_style="atx",
            bullets="-",
            code_language_callback=_language,
            table_infer_header=True,
        )
        self.notes: list[Note] = []
        self._place = place

    def note(self, element: str, reason: str, *, dropped: bool) -> None:
        self.notes.append(Note(self._place, f"HTML <{element}>", reason, dropped))

    def get_conv_fn(self, tag_name: str) -> Callable[..., str] | None:
        if tag_name in _DROPPED:
            return self._drop
        if tag_name in _KEPT:
            return self._keep
        found: Callable[..., str] | None = super().get_conv_fn(tag_name)  # type: ignore[misc]
        return found

    def escape(self, text: str, parent_tags: set[str]) -> str:
        safe = escaped(text)
        return safe.replace("|", "\\|") if {"td", "th"} & parent_tags else safe

    def process_text(self, el: Any, parent_tags: set[str] | None = None) -> str:
        found = _URL.fullmatch(str(el))
        if (
            found
            and not isinstance(el, Comment)
            and not {"a", "_noformat"} & (parent_tags or set())
        ):
            return f"<{found[1]}>"
        text: str = super().process_text(el, parent_tags=parent_tags)  # type: ignore[misc]
        return text

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if "href" in el.attrs:
            el["href"] = _encoded(_attribute(el, "href"))
        one = re.sub(r"\s*\n\s*", " ", text)
        link: str = super().convert_a(el, one, parent_tags)  # type: ignore[misc]
        return link

    def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        source = _attribute(el, "src") or _attribute(el, "data-src")
        if not source:
            self.note("img", "it has no address", dropped=True)
            return ""
        alt = one_line(escaped(_attribute(el, "alt")))
        title = one_line(_attribute(el, "title")).replace('"', "&quot;")
        return (
            f'![{alt}]({_encoded(source)} "{title}")' if title else f"![{alt}]({_encoded(source)})"
        )

    def convert_tt(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        code: str = super().convert_code(el, el.get_text(), parent_tags)  # type: ignore[misc]
        return code

    def convert_figcaption(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        caption = text.strip()
        return f"\n\n*{caption}*\n\n" if caption and "*" not in caption else f"\n\n{caption}\n\n"

    def convert_dt(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"\n\n**{one_line(text)}**\n\n" if text.strip() else ""

    def convert_dd(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"\n\n{text.strip()}\n\n"

    def convert_dl(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        self.note(
            "dl", "terms came in as bold lines, their definitions as paragraphs", dropped=False
        )
        return f"\n\n{text.strip()}\n\n"

    def convert_summary(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        self.note("details", "it came in open", dropped=False)
        return f"\n\n**{one_line(text)}**\n\n"

    def convert_iframe(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        source = _attribute(el, "src")
        video = _YOUTUBE.fullmatch(source)
        return self._linked(
            "iframe", f"https://www.youtube.com/watch?v={video[1]}" if video else source
        )

    def convert_video(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        inner = el.find("source")
        return self._linked(
            el.name,
            _attribute(el, "src") or (_attribute(inner, "src") if isinstance(inner, Tag) else ""),
        )

    convert_audio = convert_video

    def convert_table(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if el.select_one("[colspan], [rowspan]"):
            self.note("table", "cells that span others came in as single cells", dropped=False)
        return f"\n\n{text.strip()}\n\n"

    def _linked(self, element: str, url: str) -> str:
        if not url:
            self.note(element, "it has no address", dropped=True)
            return ""
        self.note(element, "it came in as a link", dropped=False)
        url = f"https:{url}" if url.startswith("//") else url
        return (
            f"\n\n<{_encoded(url)}>\n\n"
            if url.startswith("http")
            else f"\n\n[{escaped(url)}]({_encoded(url)})\n\n"
        )

    def _drop(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        self.note(el.name, "it has no place in an article", dropped=True)
        return ""

    def _keep(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if not text.strip() or "_noformat" in parent_tags:
            return text
        title = _attribute(el, "title")
        opening = f'{el.name} title="{entities.escape(one_line(title))}"' if title else el.name
        return f"<{opening}>{text}</{el.name}>"
