"""The body of a WordPress post: blocks, shortcodes and implied paragraphs as HTML, then as Markdown."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.importers import html, links
from db.writes.records import Note, Place

# The images (URL and alternative text) that a [gallery] with these attributes shows.
Gallery = Callable[[dict[str, str]], list[tuple[str, str]]]

_BLOCK = re.compile(r"<!--\s*(/?)wp:([\w/-]+)\s*(?:(?!-->).)*?(/?)-->", re.DOTALL)
_MORE = re.compile(r"<!--\s*(more|nextpage|noteaser)\b.*?-->")
_LITERAL = re.compile(r"<(pre|script|style|code)\b", re.IGNORECASE)
_LITERAL_ENDS = {
    tag: re.compile(rf"</{tag}\s*>", re.IGNORECASE) for tag in ("pre", "script", "style", "code")
}
_SHORTCODE = re.compile(r"\[(\[?)([A-Za-z][\w-]*)((?:\s[^\[\]]*)?)/?\](\]?)")
_CLOSING_NAME = re.compile(r"\[/([A-Za-z][\w-]*)\]")
_ARGUMENT = re.compile(r"([\w-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|(\S+))|\"([^\"]*)\"|(\S+)")
_BLOCK_TAGS = (
    "address|article|aside|blockquote|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr|li|"
    "main|nav|ol|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul|caption|colgroup|video|audio|iframe"
)
_OPENING = re.compile(rf"(<(?:{_BLOCK_TAGS})(?=[\s/>]))", re.IGNORECASE)
_CLOSING = re.compile(rf"(</(?:{_BLOCK_TAGS})\s*>|<hr\b[^<>]*>)", re.IGNORECASE)
_LINE_END = re.compile(r"(?<!<br>)(?<!/>)\n")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_MARK = re.compile(r"[\x00\x01](\d+)[\x00\x01]")
_STARTS_BLOCK = re.compile(rf"</?(?:{_BLOCK_TAGS}|!--)(?=[\s/>])|\x00", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Shortcode:
    """`source[start:end]`: attributes by name ("0", "1", ... when unnamed), the enclosed text or None."""

    name: str
    arguments: dict[str, str]
    inner: str | None
    start: int
    end: int
    is_escaped: bool = False


def to_markdown(content: str, place: Place, gallery: Gallery) -> tuple[str, list[Note]]:
    """A post's `content:encoded` as Markdown; `gallery` gives the images of a [gallery] shortcode."""
    has_blocks = "<!-- wp:" in content
    source, notes = _without_markers(content, place)
    source, more = _expanded(source, place, gallery)
    markdown, lost = html.to_markdown(source if has_blocks else paragraphs(source), place)
    return markdown, [*notes, *more, *lost]


def comment_to_markdown(content: str, place: Place) -> tuple[str, list[Note]]:
    """A comment's text, with line ends as paragraphs, as Markdown."""
    return html.to_markdown(paragraphs(content), place)


def paragraphs(source: str) -> str:
    """What WordPress's `wpautop` implies: blank lines part paragraphs, line ends break lines."""
    source = source.replace("\x00", "").replace("\x01", "")
    literal, pieces, last = list[str](), list[str](), 0
    for tag, start, end in _literals(source):
        mark = f"\x01{len(literal)}\x01" if tag == "code" else f"\n\n\x00{len(literal)}\x00\n\n"
        pieces += [source[last:start], mark]
        literal.append(source[start:end])
        last = end
    text = _CLOSING.sub(r"\1\n\n", _OPENING.sub(r"\n\n\1", "".join([*pieces, source[last:]])))
    chunks = (chunk.strip() for chunk in _BLANK_LINE.split(text))
    joined = "\n".join(_paragraph(chunk) for chunk in chunks if chunk)
    return _MARK.sub(lambda found: literal[int(found[1])], joined)


def _literals(source: str) -> Iterator[tuple[str, int, int]]:
    at, unclosed = 0, set[str]()
    while opening := _LITERAL.search(source, at):
        tag, at = opening[1].lower(), opening.end()
        closing = None if tag in unclosed else _LITERAL_ENDS[tag].search(source, at)
        if closing is None:
            unclosed.add(tag)
        else:
            at = closing.end()
            yield tag, opening.start(), at


def _paragraph(chunk: str) -> str:
    if _STARTS_BLOCK.match(chunk):
        return chunk
    broken = _LINE_END.sub("<br>\n", chunk)
    return f"<p>{broken}</p>"


def _without_markers(content: str, place: Place) -> tuple[str, list[Note]]:
    notes = [
        Note(place, f"block `{found[2]}`", "WordPress fills it when it shows the page")
        for found in _BLOCK.finditer(content)
        if found[3] and found[2] not in ("more", "nextpage", "spacer")
    ]
    notes += [
        Note(place, f"<!--{found[1]}-->", "posts are shown whole, with an excerpt of their own")
        for found in _MORE.finditer(content)
    ]
    return _MORE.sub("\n\n", _BLOCK.sub("", content)), notes


def _expanded(source: str, place: Place, gallery: Gallery) -> tuple[str, list[Note]]:
    notes: list[Note] = []
    pieces, last = [], 0
    outside_code = links.blanked(source, ((start, end) for _, start, end in _literals(source)))
    closings = {name: source.rfind(f"[/{name}]") for name in set(_CLOSING_NAME.findall(source))}
    for found in _SHORTCODE.finditer(outside_code):
        if found.start() < last:
            continue
        code = _shortcode(source, found, closings.get(found[2], -1))
        new = code.inner if code.is_escaped else _html(code, gallery)
        if note := _note(code, place, is_known=new is not None):
            notes.append(note)
        if new is not None:
            pieces += [source[last : code.start], new]
            last = code.end
    return "".join([*pieces, source[last:]]), notes


def _shortcode(source: str, found: re.Match[str], last_closing: int) -> Shortcode:
    # "[[gallery]]" is how WordPress writes a shortcode that is meant as text.
    if found[1] and found[4]:
        written = source[found.start() + 1 : found.end() - 1]
        return Shortcode(found[2], {}, written, found.start(), found.end(), is_escaped=True)
    start, end = found.start() + len(found[1]), found.end() - len(found[4])
    closing = f"[/{found[2]}]"
    at = source.find(closing, end) if last_closing >= end else -1
    inner = source[end:at] if at >= 0 else None
    stop = end if inner is None else at + len(closing)
    return Shortcode(found[2], _arguments(source[slice(*found.span(3))]), inner, start, stop)


def _note(code: Shortcode, place: Place, *, is_known: bool) -> Note | None:
    element = f"shortcode [{code.name}]"
    if is_known:
        reason = "it came in as plain Markdown"
        return None if code.is_escaped else Note(place, element, reason, dropped=False)
    if code.inner is None and not any(not name.isdigit() for name in code.arguments):
        return None
    return Note(place, element, "its plugin is not here: it was left in as text", dropped=False)


def _html(code: Shortcode, gallery: Gallery) -> str | None:
    inner, arguments = code.inner or "", code.arguments
    if code.name in ("caption", "wp_caption"):
        return _caption(arguments, inner)
    if code.name == "gallery":
        return "".join(f"<p>{_image(url, alt)}</p>" for url, alt in gallery(arguments))
    if code.name in ("embed", "audio", "video", "playlist", "youtube"):
        url = inner.strip() or next(
            (value for value in arguments.values() if value.startswith("http")), ""
        )
        return (
            f'<p><a href="{entities.escape(url)}">{entities.escape(url)}</a></p>' if url else None
        )
    if code.name in ("code", "sourcecode", "source") and inner:
        language = arguments.get("language") or arguments.get("lang") or arguments.get("0", "")
        return f'<pre class="language-{entities.escape(language)}">{inner}</pre>'
    return None


def _caption(arguments: dict[str, str], inner: str) -> str:
    found = re.match(r"\s*((?:<a\b[^<>]*>\s*)?<img\b[^<>]*>(?:\s*</a>)?)(.*)", inner, re.DOTALL)
    image, text = (found[1], found[2]) if found else (inner, "")
    caption = arguments.get("caption") or text.strip()
    return f"<figure>{image}<figcaption>{caption}</figcaption></figure>"


def _image(url: str, alt: str) -> str:
    return f'<img src="{entities.escape(url)}" alt="{entities.escape(alt)}">'


def _arguments(written: str) -> dict[str, str]:
    found = [
        (name, one or two or three or four or five)
        for name, one, two, three, four, five in _ARGUMENT.findall(written)
    ]
    return {name or str(index): value for index, (name, value) in enumerate(found)}
