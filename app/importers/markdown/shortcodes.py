"""Template code in Markdown: Hugo's and Zola's shortcodes, Jekyll's Liquid tags."""

from __future__ import annotations

import re
from collections.abc import Callable

from app.importers import texts
from app.importers.links import blanked, enclosed, without_code
from db.writes.records import Note, Place

Resolve = Callable[[str], str | None]

_RAW = (re.compile(r"\{%-?\s*raw\s*-?%\}"), re.compile(r"\{%-?\s*endraw\s*-?%\}"))
_LIQUID_CODE = (
    re.compile(r"\{%-?\s*highlight\s+(?P<arguments>[^%{]*?)-?%\}\n?"),
    re.compile(r"\n?\{%-?\s*endhighlight\s*-?%\}"),
)
_HUGO_CODE = (
    re.compile(r"\{\{<\s*highlight\s+(?P<arguments>[^>{]*?)>\}\}\n?"),
    re.compile(r"\n?\{\{<\s*/\s*highlight\s*>\}\}"),
)
_HUGO = re.compile(r"\{\{[<%]\s*(?P<name>/?\s*[\w./-]+)(?P<arguments>[^{}]*?)/?\s*[>%]\}\}")
_ZOLA = re.compile(r"\{[{%]\s*(?P<name>\w+)\s*\((?P<arguments>[^{}]*)\)\s*[%}]\}")
_LIQUID = re.compile(r"\{%-?\s*(?P<name>\w+)(?P<arguments>[^{}]*?)-?%\}")
_OUTPUT = re.compile(
    r"\{\{-?\s*(?P<name>[\w.]+|\"[^\"{}]*\"|'[^'{}]*')(?P<arguments>[^{}]*?)-?\}\}"
)
_ARGUMENT = re.compile(r"(?:(\w+)\s*=\s*)?(?:\"([^\"]*)\"|'([^']*)'|`([^`]*)`|([^\s,=\"']+))")

_VIDEOS = {"youtube": "https://www.youtube.com/watch?v=", "vimeo": "https://vimeo.com/"}
_LINKS = {"ref", "relref", "link", "post_url"}
_NO_FILE, _NO_FORM = "no such file in this publication", "it has no Markdown form"
_SITE_ROOT = {"site.baseurl", "site.url"}


def expanded(
    markdown: str, file: str, first_line: int, resolve: Resolve, *, is_jekyll: bool
) -> tuple[str, list[Note]]:
    """The text with the shortcodes that Markdown can express written out, and Notes on the others.

    `resolve` gives the address of a file of the tree, None when there is none.
    """
    notes: list[Note] = []

    def note(text: str, at: int, element: str, reason: str) -> None:
        line = first_line + text.count("\n", 0, at)
        notes.append(Note(Place(file, line), element, reason, dropped=False))

    text = _fenced(markdown, *(_LIQUID_CODE if is_jekyll else _HUGO_CODE))
    for pattern in (_LIQUID, _OUTPUT) if is_jekyll else (_HUGO, _ZOLA):
        text = _replaced(text, pattern, resolve, note)
    return (_without_raw(text) if is_jekyll else text), notes


def _replaced(
    text: str,
    pattern: re.Pattern[str],
    resolve: Resolve,
    note: Callable[[str, int, str, str], None],
) -> str:
    raw = ((start.start(), end.end()) for start, end in enclosed(text, *_RAW))
    prose = blanked(without_code(text), raw)
    pieces, last = [], 0
    for found in pattern.finditer(prose):
        element = f"shortcode `{texts.shortened(text[found.start() : found.end()])}`"
        name = found["name"].strip()
        new = _written_out(name, _arguments(found["arguments"]), resolve)
        if new is None:
            cause = _NO_FILE if name in _LINKS else _NO_FORM
            note(text, found.start(), element, f"{cause}: it was left in as text")
            continue
        if name.lower() in _VIDEOS or name == "figure":
            note(text, found.start(), element, "it came in as plain Markdown")
        pieces += [text[last : found.start()], new]
        last = found.end()
    return "".join([*pieces, text[last:]])


def _written_out(name: str, arguments: dict[str, str], resolve: Resolve) -> str | None:
    first = arguments.get("0", "")
    if name in _SITE_ROOT:
        return ""
    if name[0] in "\"'" and re.search(
        r"relative_url|absolute_url|prepend", " ".join(arguments.values())
    ):
        return name[1:-1]
    if name.lower() in _VIDEOS:
        return f"<{_VIDEOS[name.lower()]}{arguments.get('id', first)}>"
    if name == "figure":
        return _figure(arguments)
    if name in _LINKS:
        return resolve(arguments.get("path", first))
    return "" if name in ("raw", "endraw") else None


def _figure(arguments: dict[str, str]) -> str | None:
    source, caption = arguments.get("src"), arguments.get("caption") or arguments.get("title")
    if not source:
        return None
    image = f"![{arguments.get('alt') or caption or ''}]({source})"
    return f"{image}\n\n*{caption}*" if caption else image


def _fenced(text: str, opening: re.Pattern[str], closing: re.Pattern[str]) -> str:
    pieces, last = [], 0
    for start, end in enclosed(text, opening, closing):
        code = text[start.end() : end.start()]
        language = next(iter(start["arguments"].split()), "").strip("\"',")
        fence = "`" * (1 + max((len(run) for run in re.findall(r"`{3,}", code)), default=2))
        pieces += [text[last : start.start()], f"{fence}{language}\n{code}\n{fence}"]
        last = end.end()
    return "".join([*pieces, text[last:]])


def _without_raw(text: str) -> str:
    pieces, last = [], 0
    for start, end in enclosed(text, *_RAW):
        pieces += [text[last : start.start()], text[start.end() : end.start()]]
        last = end.end()
    return "".join([*pieces, text[last:]])


def _arguments(written: str) -> dict[str, str]:
    """Named arguments by name, positional ones by their number from "0"."""
    values = [(name, next(filter(None, rest), "")) for name, *rest in _ARGUMENT.findall(written)]
    return {name or str(index): value for index, (name, value) in enumerate(values)}
