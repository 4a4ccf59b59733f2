"""Links and images in Markdown text, found outside code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from db.writes.records import MediaRecord

_FENCE = re.compile(
    r"^(?:[ \t]*>)*[ \t]*(?:(?:[-*+]|\d+[.)])[ \t]+)*(`{3,}|~{3,})([^\n]*)$", re.MULTILINE
)
_TICKS = re.compile(r"`+")
_PARAGRAPH_END = re.compile(r"\n[ \t]*\n")
_DESTINATION = re.compile(
    r"\]\([ \t]*(?:<(?P<angled>[^<>\n]*)>|(?P<plain>[^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)*))(?=[\s)])"
)
_IMAGE_TEXT = re.compile(r"!\[([^\[\]]*)")
_LONGEST_ALT = 2_000
_DEFINITION = re.compile(
    r"^ {0,3}\[(?P<label>(?!\^)[^\[\]\n]+)\]:[ \t]*<?(?P<target>[^\s<>]+)", re.MULTILINE
)
_IMAGE_REFERENCE = re.compile(r"!\[([^\[\]]*)\](?:\[([^\[\]]*)\])?(?!\()")
_HTML = re.compile(r"<(?P<tag>img|a|source|video|audio)\s(?P<attributes>[^<>]*)", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"(?<![\w-])(src|href|alt)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)

Pair = tuple[re.Match[str], re.Match[str]]


@dataclass(frozen=True, slots=True)
class Link:
    """A destination in a text, at `text[start:end]`; `alt` is None for what is no image."""

    start: int
    end: int
    destination: str
    alt: str | None = None


def links(markdown: str) -> list[Link]:
    """Every link, image, link reference definition and HTML `src` or `href`, in order."""
    prose = without_code(markdown)
    found = [*_inline(markdown, prose), *_definitions(markdown, prose), *_html(markdown, prose)]
    return sorted(found, key=lambda link: link.start)


def rewritten(markdown: str, new: Callable[[Link], str | None]) -> str:
    """The text with each destination replaced by `new(link)`, or left where that is None."""
    pieces, last = [], 0
    for link in links(markdown):
        destination = new(link)
        if destination is not None and link.start >= last:
            pieces += [markdown[last : link.start], destination]
            last = link.end
    return "".join([*pieces, markdown[last:]])


def outside_code(
    markdown: str, pattern: re.Pattern[str], new: Callable[[re.Match[str]], str]
) -> str:
    """The text with each match of `pattern` that starts outside code replaced by `new(match)`."""
    prose, pieces, last = without_code(markdown), list[str](), 0
    for found in pattern.finditer(markdown):
        if (
            prose[found.start() : found.end()].strip()
            and prose[found.end() - 1] == markdown[found.end() - 1]
        ):
            pieces += [markdown[last : found.start()], new(found)]
            last = found.end()
    return "".join([*pieces, markdown[last:]])


def images(markdown: str) -> dict[str, MediaRecord]:
    """The images of a text by destination, each once."""
    shown = [link for link in links(markdown) if link.alt is not None and link.destination]
    return {link.destination: MediaRecord(link.destination, alt=link.alt or None) for link in shown}


def enclosed(text: str, opening: re.Pattern[str], closing: re.Pattern[str]) -> Iterator[Pair]:
    """Each match of `opening` with the first of `closing` after it; in linear time, unlike `.*?`."""
    at = 0
    while (start := opening.search(text, at)) and (end := closing.search(text, start.end())):
        yield start, end
        at = end.end()


def is_relative(destination: str) -> bool:
    """Whether a destination is a path relative to the page it stands in."""
    return bool(destination) and not re.match(r"[/#?]|[A-Za-z][A-Za-z0-9+.-]*:", destination)


def without_code(markdown: str) -> str:
    """The text, same length and lines, with fenced code and code spans blanked."""
    outside_fences = blanked(markdown, _fences(markdown))
    return blanked(outside_fences, _spans(outside_fences))


def blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with the characters of `spans`, which are in order and apart, turned into blanks."""
    pieces, last = [], 0
    for start, end in spans:
        pieces += [text[last:start], re.sub(r"[^\n]", " ", text[start:end])]
        last = end
    return "".join([*pieces, text[last:]])


def _inline(markdown: str, prose: str) -> Iterator[Link]:
    for found in _DESTINATION.finditer(prose):
        group = "plain" if found["angled"] is None else "angled"
        start, end = found.span(group)
        yield Link(start, end, markdown[start:end], _alt(prose, found.start()))


def _alt(prose: str, end: int) -> str | None:
    opening = prose.rfind("![", max(0, end - _LONGEST_ALT), end)
    image = _IMAGE_TEXT.fullmatch(prose, opening, end) if opening >= 0 else None
    return image and image[1]


def _definitions(markdown: str, prose: str) -> Iterator[Link]:
    images = {(label or alt).casefold(): alt for alt, label in _IMAGE_REFERENCE.findall(prose)}
    for found in _DEFINITION.finditer(prose):
        start, end = found.span("target")
        yield Link(start, end, markdown[start:end], images.get(found["label"].casefold()))


def _html(markdown: str, prose: str) -> Iterator[Link]:
    for found in _HTML.finditer(prose):
        offset = found.start("attributes")
        attributes = {item[1].lower(): item for item in _ATTRIBUTE.finditer(found["attributes"])}
        target = attributes.get("href" if found["tag"].lower() == "a" else "src")
        if target is None:
            continue
        start, end = (offset + at for at in target.span(2 if target[2] is not None else 3))
        alt = attributes.get("alt")
        is_image = found["tag"].lower() == "img"
        yield Link(
            start,
            end,
            markdown[start:end],
            (alt[2] or alt[3] or "" if alt else "") if is_image else None,
        )


def _fences(text: str) -> Iterator[tuple[int, int]]:
    opening: re.Match[str] | None = None
    for found in _FENCE.finditer(text):
        if opening is None:
            opening = found if found[1][0] == "~" or "`" not in found[2] else None
        elif found[1].startswith(opening[1]) and not found[2].strip():
            yield opening.start(), found.end()
            opening = None
    if opening is not None:
        yield opening.start(), len(text)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(text):
        found = _PARAGRAPH_END.search(text, start)
        end = found.start() if found else len(text)
        yield from _paragraph_spans([run.span() for run in _TICKS.finditer(text, start, end)])
        start = found.end() - 1 if found else end


def _paragraph_spans(runs: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    later: dict[int, list[int]] = {}
    for index in range(len(runs) - 1, -1, -1):
        later.setdefault(runs[index][1] - runs[index][0], []).append(index)
    index = 0
    while index < len(runs):
        start, end = runs[index]
        closers = later[end - start]
        while closers and closers[-1] <= index:
            closers.pop()
        if closers:
            index = closers[-1]
            yield start, runs[index][1]
        index += 1
