import pytest
from hypothesis import given
from hypothesis import strategies as st

from content import slugify, url_slug


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Announcing Rust 1.88.0", "announcing-rust-1-88-0"),
        ("What's new?", "what-s-new"),
        ("Ünïcödé", "unicode"),
        ("日本語", "ri-ben-yu"),
        ("../../etc/passwd", "etc-passwd"),
        ("a\0b", "ab"),
        ("", "untitled"),
        ("🎉 —", "untitled"),
        ("word " * 100, "-".join(["word"] * 40)),
    ],
)
def test_slugify(text: str, slug: str) -> None:
    assert slugify(text) == slug


@pytest.mark.parametrize("slug", ["Rust-1.88.0", "a_b~c", "2018", "x" * 200])
def test_a_safe_slug_stays(slug: str) -> None:
    assert url_slug(slug) == slug


@pytest.mark.parametrize(
    ("address", "slug"),
    [
        (".", "untitled"),
        ("..", "untitled"),
        ("a/b", "a-b"),
        ("a b", "a-b"),
        ("%2e%2e", "2e-2e"),
        ("a\n", "a"),
        ("x" * 201, "x" * 200),
    ],
)
def test_an_unsafe_slug_is_made_anew(address: str, slug: str) -> None:
    assert url_slug(address) == slug


@given(st.text(st.characters()))
def test_any_text_has_a_slug_that_is_its_own_slug(text: str) -> None:
    slug = slugify(text)
    assert slug.strip("-") == slug != ""
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert slugify(slug) == slug
    assert url_slug(slug) == slug
