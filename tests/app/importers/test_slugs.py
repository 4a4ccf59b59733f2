"""Addresses keep what is URL-safe and lose what is not."""

from __future__ import annotations

import pytest

from app.importers import slugs


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("/2024/01/02/title/", "2024/01/02/title"),
        ("https://example.org/blog/title.html", "blog/title.html"),
        ("https://example.org/?p=12", "?p=12"),
        ("blog/title/index.html", "blog/title"),
        ("/caf%C3%A9/", "café"),
        ("https://[broken", ""),
    ],
)
def test_address(written: str, expected: str) -> None:
    assert slugs.address(written) == expected


def test_last_segment_without_its_suffix() -> None:
    assert slugs.last_segment("2024/01/title.html") == "title"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org/blog", "https://example.org"),
        ("/blog", None),
        (None, None),
        ("https://[broken", None),
    ],
)
def test_site(url: str | None, expected: str | None) -> None:
    assert slugs.site(url) == expected


def test_former_paths_are_named_once_and_differ_from_the_slug() -> None:
    assert slugs.former_paths("a", ["/a/", "/b/", "b", "", "/c.html"]) == ("b", "c.html")
