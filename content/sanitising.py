"""What a post's HTML may contain: the one gate between authors' markup and readers' browsers."""

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import unquote

import nh3
from pygments.token import STANDARD_TYPES

from content.anchors import anchor
from content.balancing import balanced
from content.elements import ALLOWED

_ATTRIBUTES: Final[dict[str, set[str]]] = {
    "*": {"class", "dir", "id", "lang", "title"},
    "a": {"aria-label", "href", "name"},
    "audio": {"controls", "loop", "muted", "preload", "src"},
    "blockquote": {"cite"},
    "col": {"span"},
    "colgroup": {"span"},
    "data": {"value"},
    "del": {"cite", "datetime"},
    "details": {"open"},
    "img": {"alt", "height", "src", "width"},
    "input": {"checked"},
    "ins": {"cite", "datetime"},
    "li": {"value"},
    "ol": {"reversed", "start"},
    "q": {"cite"},
    "source": {"src", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
    "video": {"controls", "height", "loop", "muted", "poster", "preload", "src", "width"},
}
_ALIGNED: Final = ("div", "h1", "h2", "h3", "h4", "h5", "h6", "img", "p", "table", "td", "th")
_ALIGNMENTS: Final = {"align": {"left", "center", "right"}}
_CLASSES: Final[dict[str, frozenset[str]]] = {
    "a": frozenset({"footnote-backref"}),
    "pre": frozenset({"highlight"}),
    "section": frozenset({"footnotes"}),
    "span": frozenset(filter(None, STANDARD_TYPES.values())),
    "sup": frozenset({"footnote-ref"}),
}
_LANGUAGE: Final = re.compile(r"language-\S+")
_LINK_ONLY: Final = re.compile(r"\s*(?:mailto|tel):", re.IGNORECASE)


def sanitised(html: str) -> str:
    """`html` without script, style or frames, properly nested; sanitising again changes nothing.

    Links go to http, https, mailto, tel or within the site, media come by http or https; every
    link gets `rel`. Ids cannot clobber the DOM, and links into the page follow them. Classes are
    those that rendering makes. Raises NestingTooDeep.
    """
    return _CLEANER.clean(balanced(html))


def _filtered(tag: str, attribute: str, value: str) -> str | None:
    match attribute:
        case "class":
            return " ".join(filter(_class_filter(tag), value.split())) or None
        case "id" | "name":
            return anchor(value) or None
        case "href" if value.startswith("#"):
            return f"#{anchor(unquote(value[1:]))}"
        case "src" | "poster" if _LINK_ONLY.match(value):
            return None
    return value


def _class_filter(tag: str) -> Callable[[str], object]:
    return _LANGUAGE.fullmatch if tag == "code" else _CLASSES.get(tag, frozenset()).__contains__


_CLEANER: Final = nh3.Cleaner(
    tags=ALLOWED,
    attributes=_ATTRIBUTES,
    attribute_filter=_filtered,
    link_rel="noopener noreferrer",
    tag_attribute_values=dict.fromkeys(_ALIGNED, _ALIGNMENTS) | {"input": {"type": {"checkbox"}}},
    set_tag_attribute_values={"input": {"disabled": ""}},
    url_schemes={"http", "https", "mailto", "tel"},
)
