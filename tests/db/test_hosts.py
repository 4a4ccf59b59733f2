"""The normal form of hosts."""

import pytest

from db.errors import FieldError, Invalid
from db.hosts import normalise_host


@pytest.mark.parametrize(
    ("host", "normal"),
    [
        ("blog.example.org", "blog.example.org"),
        ("WWW.Example.ORG:8000", "example.org"),
        ("example.org.", "example.org"),
        (" localhost:3000 ", "localhost"),
        ("127.0.0.1:80", "127.0.0.1"),
        ("www.bücher.example", "xn--bcher-kva.example"),
        ("wwwhat.example", "wwwhat.example"),
        ("example.org:", "example.org"),
    ],
)
def test_a_host_has_one_form(host: str, normal: str) -> None:
    assert normalise_host(host) == normal
    assert normalise_host(normal) == normal


@pytest.mark.parametrize(
    "host",
    [
        "",
        ":80",
        "https://example.org",
        "example.org/blog",
        "exa mple.org",
        "-example.org",
        "example..org",
        "under_score.example",
        "[::1]:80",
        "ü" * 70 + ".example",
        "a." * 127 + "example",
    ],
)
def test_what_is_no_host_is_refused(host: str) -> None:
    with pytest.raises(Invalid) as refusal:
        normalise_host(host)
    assert refusal.value.fields == (FieldError(("host",), f"{host!r} is not a host name."),)
