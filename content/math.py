"""TeX formulas, which go through Markdown as they are, for the client to typeset."""

import re
from typing import Final

import pyromark

_FORMULA: Final = re.compile(
    rb"\$\$(?:(?!\$\$|\n[ \t>]*\n).)+\$\$|\\\\?\(((?:(?!\\[()]|\n[ \t>]*\n).)+)\\\\?\)", re.DOTALL
)
"""`$$...$$` or `\\(...\\)` in one paragraph; the stops keep a search from passing a next opening."""

_PUNCTUATION: Final = re.compile(rb"[!-/:-@\[-`{-~]")
_BLANK: Final = bytes(byte if byte in b"\\\n\t >" else 0 for byte in range(256))


def has_latex(markdown: str) -> bool:
    """Whether `markdown` has `$$` or `\\(`."""
    return "$$" in markdown or "\\(" in markdown


def with_literal_formulas(markdown: str) -> str:
    """`markdown` with the punctuation in its formulas escaped (CommonMark, section 2.4).

    So each formula, delimiters included, is text to any Markdown parser. What looks like a
    formula inside code, raw HTML or a URL is left alone.
    """
    if not has_latex(markdown):
        return markdown
    source, end = markdown.encode(), 0
    parts: list[bytes] = []
    for match in _FORMULA.finditer(_prose(markdown)):
        formula = source[slice(*match.span())]
        if match[1] is not None:
            formula = rb"\(" + source[slice(*match.span(1))] + rb"\)"
        parts += source[end : match.start()], _literal(formula)
        end = match.end()
    return b"".join([*parts, source[end:]]).decode()


def _literal(formula: bytes) -> bytes:
    first, *rest = formula.split(b"\n")
    return b"\n".join([_escaped(first), *map(_continued, rest)])


def _continued(line: bytes) -> bytes:
    start = len(line) - len(line.lstrip(b" \t>"))  # the marks of quotations around the formula
    return line[:start] + _escaped(line[start:])


def _escaped(text: bytes) -> bytes:
    return _PUNCTUATION.sub(rb"\\\g<0>", text.rstrip(b" \t"))


def _prose(markdown: str) -> bytearray:
    """The UTF-8 of `markdown`, as long as it, blanked out where a delimiter would not be one."""
    source = markdown.encode()
    prose, literal = bytearray(source.translate(_BLANK)), False
    for event, span in pyromark.events_with_range(markdown):
        match event:
            case {"Start": {"CodeBlock": _} | {"Link": {"link_type": "Autolink"}}}:
                literal = True
            case {"End": "CodeBlock" | "Link"}:
                literal = False
            case {"Text": _} if not literal:
                prose[span["start"] : span["end"]] = source[span["start"] : span["end"]]
    return prose
