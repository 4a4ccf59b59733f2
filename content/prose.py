"""Sanitised HTML as plain text: whole, as a brief, and the time that reading it takes."""

import re
from collections.abc import Iterable
from html import unescape
from itertools import chain
from math import ceil
from typing import Final

from content.elements import BLOCKS, PARENTS

BRIEF_LENGTH: Final = 250
"""Longest brief, in characters, its ellipsis included."""

WORDS_PER_MINUTE: Final = 238
"""Silent reading of English non-fiction (Brysbaert 2019)."""

CHARACTERS_PER_MINUTE: Final = 500
"""The same for Chinese, Japanese and Korean script, which does not part its words."""

_BREAKS: Final = "|".join(sorted({*BLOCKS, *PARENTS, "br"}))
_BREAK: Final = re.compile(rf"</?(?:{_BREAKS})\b[^>]*>")
_CODE: Final = re.compile(r"(<pre\b[^>]*>.*?</pre>)", re.DOTALL)
_SPACE: Final = re.compile(r"[ \t\r\n\f]+")
_TAG: Final = re.compile(r"<[^>]*>")
_FOOTNOTE_MARK: Final = re.compile(
    r'<sup class="footnote-ref">.*?</sup>|<a [^>]*class="footnote-backref"[^>]*>.*?</a>', re.DOTALL
)
_NOT_PROSE: Final = re.compile(r"<(h[1-6]|pre|table|section)\b[^>]*>.*?</\1>", re.DOTALL)
_WORD: Final = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_CJK: Final = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
)


def plain(html: str) -> str:
    """The text of `html`, code included, a line or more for each block, none of them blank.

    A line's end within a block is a space, as in a browser, except in code.
    """
    parts = _CODE.split(_FOOTNOTE_MARK.sub("", html))
    lines = chain.from_iterable(map(_lines, parts))
    return "\n".join(line for line in lines if line)


def _lines(part: str) -> Iterable[str]:
    if _CODE.fullmatch(part):
        return map(str.rstrip, _text(part).split("\n"))
    return map(str.strip, _text(_SPACE.sub(" ", part)).split("\n"))


def _text(html: str) -> str:
    return unescape(_TAG.sub("", _BREAK.sub("\n", html)))


def brief(html: str) -> str:
    """The first prose of `html`, on one line: no headings, code, tables or footnotes."""
    prose = " ".join(plain(_NOT_PROSE.sub("\n", html)).split())
    if len(prose) <= BRIEF_LENGTH:
        return prose
    start = prose[:BRIEF_LENGTH]
    words, space, _ = start.rpartition(" ")
    cut = words if space and len(words) > BRIEF_LENGTH // 2 else start[:-1]
    return cut.rstrip(" ,;:.-–—") + "…"


def read_time_minutes(text: str) -> int:
    """How long reading `text` takes, in minutes, rounded up, at least 1."""
    characters = len(_CJK.findall(text))
    words = len(_WORD.findall(_CJK.sub(" ", text)))
    return max(1, ceil(words / WORDS_PER_MINUTE + characters / CHARACTERS_PER_MINUTE))
