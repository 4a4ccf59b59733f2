"""The HTML elements that a post may have, and how they may lie in one another."""

from typing import Final


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


HEADINGS: Final = _names("h1 h2 h3 h4 h5 h6")
VOID: Final = _names("br col hr img input source wbr")
INLINE: Final = _names(
    "a abbr audio b bdi bdo br cite code data del dfn em i img input ins kbd mark q rp rt ruby s"
    " samp small source span strike strong sub sup time tt u var video wbr"
)
BLOCKS: Final = HEADINGS | _names(
    "address article aside blockquote details div dl figcaption figure footer header hr main nav"
    " ol p pre section summary table ul"
)

_TABLE: Final = _names("table")
_ROWS: Final = _names("table thead tbody tfoot")

PARENTS: Final = {
    "li": _names("ul ol"),
    "dt": _names("dl"),
    "dd": _names("dl"),
    "caption": _TABLE,
    "colgroup": _TABLE,
    "col": _names("colgroup table"),
    "thead": _TABLE,
    "tbody": _TABLE,
    "tfoot": _TABLE,
    "tr": _ROWS,
    "td": _ROWS | {"tr"},
    "th": _ROWS | {"tr"},
}
"""The elements that are nothing outside of a parent: their start ends all that is open in it."""

ENDED: Final = (
    {"a": _names("a")}
    | {block: _names("p") for block in BLOCKS}
    | {heading: HEADINGS | {"p"} for heading in HEADINGS}
)
"""The open elements that the start of an element ends (HTML standard, section 13.2.6.4.7)."""

CELLS: Final = _names("caption td th")

ALLOWED: Final = INLINE | BLOCKS | PARENTS.keys()
