from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.settings import Settings, load
from app.variables import unknown
from db.errors import ConfigurationError
from engine import Limits


@pytest.fixture(autouse=True)
def nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of the machine's and no `.env` of the tree's."""
    for name, field in Settings.model_fields.items():
        monkeypatch.delenv(str(field.validation_alias or f"MASTHEAD_{name.upper()}"), raising=False)
    monkeypatch.chdir(tmp_path)


def test_everything_has_a_default() -> None:
    assert load().model_dump() == {
        "database_url": None,
        "migration_database_url": None,
        "host": "127.0.0.1",
        "port": 8000,
        "data_dir": Path(".data"),
        "log_level": "info",
        "log_format": "json",
        "profile": "development",
        "public_url": None,
        "secret_keys": (),
        "token_algorithm": "EdDSA",
        "token_audience": "masthead",
        "sign_up": "open",
        "passkey_origins": (),
        "worker": True,
        "smtp_url": None,
        "mail_from": None,
        "verify_email_url": None,
        "reset_password_url": None,
        "body_limit": 1_000_000,
        "graphiql": None,
        "explain": None,
        "introspection": None,
        "suggestions": None,
        "error_details": None,
        "cors_origins": (),
        "trusted_proxies": (),
        "documents": None,
        "documents_only": False,
        "cache_seconds": 60,
        "request_timeout": 10.0,
        "client_timeout": 20.0,
        "oidc_providers": (),
        "external_issuers": (),
        "redirects": (),
        "budget_anonymous": 200_000,
        "budget_viewer": 400_000,
        "budget_key": 1_000_000,
        "valkey_url": None,
        "max_document_length": 100_000,
        "max_tokens": 2_000,
        "max_definitions": 100,
        "max_depth": 15,
        "max_aliases": 30,
        "max_directives": 50,
        "max_root_fields": 20,
        "max_cost": 50_000,
        "max_variable_values": 10_000,
    }


def test_the_limits_are_those_of_the_engine_unless_they_are_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert load().limits == Limits()
    for number, field in enumerate(fields(Limits), start=1):
        monkeypatch.setenv(f"MASTHEAD_MAX_{field.name.upper()}", str(number))
    assert load().limits == Limits(*range(1, len(fields(Limits)) + 1))


@pytest.mark.parametrize(
    ("url", "explain", "explains"),
    [
        ("", "", True),
        ("", "false", False),
        ("postgresql://blog@db/blog", "", False),
        ("postgresql://blog@db/blog", "true", True),
    ],
)
def test_explanations_are_for_development_unless_it_is_said(
    url: str, explain: str, explains: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("MASTHEAD_EXPLAIN", explain)
    assert load().explains is explains


def test_the_environment_comes_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("PORT=1\nHOST=::1\nMASTHEAD_LOG_LEVEL=DEBUG\nUNKNOWN=x\n")
    monkeypatch.setenv("PORT", "2")
    settings = load()
    assert (settings.port, settings.host, settings.log_level) == (2, "::1", "debug")


def test_origins_of_passkeys_stand_between_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MASTHEAD_PASSKEY_ORIGINS", "https://A.test/, http://localhost:3000")
    assert load().passkey_origins == ("https://a.test", "http://localhost:3000")


def test_mail_is_from_somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MASTHEAD_SMTP_URL", "smtps://user:secret@mail.example")
    with pytest.raises(ConfigurationError) as fault:
        load()
    assert str(fault.value) == "MASTHEAD_SMTP_URL is set, but MASTHEAD_MAIL_FROM is not"
    monkeypatch.setenv("MASTHEAD_MAIL_FROM", "The Blog <blog@masthead.test>")
    assert load().smtp_url == "smtps://user:secret@mail.example"
    assert "secret" not in repr(load())


def test_an_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    assert load().database_url is None


def test_the_data_directory_may_start_at_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("MASTHEAD_DATA_DIR", "~/data")
    assert load().data_dir == tmp_path / "data"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_a_database_url_may_have_any_usual_scheme(
    scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"{scheme}://blog:secret@db/blog?sslmode=require")
    assert load().database_url == "postgresql+psycopg://blog:secret@db/blog?sslmode=require"


@pytest.mark.parametrize(
    ("variable", "value", "complaint"),
    [
        ("PORT", "-1", "PORT must be a port, 0 to 65535 (0 takes a free one), not '-1'"),
        ("PORT", "65536", "PORT must be a port, 0 to 65535 (0 takes a free one), not '65536'"),
        (
            "MASTHEAD_LOG_LEVEL",
            "loud",
            "MASTHEAD_LOG_LEVEL must be debug, info, warning or error, not 'loud'",
        ),
        ("MASTHEAD_LOG_FORMAT", "xml", "MASTHEAD_LOG_FORMAT must be json or console, not 'xml'"),
        (
            "MASTHEAD_BODY_LIMIT",
            "0",
            "MASTHEAD_BODY_LIMIT must be the largest request body in bytes, 1 or more, not '0'",
        ),
        (
            "MASTHEAD_PASSKEY_ORIGINS",
            "https://a.test, b.test",
            "MASTHEAD_PASSKEY_ORIGINS must be https://HOST, or with a port, with commas between"
            " them, not 'b.test'",
        ),
        ("MASTHEAD_WORKER", "maybe", "MASTHEAD_WORKER must be true or false, not 'maybe'"),
        (
            "MASTHEAD_SMTP_URL",
            "mail.example:secret",
            "MASTHEAD_SMTP_URL must be smtp://USER:PASSWORD@HOST:PORT, or smtps://",
        ),
        (
            "MASTHEAD_MAIL_FROM",
            "The Blog",
            "MASTHEAD_MAIL_FROM must be who mail is from: NAME <ADDRESS>, not 'The Blog'",
        ),
        *(
            (
                f"MASTHEAD_{name}_URL",
                url,
                f"MASTHEAD_{name}_URL must be the address of a page of yours: https://HOST/PATH, with"
                f" {{token}} in it, not {url!r}",
            )
            for name in ("VERIFY_EMAIL", "RESET_PASSWORD")
            for url in ("https://masthead.test/page", "/page?{token}", "javascript:{token}")
        ),
        ("MASTHEAD_GRAPHIQL", "maybe", "MASTHEAD_GRAPHIQL must be true or false, not 'maybe'"),
        ("MASTHEAD_EXPLAIN", "maybe", "MASTHEAD_EXPLAIN must be true or false, not 'maybe'"),
        (
            "MASTHEAD_REQUEST_TIMEOUT",
            "0",
            "MASTHEAD_REQUEST_TIMEOUT must be seconds, 0.001 to 3600, not '0'",
        ),
        (
            "MASTHEAD_REQUEST_TIMEOUT",
            "inf",
            "MASTHEAD_REQUEST_TIMEOUT must be seconds, 0.001 to 3600, not 'inf'",
        ),
        *(
            (
                "MASTHEAD_CLIENT_TIMEOUT",
                given,
                f"MASTHEAD_CLIENT_TIMEOUT must be seconds, 1 to 3600, not '{given}'",
            )
            for given in ("0.9", "3601", "nan")
        ),
        *(
            (
                f"MASTHEAD_MAX_{field.name.upper()}",
                "0",
                f"MASTHEAD_MAX_{field.name.upper()} must be a whole number, 1 or more, not '0'",
            )
            for field in fields(Limits)
            if field.name != "depth"
        ),
        *(
            (
                "MASTHEAD_MAX_DEPTH",
                given,
                f"MASTHEAD_MAX_DEPTH must be a whole number, 1 to 200, not '{given}'",
            )
            for given in ("0", "201")
        ),
        *(
            (
                "MASTHEAD_CORS_ORIGINS",
                given,
                "MASTHEAD_CORS_ORIGINS must be origins such as https://HOST, with commas between them,"
                f" or *, not '{given}'",
            )
            for given in ("blog.test", "https://*.blog.test/x", "https://me@blog.test", "null")
        ),
        *(
            (
                "MASTHEAD_TRUSTED_PROXIES",
                given,
                "MASTHEAD_TRUSTED_PROXIES must be addresses and networks, with commas between them,"
                f" not '{given}'",
            )
            for given in ("*", "proxy.test", "10.0.0.0/33")
        ),
        (
            "MASTHEAD_CACHE_SECONDS",
            "-1",
            "MASTHEAD_CACHE_SECONDS must be seconds, 0 to 31536000, not '-1'",
        ),
        (
            "MASTHEAD_DOCUMENTS_ONLY",
            "true",
            "MASTHEAD_DOCUMENTS_ONLY is set, but MASTHEAD_DOCUMENTS is not",
        ),
        (
            "DATABASE_URL",
            "sqlite:///secret.db",
            "DATABASE_URL must be postgresql://ROLE:PASSWORD@HOST:PORT/DATABASE",
        ),
        (
            "MIGRATION_DATABASE_URL",
            "postgresql://owner:secret@db/blog",
            "MIGRATION_DATABASE_URL is set, but DATABASE_URL is not",
        ),
    ],
)
def test_a_bad_value_is_named_with_what_it_should_be(
    variable: str, value: str, complaint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigurationError) as refused:
        load()
    assert str(refused.value) == complaint


def test_every_bad_value_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "http")
    monkeypatch.setenv("MASTHEAD_GRAPHIQL", "maybe")
    with pytest.raises(ConfigurationError) as refused:
        load()
    assert str(refused.value).count("; ") == 1


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"HOST=\xff\n")
    with pytest.raises(ConfigurationError, match=r"^\.env cannot be read: "):
        load()


@given(secret=st.from_regex(r"[a-z0-9]{12,}", fullmatch=True))
def test_a_password_is_never_shown(secret: str) -> None:
    url = f"postgresql://blog:{secret}@db/blog"
    settings = Settings(database_url=url, migration_database_url=url)
    assert secret not in f"{settings!r} {settings}"


def test_names_that_are_no_setting_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MASTHEAD_GRAPHQL", "false")
    monkeypatch.setenv("MASTHEAD_HOST", "::1")
    monkeypatch.setenv("MASTHEAD_GRAPHIQL", "false")
    (tmp_path / ".env").write_text("MASTHEAD_MAX_DEEP=3\nMASTHEAD_MAX_DEPTH=3\nOTHER=1\n")
    assert unknown(Settings) == ["MASTHEAD_GRAPHQL", "MASTHEAD_HOST", "MASTHEAD_MAX_DEEP"]


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False)],
)
def test_explains_by_default_only_to_this_machine(host: str, expected: bool) -> None:
    assert Settings(host=host).explains is expected


BY_PROFILE = {
    "introspection": "introspects",
    "suggestions": "suggests",
    "graphiql": "shows_graphiql",
    "explain": "explains",
    "error_details": "details_errors",
}


@pytest.mark.parametrize(("setting", "meaning"), BY_PROFILE.items())
def test_the_profile_says_what_a_setting_of_its_own_may_say_otherwise(
    setting: str, meaning: str
) -> None:
    assert getattr(Settings(profile="development"), meaning) is True
    assert getattr(Settings(profile="production"), meaning) is False
    changed = Settings.model_validate({"profile": "development", setting: False})
    assert getattr(changed, meaning) is False
    changed = Settings.model_validate({"profile": "production", setting: True})
    assert getattr(changed, meaning) is True
    others = {each for each in BY_PROFILE.values() if each != meaning}
    assert [each for each in others if getattr(changed, each)] == []


@pytest.mark.parametrize("setting", [{"host": "0.0.0.0"}, {"database_url": "postgresql://a@db/a"}])
def test_faults_are_shown_to_this_machine_alone(setting: dict[str, str]) -> None:
    assert Settings.model_validate(setting).details_errors is False


def test_lists_stand_between_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MASTHEAD_CORS_ORIGINS", "https://Blog.test/, http://[::1]:3000,*")
    monkeypatch.setenv("MASTHEAD_TRUSTED_PROXIES", "10.1.2.3/8, ::1")
    settings = load()
    assert settings.cors_origins == ("https://blog.test", "http://[::1]:3000", "*")
    assert [str(each) for each in settings.trusted_proxies] == ["10.0.0.0/8", "::1/128"]


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("https://blog.test:443", "https://blog.test"),
        ("http://blog.test:80/", "http://blog.test"),
        ("https://blog.test:80", "https://blog.test:80"),
        ("https://BLOG.test", "https://blog.test"),
    ],
)
def test_an_origin_is_written_as_browsers_write_it(given: str, origin: str) -> None:
    assert Settings(public_url=given, cors_origins=(given,)).cors_origins == (origin,)
    assert Settings(public_url=given).origin == origin
