"""CommonMark with GitHub's extensions to HTML, raw HTML included: not yet safe to show."""

import re
from collections.abc import Iterator
from html import escape
from typing import Final
from urllib.parse import quote

from pyromark.event import Event

from content import dialect
from content.autolinks import linked
from content.footnotes import Footnotes
from content.highlighting import Highlighter
from content.literals import with_literals

_URL_SAFE: Final = "!#$%&'()*+,-./:;=?@_~"
_RAW_LINK: Final = re.compile(r"<(/?)a[\s>]", re.IGNORECASE)
_TAGS: Final[dict[object, tuple[str, str]]] = {
    "Paragraph": ("<p>", "</p>\n"),
    "Item": ("<li>", "</li>\n"),
    "Emphasis": ("<em>", "</em>"),
    "Strong": ("<strong>", "</strong>"),
    "Strikethrough": ("<del>", "</del>"),
    "Link": ("", "</a>"),
    "Table": ("", "</tbody>\n</table>\n"),
    "TableHead": ("<thead>\n<tr>\n", "</tr>\n</thead>\n<tbody>\n"),
    "TableRow": ("<tr>\n", "</tr>\n"),
    "HtmlBlock": ("", ""),
}


def markup(markdown: str) -> str:
    """`markdown`, a text without surrogates, as HTML in time linear in its size."""
    return _Writer(with_literals(markdown)).html()


class _Writer:
    """Writes the parser's events as HTML, one after another."""

    def __init__(self, markdown: str) -> None:
        self._events = dialect.events(markdown)
        self._document: list[str] = []
        self._parts = self._document  # or those of the footnote being defined
        self._text: list[str] = []
        self._in_link = False
        self._footnotes = Footnotes()
        self._highlighter = Highlighter()
        self._columns: tuple[str, ...] = ()
        self._cells: Iterator[str] = iter(())

    def html(self) -> str:
        for event in self._events:
            self._write(event)
        return "".join(self._document) + self._footnotes.html()

    def _write(self, event: Event) -> None:
        match event:
            case {"Text": str(text)}:
                self._text.append(text)
            case "SoftBreak":
                self._text.append("\n")
            case _:
                self._flush()
                self._write_element(event)

    def _flush(self) -> None:
        """Write the text so far: in one piece, so that an address or a formula is whole."""
        if self._text:
            text = "".join(self._text)
            self._text.clear()
            self._parts.append(escape(text) if self._in_link else linked(text))

    def _write_element(self, event: Event) -> None:
        match event:
            case {"Start": {"FootnoteDefinition": str(label)}}:
                self._parts = self._footnotes.definition(label)
            case {"End": "FootnoteDefinition"}:
                self._parts = self._document
            case {"Start": tag}:
                self._parts.append(self._start(tag))
            case {"End": tag}:
                self._parts.append(self._end(tag))
            case _:
                self._parts.append(self._leaf(event))

    def _leaf(self, event: Event) -> str:
        match event:
            case {"Code": str(code)}:
                return f"<code>{escape(code)}</code>"
            case {"Html": str(html)} | {"InlineHtml": str(html)}:
                return self._raw(html)
            case {"FootnoteReference": str(label)}:
                return self._footnotes.reference(label)
            case {"TaskListMarker": done}:
                return f'<input type="checkbox" disabled{" checked" if done else ""}> '
            case "HardBreak":
                return "<br>\n"
        return "<hr>\n"

    def _raw(self, html: str) -> str:
        if link := _RAW_LINK.match(html):
            self._in_link = not link[1]
        return html

    def _start(self, tag: object) -> str:
        match tag:
            case {"Link": {"dest_url": str(url), "title": str(title), "link_type": kind}}:
                self._in_link = True
                return f'<a href="{_href(url, kind)}"{_title(title)}>'
            case {"Image": {"dest_url": str(url), "title": str(title), "link_type": kind}}:
                alternative = escape("".join(self._alternative()))
                return f'<img src="{_href(url, kind)}" alt="{alternative}"{_title(title)}>'
            case {"CodeBlock": kind}:
                info = kind["Fenced"] if isinstance(kind, dict) else ""
                return self._highlighter.html("".join(self._code()), info)
        return self._start_block(tag)

    def _start_block(self, tag: object) -> str:
        match tag:
            case {"Heading": {"level": str(level)}}:
                return f"<{level.lower()}>"
            case {"BlockQuote": _}:
                return "<blockquote>\n"
            case {"List": None | 1 as first}:
                return "<ol>\n" if first else "<ul>\n"
            case {"List": first}:
                return f'<ol start="{first}">\n'
        return self._start_table(tag)

    def _start_table(self, tag: object) -> str:
        match tag:
            case {"Table": columns}:
                self._columns = tuple(map(_alignment, columns))
                return "<table>\n"
            case "TableHead":
                self._cells = (f"<th{alignment}>" for alignment in self._columns)
            case "TableRow":
                self._cells = (f"<td{alignment}>" for alignment in self._columns)
            case "TableCell":
                return next(self._cells)
        return _TAGS[tag][0]

    def _end(self, tag: object) -> str:
        match tag:
            case "Link" | "Paragraph":
                self._in_link = False
            case {"Heading": str(level)}:
                return f"</{level.lower()}>\n"
            case {"BlockQuote": _}:
                return "</blockquote>\n"
            case {"List": ordered}:
                return "</ol>\n" if ordered else "</ul>\n"
            case "TableCell" | "CodeBlock":
                return ""
        return _TAGS[tag][1]

    def _code(self) -> Iterator[str]:
        for event in self._events:
            match event:
                case {"Text": str(text)}:
                    yield text
                case {"End": "CodeBlock"}:
                    return

    def _alternative(self) -> Iterator[str]:
        """The text of an image's description, without its markup (CommonMark, section 6.4)."""
        depth = 1
        while depth:
            match next(self._events):
                case {"Text": str(text)} | {"Code": str(text)}:
                    yield text
                case "SoftBreak" | "HardBreak":
                    yield "\n"
                case {"Start": {"Image": _}}:
                    depth += 1
                case {"End": "Image"}:
                    depth -= 1


def _href(url: str, kind: object) -> str:
    return escape(quote(f"mailto:{url}" if kind == "Email" else url, safe=_URL_SAFE))


def _title(title: str) -> str:
    return f' title="{escape(title)}"' if title else ""


def _alignment(column: str) -> str:
    return "" if column == "None" else f' align="{column.lower()}"'
