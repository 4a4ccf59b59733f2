"""Footnotes: numbered as they are first referred to, gathered at the end, linked both ways."""

from collections.abc import Iterator
from typing import Final

_BACK: Final = (
    '<a href="#{id}" class="footnote-backref" aria-label="Back to reference {name}">↩</a>'
)


class Footnotes:
    """The footnotes of one document. Ids are made of numbers only, never of the author's labels."""

    def __init__(self) -> None:
        self._references: dict[str, int] = {}  # how often, by label, in the order of the numbers
        self._numbers: dict[str, int] = {}
        self._definitions: dict[str, list[str]] = {}

    def reference(self, label: str) -> str:
        """The next reference to the footnote `label`, as HTML."""
        number = self._numbers.setdefault(label, len(self._numbers) + 1)
        count = self._references[label] = self._references.get(label, 0) + 1
        mark = f'<a href="#fn-{number}" id="{_reference_id(number, count)}">{number}</a>'
        return f'<sup class="footnote-ref">{mark}</sup>'

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
                back = " ".join(_backs(number, self._references[label]))
                body = _with_backs("".join(self._definitions[label]), back)
                yield f'<li id="fn-{number}" value="{number}">\n{body}</li>\n'


def _reference_id(number: int, count: int) -> str:
    return f"fnref-{number}" if count == 1 else f"fnref-{number}-{count}"


def _backs(number: int, references: int) -> Iterator[str]:
    for count in range(1, references + 1):
        target = _reference_id(number, count)
        yield _BACK.format(id=target, name=target.removeprefix("fnref-"))


def _with_backs(body: str, back: str) -> str:
    paragraph, end, rest = body.rpartition("</p>")
    return (
        f"{paragraph} {back}{end}{rest}" if end and not rest.strip() else f"{body}<p>{back}</p>\n"
    )
