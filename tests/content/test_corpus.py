"""Two real blogs."""

from pathlib import Path

import pytest

from content import Heading, render
from content.sanitising import sanitised
from tests.content.pages import Page, scheme

CORPUS = Path(__file__).parents[3] / "shared/corpus/rust-blog/content"
FILES = sorted(CORPUS.rglob("*.md"))

pytestmark = pytest.mark.skipif(not FILES, reason="the corpus is not beside the project")


def body(path: Path) -> str:
    return path.read_text(encoding="utf-8").split("+++", 2)[2]


def test_all_of_it_is_here() -> None:
    assert len(FILES) == 552


@pytest.mark.parametrize("blog", sorted({path.parent for path in FILES}), ids=str)
def test_every_file_renders_to_a_safe_page(blog: Path) -> None:
    for path in blog.glob("*.md"):
        post = render(body(path))
        page = Page(post.html)
        assert sanitised(post.html) == post.html
        assert {scheme(url) for url in page.addresses} <= {"", "http", "https", "mailto"}
        ids = page.values("id")
        assert len(ids) == len(set(ids))
        assert {heading.slug for heading in post.headings} <= set(ids)


def test_a_release_announcement() -> None:
    post = render(body(CORPUS / "Rust-1.88.0.md"))
    assert post.headings == (
        Heading("what-s-in-1-88-0-stable", "What's in 1.88.0 stable", 2, None),
        Heading("let-chains", "Let chains", 3, 0),
        Heading("naked-functions", "Naked functions", 3, 0),
        Heading("boolean-configuration", "Boolean configuration", 3, 0),
        Heading("cargo-automatic-cache-cleaning", "Cargo automatic cache cleaning", 3, 0),
        Heading("stabilized-apis", "Stabilized APIs", 3, 0),
        Heading("other-changes", "Other changes", 3, 0),
        Heading("contributors-to-1-88-0", "Contributors to 1.88.0", 2, None),
    )
    assert post.brief == (
        "The Rust team is happy to announce a new version of Rust, 1.88.0. Rust is a programming"
        " language empowering everyone to build reliable and efficient software. If you have a"
        " previous version of Rust installed via rustup, you can get 1.88.0 with: If…"
    )
    assert (post.read_time_minutes, post.has_latex) == (5, False)
