"""What goes through Markdown as it is: TeX formulas, for the client to typeset, and bare URLs."""

import re
from typing import Final

from content import dialect

_LITERAL: Final = re.compile(
    rb"""
    \$\$(?:(?!\$\$|\n[ \t>]*\n|\x01).)+\$\$
    | \\\\?\( (?P<inline>(?:(?!\\\\?[()]|\n[ \t>]*\n|\x01).)+) \\\\?\)
    | (?<![A-Za-z0-9]) (?P<url>https?://[^\s<\0\1]+)
    """,
    re.DOTALL | re.VERBOSE,
)
"""A formula is in one paragraph or cell; a search for its end stops at another's opening."""

_PUNCTUATION: Final = re.compile(rb"[!-/:-@\[-`{-~]")
_EMPHASIS: Final = re.compile(rb"[*_~]")
_UNSURE: Final = b"\\\n\t >*_~"
_BLANK: Final = bytes(byte if byte in _UNSURE else 0 for byte in range(256))


def has_latex(markdown: str) -> bool:
    """Whether `markdown` has `$$` or `\\(`."""
    return "$$" in markdown or "\\(" in markdown


def with_literals(markdown: str) -> str:
    """`markdown` with backslashes before the punctuation that would end a formula or a URL.

    So `$$...$$` and `\\(...\\)`, delimiters included, are text to any Markdown parser (CommonMark,
    section 2.4), and a URL has no emphasis in it. In code, raw HTML, link destinations and
    autolinks nothing changes.
    """
    if not has_latex(markdown) and "://" not in markdown:
        return markdown
    source, end = markdown.encode(), 0
    parts: list[bytes] = []
    for match in _LITERAL.finditer(_prose(markdown, source)):
        parts += source[end : match.start()], _literal(match, source)
        end = match.end()
    return b"".join([*parts, source[end:]]).decode()


def _literal(match: re.Match[bytes], source: bytes) -> bytes:
    if url := match["url"]:
        inner = url.rstrip(b"?!.,:;*_~'\")")
        return _EMPHASIS.sub(rb"\\\g<0>", inner) + url[len(inner) :]
    formula = source[slice(*match.span())]
    if match["inline"]:
        formula = rb"\(" + source[slice(*match.span("inline"))] + rb"\)"
    first, *rest = formula.split(b"\n")
    return b"\n".join([_escaped(first), *map(_continued, rest)])


def _continued(line: bytes) -> bytes:
    start = len(line) - len(line.lstrip(b" \t>"))  # the marks of quotations around the formula
    return line[:start] + _escaped(line[start:])


def _escaped(text: bytes) -> bytes:
    return _PUNCTUATION.sub(rb"\\\g<0>", text.rstrip(b" \t"))


def _prose(markdown: str, source: bytes) -> bytearray:
    """`source`, the UTF-8 of `markdown`, with NULs where no formula or URL can begin or end.

    A table's cells end in 0x01.
    """
    prose, literal = bytearray(source.translate(_BLANK)), False
    for event, span in dialect.events_with_range(markdown):
        match event:
            case {"Start": {"CodeBlock": _} | {"Link": {"link_type": "Autolink"}}}:
                literal = True
            case {"End": "CodeBlock" | "Link"}:
                literal = False
            case {"End": "TableCell"}:
                prose[span["end"] : span["end"] + 1] = b"\1"
            case {"Text": _} if not literal:
                prose[span["start"] : span["end"]] = source[span["start"] : span["end"]]
    return prose
