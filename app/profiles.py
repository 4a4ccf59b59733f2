"""What does not go together with the profile `production`, and what is unusual in it."""

import json
from collections.abc import Sequence
from typing import Final
from urllib.parse import unquote, urlsplit

from app.children import run_module
from app.settings import ANY_ORIGIN, Settings
from db.errors import ConfigurationError

# In lower case. A URL without a password signs in by other ways.
PASSWORDS: Final = frozenset(
    {"password", "postgres", "postgresql", "masthead", "secret", "changeme", "change-me", "admin"}
)


def require_fit(settings: Settings) -> None:
    """Raises ConfigurationError: one line with all faults, none of which shows a secret."""
    faults = faults_of(settings)
    if faults:
        raise ConfigurationError("; ".join(faults))


def faults_of(settings: Settings) -> list[str]:
    """Why production would not be safe with these settings; in development, nothing."""
    if settings.profile != "production":
        return []
    return [*_secrets(settings), *_addresses(settings), *_debugging(settings)]


def exceptions_of(settings: Settings) -> list[str]:
    """What production has turned off unless it is asked for, and is asked for."""
    if settings.profile != "production":
        return []
    turned_on = {
        "MASTHEAD_INTROSPECTION": settings.introspection,
        "MASTHEAD_SUGGESTIONS": settings.suggestions,
        "MASTHEAD_GRAPHIQL": settings.graphiql,
    }
    asked_for = [f"{name} is on" for name, value in turned_on.items() if value]
    verbose = ["MASTHEAD_LOG_LEVEL is debug"] if settings.log_level == "debug" else []
    return asked_for + verbose


def _secrets(settings: Settings) -> list[str]:
    """Short ones the settings refuse in any profile."""
    secrets = [secret.get_secret_value() for secret in settings.secret_keys]
    faults = [] if secrets else ["MASTHEAD_SECRET_KEYS must be set in production"]
    if _has_guessable(secrets):
        faults.append("MASTHEAD_SECRET_KEYS can be guessed: make them with `openssl rand -hex 32`")
    urls = {
        "DATABASE_URL": settings.database_url,
        "MIGRATION_DATABASE_URL": settings.migration_database_url,
    }
    usual = [name for name, url in urls.items() if url and _has_usual_password(url)]
    return faults + [f"{name} has a password that is well known" for name in usual]


def _has_guessable(secrets: Sequence[str]) -> bool:
    """So too when that cannot be told. The program is not imported, for it stays in memory."""
    return bool(secrets) and run_module("identity.guessing", given=json.dumps(secrets)) != 0


def _has_usual_password(url: str) -> bool:
    return unquote(urlsplit(url).password or "").lower() in PASSWORDS


def _addresses(settings: Settings) -> list[str]:
    faults = []
    if not (settings.public_url or "").startswith("https://"):
        faults.append("MASTHEAD_PUBLIC_URL must be set to an https:// address in production")
    if ANY_ORIGIN in settings.cors_origins:
        faults.append("MASTHEAD_CORS_ORIGINS must name its origins in production, not *")
    return faults


def _debugging(settings: Settings) -> list[str]:
    debugging = {
        "MASTHEAD_EXPLAIN": settings.explain,
        "MASTHEAD_ERROR_DETAILS": settings.error_details,
    }
    return [f"{name} must not be on in production" for name, value in debugging.items() if value]
