"""Tag soup to properly nested HTML, so that an HTML parser needs only linear time for it.

The HTML standard's tree construction (section 13.2.6) walks the open elements at each tag and
opens unclosed formatting elements again in each block: quadratic in the size of a hostile page,
in time and in output. In what this module lets through nothing is left open or wrongly nested.
It is no sanitiser: attributes pass as they are.
"""

import re
from collections.abc import Set
from typing import Final

from content.elements import ALLOWED, CELLS, ENDED, PARENTS, VOID

MAX_DEPTH: Final = 200
"""How deep elements may lie in one another."""

MAX_ATTRIBUTES: Final = 10_000
"""Longest attributes of an element, in characters together; longer ones are dropped."""

_LONG_TEXT: Final = 4_000
_ESCAPED: Final = frozenset("&\xa0")
_SEPARATOR: Final = "<!---->"
"""Divides texts: nh3 takes quadratic time for a long one with many characters to escape."""

_ATTRIBUTE: Final = r"""\s++[a-z_:][\w.:-]*+(?:\s*+=\s*+(?:[^\s"'=<>`]++|'[^'<]*+'|"[^"<]*+"))?+"""
_TOKEN: Final = re.compile(
    rf"""
    (?P<text> (?:[^<&]|&[^<&;\s]{{0,40}}+;?+){{1,{_LONG_TEXT}}}+ )
    | <(?P<dropped> script|style|svg|math|template)\b[^<>]*+>
      (?:(?!<(?P=dropped)\b).)*?</(?P=dropped)\s*+>
    | <(?P<open> [a-z][a-z0-9-]*+)(?P<attributes> (?:{_ATTRIBUTE})*+)\s*+/?>
    | </(?P<close> [a-z][a-z0-9-]*+)\s*+>
    | (?P<comment> <!--.*?(?:-->|\Z) | <[?!][^<>]*+> )
    | (?P<bracket> < )
    """,
    re.DOTALL | re.IGNORECASE | re.VERBOSE | re.ASCII,
)
"""A tag by CommonMark, section 6.6, but for `<` in an attribute's value."""


class NestingTooDeep(ValueError):
    """Elements lie in one another more than `MAX_DEPTH` deep."""

    def __init__(self) -> None:
        super().__init__(f"The content nests elements more than {MAX_DEPTH} deep.")


def balanced(html: str) -> str:
    """The allowed elements of `html`, properly nested, and its text, divided by empty comments.

    What is no tag becomes text. Scripts and styles go with what is in them, of other elements that
    are not allowed the content stays. Raises NestingTooDeep.
    """
    opened: list[str] = []
    parts = [_balanced_token(match, opened) for match in _TOKEN.finditer(html)]
    return "".join([*parts, _closed(opened, 0)])


def _balanced_token(token: re.Match[str], opened: list[str]) -> str:
    match token.lastgroup:
        case "text":
            return token[0] if _ESCAPED.isdisjoint(token[0]) else f"{token[0]}{_SEPARATOR}"
        case "attributes":
            return _start(token["open"].lower(), token["attributes"], opened)
        case "close":
            return _end(token["close"].lower(), opened)
        case "bracket":
            return "&lt;"
    return ""


def _start(name: str, attributes: str, opened: list[str]) -> str:
    keep = _room(name, opened)
    if keep is None:
        return ""
    ends = _closed(opened, keep)
    if name not in VOID:
        opened.append(name)
    if len(opened) > MAX_DEPTH:
        raise NestingTooDeep
    return f"{ends}<{name}{attributes if len(attributes) <= MAX_ATTRIBUTES else ''}>"


def _room(name: str, opened: list[str]) -> int | None:
    """How many of the open elements can stay open around a new one; None if it has no place."""
    if name not in ALLOWED:
        return None
    if name in PARENTS:
        parent = _nearest(PARENTS[name], opened)
        return None if parent is None else parent + 1
    ended = ENDED.get(name, frozenset())
    return next((index for index, other in enumerate(opened) if other in ended), len(opened))


def _end(name: str, opened: list[str]) -> str:
    limits = frozenset() if name in PARENTS or name == "table" else CELLS
    index = _nearest({name}, opened, limits)
    return "" if index is None else _closed(opened, index)


def _nearest(names: Set[str], opened: list[str], limits: Set[str] = frozenset()) -> int | None:
    for index in reversed(range(len(opened))):
        if opened[index] in names:
            return index
        if opened[index] in limits:
            return None
    return None


def _closed(opened: list[str], keep: int) -> str:
    """The end tags of all but the outer `keep` of the open elements, which this closes."""
    ends = "".join(f"</{name}>" for name in reversed(opened[keep:]))
    del opened[keep:]
    return ends
