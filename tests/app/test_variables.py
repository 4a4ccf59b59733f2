"""Settings from files: NAME_FILE for any NAME."""

from pathlib import Path

import pytest

from app.settings import Settings, load
from app.variables import names_of, unknown
from db.errors import ConfigurationError

SECRET = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"


@pytest.fixture(autouse=True)
def nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in names_of(Settings).values():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def refusal() -> str:
    with pytest.raises(ConfigurationError) as refused:
        load()
    return str(refused.value)


def test_a_secret_may_stand_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    monkeypatch.setenv("MASTHEAD_SECRET_KEYS_FILE", str(tmp_path / "secret"))
    assert [each.get_secret_value() for each in load().secret_keys] == [SECRET]


def test_env_file_may_name_a_file(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("postgresql://blog:p%40ss@db/blog\n")
    (tmp_path / ".env").write_text("DATABASE_URL_FILE=url\n")
    assert load().database_url == "postgresql+psycopg://blog:p%40ss@db/blog"


@pytest.mark.parametrize(("field", "name"), names_of(Settings).items())
def test_every_setting_may_stand_in_a_file(
    field: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"{name}_FILE", str(tmp_path / "missing"))
    assert (
        refusal()
        == f"{name}_FILE cannot be read: {tmp_path / 'missing'}: No such file or directory"
    )
    assert unknown(Settings) == []


@pytest.mark.parametrize("in_env_file", [True, False])
def test_a_setting_and_its_file_are_not_both_set(
    in_env_file: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret").write_text(SECRET)
    monkeypatch.setenv("MASTHEAD_SECRET_KEYS_FILE", str(tmp_path / "secret"))
    if in_env_file:
        (tmp_path / ".env").write_text(f"MASTHEAD_SECRET_KEYS={SECRET}\n")
    else:
        monkeypatch.setenv("MASTHEAD_SECRET_KEYS", SECRET)
    assert refusal() == "MASTHEAD_SECRET_KEYS and MASTHEAD_SECRET_KEYS_FILE are both set"


def test_a_file_must_be_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_bytes(b"\xff")
    monkeypatch.setenv("MASTHEAD_SECRET_KEYS_FILE", str(tmp_path / "secret"))
    assert (
        refusal() == f"MASTHEAD_SECRET_KEYS_FILE cannot be read: {tmp_path / 'secret'}: not UTF-8"
    )


def test_what_a_file_says_is_checked_and_not_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "url").write_text("mysql://blog:hush@db/blog")
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "url"))
    assert refusal() == "DATABASE_URL must be postgresql://ROLE:PASSWORD@HOST:PORT/DATABASE"


def test_a_file_of_no_setting_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MASTHEAD_SECRET_FILE", "/run/secrets/masthead")
    assert unknown(Settings) == ["MASTHEAD_SECRET_FILE"]
