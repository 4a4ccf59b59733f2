import pytest
from pygments.lexers import get_all_lexers

from content import render
from content.highlighting import LANGUAGES, MAX_BLOCK, MAX_DOCUMENT


def fenced(info: str, code: str = "x = 1\n") -> str:
    return render(f"```` {info}\n{code}````\n").html


@pytest.mark.parametrize(
    ("info", "language"),
    [
        ("python", "python"),
        ("py", "py"),
        ("Rust", "Rust"),
        ("rust,ignore", "rust"),
        ("toml {linenos=true}", "toml"),
        ("toml{linenos=true}", "toml"),
        ("c++", "c++"),
        ("{.python .numberLines}", "python"),
        ("objective-c title=a.m", "objective-c"),
    ],
)
def test_a_known_language_is_highlighted(info: str, language: str) -> None:
    html = fenced(info)
    assert html.startswith(
        f'<pre class="highlight"><code class="language-{language}"><span class="'
    )


@pytest.mark.parametrize(
    ("info", "language"),
    [("nonsense", "nonsense"), ("föö+bar", "föö+bar"), (";", ";"), ("c#", "c#")],
)
def test_another_language_is_plain(info: str, language: str) -> None:
    assert fenced(info) == f'<pre><code class="language-{language}">x = 1\n</code></pre>\n'


@pytest.mark.parametrize("info", ["", "{}", "  ,"])
def test_no_language_is_plain(info: str) -> None:
    assert fenced(info) == "<pre><code>x = 1\n</code></pre>\n"


def test_the_tokens_have_pygments_classes() -> None:
    assert fenced("rust", 'fn main() { "<b>" }\n') == (
        '<pre class="highlight"><code class="language-rust">'
        '<span class="k">fn</span><span class="w"> </span><span class="nf">main</span>'
        '<span class="p">()</span><span class="w"> </span><span class="p">{</span>'
        '<span class="w"> </span><span class="s">"&lt;b&gt;"</span><span class="w"> </span>'
        '<span class="p">}</span>\n</code></pre>\n'
    )


def test_blank_lines_around_code_stay() -> None:
    assert "\n\nx\n\n" in fenced("text", "\n\nx\n\n")


def test_a_language_cannot_leave_its_class() -> None:
    assert fenced('"><script>') == (
        '<pre><code class="language-&quot;&gt;&lt;script&gt;">x = 1\n</code></pre>\n'
    )


def test_long_code_is_plain() -> None:
    longest = "a" * (MAX_BLOCK - 1) + "\n"
    assert "highlight" in fenced("rust", longest)
    assert "highlight" not in fenced("rust", "a" + longest)


def test_a_document_has_a_limit_too() -> None:
    block = "```rust\n" + "a" * (MAX_BLOCK - 1) + "\n```\n"
    html = render(block * (MAX_DOCUMENT // MAX_BLOCK + 5)).html
    assert html.count('class="highlight"') == MAX_DOCUMENT // MAX_BLOCK


def test_every_language_is_one_of_pygments() -> None:
    assert {name for name, *_ in get_all_lexers()} >= LANGUAGES
