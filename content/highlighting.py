"""Code blocks as HTML with Pygments' short class names, for any of its style sheets."""

import re
from functools import cache
from html import escape
from typing import Final

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

MAX_BLOCK: Final = 4_000
"""Longest code, in characters, that is highlighted: some lexers take quadratic time."""

_LANGUAGE: Final = re.compile(r"[{.\s]*([^\s,{}]+)")
_FORMATTER: Final = HtmlFormatter(nowrap=True)


def highlighted(code: str, info: str) -> str:
    """A `<pre>` of `code`; its language is the first word of `info`, a fence's info string.

    A known language gets Pygments' classes, and any the class `language-...` on `<code>`. Also
    understood: `rust,ignore`, `toml {linenos=true}`, `{.python}`.
    """
    match = _LANGUAGE.match(info)
    if match is None:
        return f"<pre><code>{escape(code)}</code></pre>\n"
    language = match[1]
    lexer = _lexer(language.lower()) if len(code) <= MAX_BLOCK else None
    opening = f'<code class="language-{escape(language)}">'
    if lexer is None:
        return f"<pre>{opening}{escape(code)}</code></pre>\n"
    return f'<pre class="highlight">{opening}{highlight(code, lexer, _FORMATTER)}</code></pre>\n'


@cache
def _lexer(language: str) -> Lexer | None:
    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None
