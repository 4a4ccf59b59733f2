"""Identity providers and issuers in the settings."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.settings import Settings, load
from db.errors import ConfigurationError

PROVIDER = {"name": "test", "issuer": "https://id.test", "client_id": "us"}
ISSUER = {"issuer": "https://id.test", "audience": "masthead"}
PROVIDERS = (
    "MASTHEAD_OIDC_PROVIDERS must be a list in JSON of name, issuer, client_id, client_secret:"
    " see docs/sign-in-with.md"
)
ISSUERS = (
    "MASTHEAD_EXTERNAL_ISSUERS must be a list in JSON of issuer and audience:"
    " see docs/sign-in-with.md"
)


@pytest.fixture(autouse=True)
def nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OIDC_PROVIDERS", "EXTERNAL_ISSUERS", "REDIRECTS", "PROFILE"):
        monkeypatch.delenv(f"MASTHEAD_{name}", raising=False)
    monkeypatch.chdir(tmp_path)


def with_provider(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> Any:
    monkeypatch.setenv("MASTHEAD_OIDC_PROVIDERS", json.dumps([{**PROVIDER, **changes}]))
    return load().oidc_providers[0]


def test_a_provider_needs_a_name_an_issuer_and_an_id(monkeypatch: pytest.MonkeyPatch) -> None:
    provider = with_provider(monkeypatch)
    assert (provider.name, provider.issuer, provider.client_id) == tuple(PROVIDER.values())
    assert provider.client_secret is None
    assert provider.scopes == ("openid", "email", "profile")
    assert provider.algorithms == ("EdDSA", "ES256", "RS256")
    assert provider.trust_second_factor is False


def test_the_secret_may_stand_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "secret"
    file.write_text("a secret\n")
    provider = with_provider(monkeypatch, client_secret_file=str(file))
    assert provider.client_secret.get_secret_value() == "a secret"


def test_an_external_issuer_needs_an_audience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MASTHEAD_EXTERNAL_ISSUERS", json.dumps([ISSUER]))
    [issuer] = load().external_issuers
    assert (issuer.issuer, issuer.audience, issuer.jwks_uri) == (*ISSUER.values(), None)
    assert issuer.claims.username == "preferred_username"


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"name": None}, "0.name: Input should be a valid string"),
        ({"name": "Test"}, "0.name: String should match pattern '^[a-z0-9]+(-[a-z0-9]+)*$'"),
        ({"name": "a/b"}, "0.name: String should match pattern '^[a-z0-9]+(-[a-z0-9]+)*$'"),
        (
            {"name": "passkey"},
            "0.name: it must be another name than that of a way to sign in here",
        ),
        ({"issuer": "http://id.test"}, "0.issuer: it must start with https://"),
        ({"issuer": "id.test"}, "0.issuer: it must start with https://"),
        ({"issuer": "https://"}, "0.issuer: it must start with https://"),
        ({"issuer": "https://id.test?a=b"}, "0.issuer: it must be a scheme, a host and a path"),
        (
            {"issuer": "https://us:secret@id.test"},
            "0.issuer: it must have no user name and no fragment",
        ),
        ({"client_id": ""}, "0.client_id: String should have at least 1 character"),
        ({"algorithms": ["HS256"]}, "0.algorithms.0: Input should be 'EdDSA', 'ES256',"),
        ({"algorithms": ["none"]}, "0.algorithms.0: Input should be 'EdDSA', 'ES256',"),
        ({"algorithms": []}, "0.algorithms: Tuple should have at least 1 item"),
        ({"scopes": ["email"]}, '0: scopes must have "openid"'),
        ({"client_secret_file": "missing"}, "0: client_secret_file cannot be read"),
        ({"client_secret_file": 1}, "0: client_secret_file cannot be read"),
        (
            {"client_secret": "a", "client_secret_file": "b"},
            "0: client_secret and client_secret_file are both given",
        ),
        ({"secret": "a"}, "0.secret: Extra inputs are not permitted"),
    ],
)
def test_a_bad_provider_is_named_with_what_is_wrong(
    changes: dict[str, Any], cause: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ConfigurationError) as refused:
        with_provider(monkeypatch, **changes)
    assert str(refused.value).startswith(f"{PROVIDERS} ({cause}")


@pytest.mark.parametrize(
    ("given", "cause"),
    [
        ("[", "it is no JSON"),
        ("google", "it is no JSON"),
        ("{}", "Input should be a valid tuple"),
        (json.dumps([PROVIDER, PROVIDER]), "two have the same name"),
    ],
)
def test_a_bad_list_of_providers_is_refused(
    given: str, cause: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MASTHEAD_OIDC_PROVIDERS", given)
    with pytest.raises(ConfigurationError) as refused:
        load()
    assert str(refused.value) == f"{PROVIDERS} ({cause})"


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"audience": ""}, "0.audience: String should have at least 1 character"),
        ({"jwks_uri": "http://169.254.169.254/"}, "0.jwks_uri: it must start with https://"),
        ({"jwks_uri": "file:///etc/passwd"}, "0.jwks_uri: it must start with https://"),
        ({"algorithms": ["HS256"]}, "0.algorithms.0: Input should be 'EdDSA', 'ES256',"),
        ({"claims": {"admin": "admin"}}, "0.claims.admin: Extra inputs are not permitted"),
    ],
)
def test_a_bad_issuer_is_named_with_what_is_wrong(
    changes: dict[str, Any], cause: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MASTHEAD_EXTERNAL_ISSUERS", json.dumps([{**ISSUER, **changes}]))
    with pytest.raises(ConfigurationError) as refused:
        load()
    assert str(refused.value).startswith(f"{ISSUERS} ({cause}")


@pytest.mark.parametrize("variable", ["OIDC_PROVIDERS", "EXTERNAL_ISSUERS"])
def test_this_machine_is_an_issuer_in_development_only(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {"OIDC_PROVIDERS": PROVIDER, "EXTERNAL_ISSUERS": ISSUER}[variable]
    local = json.dumps([{**known, "issuer": "http://localhost:3000"}])
    monkeypatch.setenv(f"MASTHEAD_{variable}", local)
    load()
    monkeypatch.setenv("MASTHEAD_PROFILE", "production")
    with pytest.raises(ConfigurationError) as refused:
        load()
    assert str(refused.value) == "issuers must start with https:// in production"


def test_redirects_are_origins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MASTHEAD_REDIRECTS", "https://Blog.test, http://localhost:3000/")
    assert load().redirects == ("https://blog.test", "http://localhost:3000")
    monkeypatch.setenv("MASTHEAD_REDIRECTS", "https://blog.test/path")
    with pytest.raises(ConfigurationError, match=r"^MASTHEAD_REDIRECTS must be where sign-ins"):
        load()


@given(secret=st.from_regex(r"[a-z0-9]{12,}", fullmatch=True), bad=st.booleans())
def test_a_secret_is_never_shown(secret: str, bad: bool) -> None:
    provider = {**PROVIDER, "client_secret": secret, "name": "bad name" if bad else "good"}
    if not bad:
        settings = Settings(oidc_providers=json.dumps([provider]))  # type: ignore[arg-type]
        shown = f"{settings!r} {settings} {settings.oidc_providers!r} {settings.oidc_providers}"
        assert secret not in shown
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MASTHEAD_OIDC_PROVIDERS", json.dumps([provider]))
        with pytest.raises(ConfigurationError) as refused:
            load()
    assert secret not in str(refused.value)
