"""Bare addresses in text as links, by the rules of GitHub Flavored Markdown, section 6.9."""

import re
from collections.abc import Iterator
from html import escape
from typing import Final

_ADDRESS: Final = re.compile(
    r"""
    (?P<formula> \$\$(?:(?!\$\$).)+\$\$ | \\\((?:(?!\\[()]).)+\\\) )
    | (?P<url> (?<![A-Za-z0-9])https?://(?=[\w-])[^\s<]+ | (?<![^\s*_~(])www\.(?=[\w-]+\.\w)[^\s<]+ )
    | (?P<email> (?<![\w.+-])[A-Za-z0-9._+-]++@[A-Za-z0-9_-]++(?:\.[A-Za-z0-9_-]++)+(?<![_-]) )
    """,
    re.DOTALL | re.VERBOSE | re.IGNORECASE,
)
_PUNCTUATION: Final = "?!.,:*_~'\""


def linked(text: str) -> str:
    """Plain `text` as HTML, its URLs and e-mail addresses as links; formulas stay untouched."""
    return "".join(_pieces(text))


def _pieces(text: str) -> Iterator[str]:
    end = 0
    for match in _ADDRESS.finditer(text):
        if match.lastgroup == "formula":
            continue
        address = _trimmed(match[0])
        yield escape(text[end : match.start()])
        yield f'<a href="{escape(_scheme(address, match.lastgroup))}">{escape(address)}</a>'
        end = match.start() + len(address)
    yield escape(text[end:])


def _scheme(address: str, kind: str | None) -> str:
    if kind == "email":
        return f"mailto:{address}"
    return f"http://{address}" if address[:4].lower() == "www." else address


def _trimmed(address: str) -> str:
    """`address` without the punctuation of the sentence around it."""
    unopened = address.count(")") - address.count("(")
    end = len(address)
    while address[end - 1] in _PUNCTUATION or (unopened > 0 and address[end - 1] == ")"):
        unopened -= address[end - 1] == ")"
        end -= 1
    return address[:end]
