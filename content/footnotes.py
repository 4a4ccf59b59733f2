"""Footnotes: numbered as they are first referred to, gathered at the end, linked both ways."""

from collections.abc import Iterator
from typing import Final

_BACK: Final = (
    '<a href="#fnref-{0}" class="footnote-backref" aria-label="Back to reference {0}">↩</a>'
)


class Footnotes:
    """The footnotes of one document. Ids are made of numbers only, never of the author's labels."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._definitions: dict[str, list[str]] = {}

    def reference(self, label: str) -> str:
        """A reference to the footnote `label`, as HTML; the first is where its back link leads."""
        place = "" if label in self._numbers else f' id="fnref-{len(self._numbers) + 1}"'
        number = self._numbers.setdefault(label, len(self._numbers) + 1)
        return f'<sup class="footnote-ref"><a href="#fn-{number}"{place}>{number}</a></sup>'

    def definition(self, label: str) -> list[str]:
        """Where to write the HTML of the footnote `label`; of two definitions the first counts."""
        body: list[str] = []
        self._definitions.setdefault(label, body)
        return body

    def html(self) -> str:
        """The section that ends the document: each footnote that is referred to and defined."""
        items = "".join(self._items())
        return f'<section class="footnotes">\n<ol>\n{items}</ol>\n</section>\n' if items else ""

    def _items(self) -> Iterator[str]:
        for label, number in self._numbers.items():
            if label in self._definitions:
                body = _with_back_link("".join(self._definitions[label]), number)
                yield f'<li id="fn-{number}" value="{number}">\n{body}</li>\n'


def _with_back_link(body: str, number: int) -> str:
    link = _BACK.format(number)
    paragraph, end, rest = body.rpartition("</p>")
    return (
        f"{paragraph} {link}{end}{rest}" if end and not rest.strip() else f"{body}<p>{link}</p>\n"
    )
