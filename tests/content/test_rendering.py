import dataclasses

from content import Heading, render
from tests.content.pages import Page

POST = """\
Intro with *emphasis*, `code` and a note[^1].

# The Plan

- [x] one
- [ ] two

## Über größe & 日本語

```rust,ignore
fn main() {}
```

| name | size |
|:-----|-----:|
| a    |   10 |

~~gone~~

[^1]: The note.
"""


def test_a_post_has_everything_at_once() -> None:
    post = render(POST)
    assert post.headings == (
        Heading("the-plan", "The Plan", 1, None),
        Heading("uber-grosse-ri-ben-yu", "Über größe & 日本語", 2, 0),
    )
    assert post.brief == "Intro with emphasis, code and a note. one two gone"
    assert post.text.splitlines() == [
        "Intro with emphasis, code and a note.",
        "The Plan",
        "one",
        "two",
        "Über größe & 日本語",
        "fn main() {}",
        "name",
        "size",
        "a",
        "10",
        "gone",
        "The note.",
    ]
    assert post.read_time_minutes == 1
    assert post.has_latex is False


def test_a_rendered_post_cannot_be_changed() -> None:
    assert dataclasses.fields(render(""))[0].name == "html"
    assert hash(render("a")) == hash(render("a"))


def test_nothing_renders_to_nothing() -> None:
    empty = render("")
    assert (empty.html, empty.text, empty.headings, empty.brief) == ("", "", (), "")
    assert empty.read_time_minutes == 1


def test_strikethrough_and_task_lists() -> None:
    assert render("~~gone~~").html == "<p><del>gone</del></p>\n"
    assert render("- [x] a\n- [ ] b\n").html == (
        '<ul>\n<li><input type="checkbox" checked="" disabled=""> a</li>\n'
        '<li><input type="checkbox" disabled=""> b</li>\n</ul>\n'
    )


def test_table_columns_keep_their_alignment_without_styles() -> None:
    page = Page(render("| a | b | c | d |\n|:-|:-:|-:|-|\n| 1 | 2 | 3 | 4 |\n").html)
    cells = [cell for cell in page.elements if cell.value in {"th", "td"}]
    alignments = [{"align": "left"}, {"align": "center"}, {"align": "right"}, {}]
    assert [cell.attributes for cell in cells] == 2 * alignments
    assert [cell.value for cell in cells] == 4 * ["th"] + 4 * ["td"]


def test_what_a_database_cannot_store_becomes_a_replacement_character() -> None:
    assert render("a\0b\ud800c").html == "<p>a\ufffdb\ufffdc</p>\n"
    assert render("a\0b\ud800c").text == "a\ufffdb\ufffdc"


def test_an_image_is_described_by_its_text_alone() -> None:
    html = render("![a *b* `c` [d](/e)\nf](/g.png 'h')").html
    assert html == '<p><img src="/g.png" alt="a b c d\nf" title="h"></p>\n'
