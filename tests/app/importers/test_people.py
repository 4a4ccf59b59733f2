"""Authors as front matter names them, and who of them owns the publication."""

import pytest

from app.importers.people import named, person, staff

ADA, BEN, CLEO = (named(name) for name in ("Ada", "Ben", "Cleo"))


@pytest.mark.parametrize(
    ("value", "name", "email", "website"),
    [
        ("Ada Lovelace", "Ada Lovelace", None, None),
        ("Ada <ada@example.org>", "Ada", "ada@example.org", None),
        ("[Ada](https://ada.example.org)", "Ada", None, "https://ada.example.org"),
        ("Kyle Strand and Niko Matsakis", "Kyle Strand and Niko Matsakis", None, None),
    ],
)
def test_a_text_is_one_author(
    value: str, name: str, email: str | None, website: str | None
) -> None:
    found = person(value)
    assert found is not None
    assert (found.name, found.email, found.website) == (name, email, website)


@pytest.mark.parametrize(
    ("value", "name", "username"),
    [
        ("ada@example.org", "ada", "ada"),
        ({"name": "Ada", "username": "ada.l@example.org"}, "Ada", "ada-l"),
        ("@ada@social.example", "@ada@social.example", "ada-social-example"),
        ("ada at example", "ada at example", "ada-at-example"),
    ],
)
def test_an_address_is_no_public_name(value: object, name: str, username: str) -> None:
    found = person(value)
    assert found is not None
    assert (found.name, found.username) == (name, username)


def test_who_is_named_most_often_owns_the_publication() -> None:
    found = staff([ADA, BEN, BEN, CLEO])
    assert {user.key: user.role for user in found} == {
        "Ada": "CONTRIBUTOR",
        "Ben": "OWNER",
        "Cleo": "CONTRIBUTOR",
    }


def test_of_equals_the_first_one_owns_it() -> None:
    assert [(user.key, user.role) for user in staff([CLEO, ADA])] == [
        ("Cleo", "OWNER"),
        ("Ada", "CONTRIBUTOR"),
    ]


def test_the_site_s_own_author_owns_it_whoever_writes() -> None:
    assert [(user.key, user.role) for user in staff([BEN, BEN], ADA)] == [
        ("Ben", "CONTRIBUTOR"),
        ("Ada", "OWNER"),
    ]


def test_a_site_without_authors_has_nobody() -> None:
    assert staff([]) == []
