"""The HTML elements that a post may have, and how they may lie in one another."""

from typing import Final

HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

VOID: Final = frozenset({"br", "col", "hr", "img", "input", "source", "wbr"})

INLINE: Final = frozenset(
    [
        "a",
        "abbr",
        "audio",
        "b",
        "bdi",
        "bdo",
        "br",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "i",
        "img",
        "input",
        "ins",
        "kbd",
        "mark",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "source",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "video",
        "wbr",
    ]
)

BLOCKS: Final = HEADINGS | frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "details",
        "div",
        "dl",
        "figcaption",
        "figure",
        "footer",
        "header",
        "hr",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "ul",
    ]
)

_TABLE: Final = frozenset({"table"})
_ROWS: Final = frozenset({"table", "thead", "tbody", "tfoot"})

PARENTS: Final = {
    "li": frozenset({"ul", "ol"}),
    "dt": frozenset({"dl"}),
    "dd": frozenset({"dl"}),
    "caption": _TABLE,
    "colgroup": _TABLE,
    "col": frozenset({"colgroup", "table"}),
    "thead": _TABLE,
    "tbody": _TABLE,
    "tfoot": _TABLE,
    "tr": _ROWS,
    "td": _ROWS | {"tr"},
    "th": _ROWS | {"tr"},
}
"""The elements that are nothing outside of a parent: their start ends all that is open in it."""

ENDED: Final = (
    {"a": frozenset({"a"})}
    | {block: frozenset({"p"}) for block in BLOCKS}
    | {heading: HEADINGS | {"p"} for heading in HEADINGS}
)
"""The open elements that the start of an element ends (HTML standard, section 13.2.6.4.7)."""

CELLS: Final = frozenset({"caption", "td", "th"})

ALLOWED: Final = INLINE | BLOCKS | PARENTS.keys()
