"""What production does not start with, and that development does."""

from secrets import token_hex, token_urlsafe
from typing import Any

import pytest
from pydantic import ValidationError

from app.profiles import exceptions_of, faults_of, require_fit
from app.settings import Settings
from db.errors import ConfigurationError

SECRET = "8f14e45fceea167a5a36dedd4bea2543"
FIT: dict[str, Any] = {
    "profile": "production",
    "public_url": "https://blog.test",
    "secret_keys": (SECRET,),
    "database_url": "postgresql://blog:nNs6yQ2j@db/blog",
}
GUESSABLE = "MASTHEAD_SECRET_KEYS can be guessed: make them with `openssl rand -hex 32`"


def settings(**changes: Any) -> Settings:
    return Settings.model_validate(FIT | changes)


def test_production_starts_with_all_that_it_needs() -> None:
    require_fit(settings())
    require_fit(settings(database_url=None))
    assert exceptions_of(settings()) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"secret_keys": ()}, "MASTHEAD_SECRET_KEYS must be set in production"),
        ({"secret_keys": ("changeme" * 4,)}, GUESSABLE),
        ({"secret_keys": (SECRET, "secret" * 6)}, GUESSABLE),
        ({"secret_keys": ("a" * 64,)}, GUESSABLE),
        ({"secret_keys": ("0123456789abcdef" * 2,)}, GUESSABLE),
        ({"secret_keys": ("abcdefghijklmnopqrstuvwxyz012345",)}, GUESSABLE),
        ({"secret_keys": ("please-change-this-secret-before-use",)}, GUESSABLE),
        ({"secret_keys": ("a secret of thirty-two characters",)}, GUESSABLE),
        (
            {"public_url": None},
            "MASTHEAD_PUBLIC_URL must be set to an https:// address in production",
        ),
        (
            {"public_url": "http://blog.test"},
            "MASTHEAD_PUBLIC_URL must be set to an https:// address in production",
        ),
        (
            {"cors_origins": ("https://a.test", "*")},
            "MASTHEAD_CORS_ORIGINS must name its origins in production, not *",
        ),
        ({"explain": True}, "MASTHEAD_EXPLAIN must not be on in production"),
        ({"error_details": True}, "MASTHEAD_ERROR_DETAILS must not be on in production"),
        (
            {"database_url": "postgresql://blog:PASSWORD@db/blog"},
            "DATABASE_URL has a password that is well known",
        ),
        (
            {"migration_database_url": "postgresql://owner:postgres@db/blog"},
            "MIGRATION_DATABASE_URL has a password that is well known",
        ),
    ],
)
def test_production_names_what_it_does_not_start_with(changes: dict[str, Any], fault: str) -> None:
    assert faults_of(settings(**changes)) == [fault]
    assert faults_of(settings(**changes, profile="development")) == []


def test_a_short_secret_is_refused_in_any_profile() -> None:
    for profile in ("development", "production"):
        with pytest.raises(ValidationError, match="32 characters or more"):
            settings(secret_keys=(SECRET[:31],), profile=profile)


def test_all_faults_are_named_at_once_in_one_line() -> None:
    with pytest.raises(ConfigurationError) as refused:
        require_fit(Settings(profile="production", cors_origins=("*",), explain=True))
    assert str(refused.value) == (
        "MASTHEAD_SECRET_KEYS must be set in production; "
        "MASTHEAD_PUBLIC_URL must be set to an https:// address in production; "
        "MASTHEAD_CORS_ORIGINS must name its origins in production, not *; "
        "MASTHEAD_EXPLAIN must not be on in production"
    )


def test_no_fault_shows_a_secret() -> None:
    faulty = settings(secret_keys=("changeme" * 4,), database_url="postgresql://a:postgres@db/a")
    assert "changeme" not in "".join(faults_of(faulty))
    assert "postgres@" not in "".join(faults_of(faulty))


@pytest.mark.parametrize("make", [lambda: token_hex(16), lambda: token_urlsafe(24)])
def test_random_secrets_are_good_secrets(make: Any) -> None:
    assert [faults_of(settings(secret_keys=(make(),))) for _ in range(20)] == [[]] * 20


def test_what_is_off_in_production_may_be_turned_on_and_is_told() -> None:
    turned_on = settings(introspection=True, suggestions=True, graphiql=True, log_level="debug")
    assert faults_of(turned_on) == []
    assert exceptions_of(turned_on) == [
        "MASTHEAD_INTROSPECTION is on",
        "MASTHEAD_SUGGESTIONS is on",
        "MASTHEAD_GRAPHIQL is on",
        "MASTHEAD_LOG_LEVEL is debug",
    ]
    assert exceptions_of(Settings(graphiql=True)) == []
