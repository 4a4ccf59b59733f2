"""Code blocks as HTML with Pygments' short class names, for any of its style sheets."""

import re
from functools import lru_cache
from html import escape
from typing import Final

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

MAX_BLOCK: Final = 3_000
"""Longest code, in characters, that is highlighted: lexers can take quadratic time."""

MAX_DOCUMENT: Final = 30_000
"""How much of a document's code is highlighted, in characters."""

_NAMES: Final = (
    "Awk;Bash;Bash Session;Batchfile;C;C++;CMake;CSS;Clojure;Common Lisp;Dart;Delphi;Diff;"
    "Django/Jinja;Docker;ERB;Elixir;Elm;Erlang;F#;Fortran;GAS;GLSL;Gherkin;Go;GraphQL;Groovy;HTML;"
    "HTTP;Haskell;INI;JSON;JSX;Java;JavaScript;Julia;Kotlin;LLVM;Lua;Makefile;Matlab;NASM;"
    "Nginx configuration file;Nimrod;OCaml;Objective-C;PHP;Perl;PostgreSQL SQL dialect;PowerShell;"
    "Prolog;Properties;Protocol Buffer;Python;Python console session;Ruby;Rust;S;SCSS;SQL;Sass;"
    "Scala;Scheme;Solidity;Swift;TOML;TSX;Tcl;TeX;TypeScript;VB.net;VimL;Vue;WebAssembly;XML;YAML;"
    "Zig;liquid"
)
LANGUAGES: Final = frozenset(_NAMES.split(";"))
"""Names of the Pygments lexers that take under about a second for the worst input we could find.

Left out for being slower: C#, HCL, Markdown, Nix.
"""

_LANGUAGE: Final = re.compile(r"[{.\s]*([^\s,{}]+)")
_FORMATTER: Final = HtmlFormatter(nowrap=True)


class Highlighter:
    """Highlights the code of one document."""

    def __init__(self) -> None:
        self._left = MAX_DOCUMENT

    def html(self, code: str, info: str) -> str:
        """A `<pre>` of `code`; its language is the first word of `info`, a fence's info string.

        Any language becomes the class `language-...` on `<code>`, a known one also gets Pygments'
        classes. Understands `rust,ignore`, `toml {linenos=true}` and `{.python}` as well.
        """
        match = _LANGUAGE.match(info)
        if match is None:
            return f"<pre><code>{escape(code)}</code></pre>\n"
        opening = f'<code class="language-{escape(match[1])}">'
        lexer = _lexer(match[1].lower())
        if lexer is None or len(code) > min(MAX_BLOCK, self._left):
            return f"<pre>{opening}{escape(code)}</code></pre>\n"
        self._left -= len(code)
        return (
            f'<pre class="highlight">{opening}{highlight(code, lexer, _FORMATTER)}</code></pre>\n'
        )


@lru_cache(maxsize=256)
def _lexer(language: str) -> Lexer | None:
    try:
        lexer = get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return None
    return lexer if lexer.name in LANGUAGES else None
