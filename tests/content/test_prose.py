import pytest

from content import render
from content.prose import CHARACTERS_PER_MINUTE, WORDS_PER_MINUTE, plain, read_time_minutes


def test_text_has_a_line_for_each_block() -> None:
    html = "<h1>A &amp; b</h1>\n<p>c<br>d <b>e</b></p><ul><li>f</li><li>g</li></ul>"
    assert plain(html) == "A & b\nc\nd e\nf\ng"


def test_text_keeps_the_indentation_of_code() -> None:
    assert render("```\ndef f():\n\n    pass\n```\n").text == "def f():\n    pass"


def test_a_brief_is_prose_only() -> None:
    markdown = (
        "# Title\n\n```\ncode\n```\n\nFirst *words*.\n\n|a|\n|-|\n|b|\n\n> Second\n> words.\n"
    )
    assert render(markdown).brief == "First words. Second words."


def test_a_brief_of_250_characters_is_whole() -> None:
    words = " ".join(["word"] * 50)
    assert len(words) == 249
    assert render(words + ".").brief == words + "."


def test_a_longer_brief_ends_at_a_word() -> None:
    assert render("word, " * 100).brief == "word, " * 40 + "word…"


@pytest.mark.parametrize("character", ["x", "漢"])
def test_a_brief_without_words_is_cut_anywhere(character: str) -> None:
    assert render(character * 300).brief == character * 249 + "…"


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("", 1),
        ("word " * WORDS_PER_MINUTE, 1),
        ("word " * (WORDS_PER_MINUTE + 1), 2),
        ("don't re-read 1.5 " * (2 * WORDS_PER_MINUTE), 6),
        ("漢" * CHARACTERS_PER_MINUTE, 1),
        ("漢字かな한글" * CHARACTERS_PER_MINUTE, 6),
        ("word 漢" * (2 * WORDS_PER_MINUTE), 3),
    ],
)
def test_reading_time(text: str, minutes: int) -> None:
    assert read_time_minutes(text) == minutes
