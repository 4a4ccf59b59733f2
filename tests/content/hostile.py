"""Inputs that make Markdown and HTML parsers slow, recurse or blow up; each is about `n` long."""

from collections.abc import Callable

Make = Callable[[int], str]


def repeated(text: str, end: str = "", start: str = "") -> Make:
    return lambda n: start + text * (n // len(text)) + end


def numbered(text: str, end: str = "", start: str = "") -> Make:
    return lambda n: start + "".join(text.format(i) for i in range(n // len(text))) + end


def staircase(text: str) -> Make:
    return lambda n: "".join(" " * i + text for i in range(int(n**0.5)))


FLOODS = (
    "<", ">", "&", "[", "]", "(", ")", "*", "_", "~", "`", "$", "|", "\\", "!", "#", "-", "=", "+",
    ":", "^", "@", '"', "'", "\0", "\n", "\r", "\t", " ", "\x0c", "\ufeff", "\u202e", "\u0301",
    "\ud800", "漢", "😀", "<a", "</", "<!", "<?", "<!--", "<![CDATA[", "<!-- -", "<a b='", '<a b="',
    "<script>", "<script", "<style><script>", "<svg>", "<textarea>", "<title>", "<plaintext>", "&#",
    "&amp;", "&a", "http://", "www.", "http://a ", "a@", "a@b.", "a@b.c ", "mailto:", "://", "[a](",
    "[a](<b", "![", "![[]()", "[^", "[a]", "[a][b]", "[a]:", "[a]: b\n", "[^a]: ", "*a ", "*a_ ",
    "**a *b ", "a* ", "*_", "~~a ", "~a~~b", "$$a ", "$$`", "\\(", "\\(a ", "\\)", "\\[",
    "\\\\(a\\\\)", "a  \n", "- ", "1. ", "- 1. ", "> - ", "> ", ">\n", "# a\n", "# ", "a\n-\n",
    "a\n=\n", "* * * ", "```\n", "```js\nx\n```\n", "~~~ ", "    a\n", "- a\n", "- a\n\n",
    "- [ ] a\n", "1. a\n", "a|\n-|\n", "|a|\n|-|\n\n", "|", "|-", "|\n", "a|b\n", "<https://",
    "<a@", "# a {#b}\n", "[a](b) ", "![a](b) ", "```{", "a'b.c-", "漢 a", "%41",
)  # fmt: skip

INPUTS: dict[str, Make] = {
    **{repr(text): repeated(text) for text in FLOODS},
    "tags": repeated("<div>"),
    "tags around blocks": repeated("<div>\n\n"),
    "closed tags": repeated("<div>a</div>"),
    "end tags in depth": repeated("</p>", start="<div>" * 190),
    "paragraphs in depth": repeated("<p>x</p>", start="<div>" * 190),
    "formatting": numbered("<b id=a-{}>"),
    "formatting in blocks": numbered("<div>x", start="<p>" + "<b><i><u>" * 50),
    "formatting left open": numbered("<p><b id=a-{}>x"),
    "formatting out of tables": repeated("x<b>", start="<table>"),
    "formatting behind objects": numbered("<b id=a-{}><object></b></object><p>x"),
    "links left open": repeated("<p><a href=x>y"),
    "a long link in blocks": lambda n: f"<a href={'x' * (n // 2)}>" + "\n\ny" * (n // 6),
    "lists": repeated("<ul><li>"),
    "items": repeated("<li>x", start="<ul>"),
    "tables": repeated("<table><tr><td>"),
    "attributes": numbered(" x{}=1", start="<div>\n<a", end=">"),
    "attributes without end": repeated(" x", start="<div>\n<a"),
    "spaces in a tag": repeated(" ", start="<div>\n<a", end="b"),
    "comments in a block": repeated("<!--", start="<div>\n"),
    "instructions in a block": repeated("<?", start="<div>\n"),
    "quotes out of step": repeated("<a b=\"' c='\" ", start="<div>\n"),
    "classes": repeated("k ", start="<span class='", end="'>"),
    "an id": repeated("a b", start="<a id='", end="'>"),
    "ids": repeated("<a id=x></a>"),
    "brackets": lambda n: "[" * (n // 2) + "a" + "]" * (n // 2),
    "links in links": lambda n: "[a](b" * (n // 6) + ")" * (n // 6),
    "images in images": lambda n: "![" * (n // 6) + "a" + "](b)" * (n // 6),
    "emphasis": lambda n: "*" * (n // 2) + "a" + "*" * (n // 2),
    "emphasis with other ends": lambda n: "*" * (n // 2) + "a" + "_" * (n // 2),
    "backticks": lambda n: "".join("e" + "`" * i for i in range(int((2 * n) ** 0.5))),
    "parentheses": repeated("(", start="[a]("),
    "a long title": repeated("x", start="[a]: b '"),
    "a used long reference": repeated("[a]", start="[a]: " + "b" * 1000 + "\n\n"),
    "references": numbered("[a{}]: b\n"),
    "footnotes": numbered("[^{0}]\n\n[^{0}]: x\n\n"),
    "a used footnote": repeated("[^a]", start="[^a]: b\n\n"),
    "a footnote of itself": repeated("[^a]", start="[^a]\n\n[^a]: "),
    "footnotes in footnotes": numbered("[^{0}]: [^{0}1]\n\n", end="[^0]"),
    "headings that collide": numbered("# a-{}\n# a\n"),
    "rows": repeated("|x|y|\n", start="|a|b|\n|-|-|\n"),
    "columns": lambda n: "|" + "a|" * (n // 4) + "\n|" + "-|" * (n // 4) + "\n" + "|\n" * 20,
    "missing cells": lambda n: (
        "|" + "x|" * int(n**0.5) + "\n|" + "-|" * int(n**0.5) + "\n" + "a\n" * (n // 2)
    ),
    "a table's head": repeated("a|b\n", end="-|-\n"),
    "a setext heading": repeated("a\n", end="="),
    "lazy lines": repeated("b\n", start="> a\n"),
    "lists in lists": staircase("- a\n"),
    "deep lines": lambda n: ("> " * int(n**0.25) + "a\n") * int(n**0.75),
    "code": repeated("/", start="```rust\n"),
    "codes": repeated("```java\n\n\n\n\n```\n"),
    "an info string": repeated("a", start="```", end="\n"),
    "a local address": repeated(".", end="@b.c"),
    "a domain": repeated("a-", start="www."),
    "an address and punctuation": repeated(").,", start="http://a"),
    "a fragment": repeated("%41", start="[a](#", end=")"),
    "ampersands and tags": repeated("a&<x>"),
    "ampersands and brackets": repeated("&<"),
    "no-break spaces": repeated("&nbsp;"),
    "a title of ampersands": repeated("&", start='[a](b "', end='")'),
    "an attribute of ampersands": repeated("&", start="<p title='", end="'>"),
    "formulas": repeated("$$a$$ "),
    "a formula of spaces": repeated("a   ", start="$$", end="$$"),
    "quoted formulas": repeated("> $$\n> a\n> $$\n\n"),
}
