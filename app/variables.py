"""Where settings are read from: the environment, before it files that it names, after it `.env`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydantic_settings import BaseSettings, DotEnvSettingsSource, EnvSettingsSource

from db.errors import ConfigurationError

FILE: Final = "_file"


class Variables(EnvSettingsSource):
    """The environment's variables over `.env`'s; for any NAME the text of a file that NAME_FILE names.

    Raises ConfigurationError when both are set, or the file cannot be read.
    """

    def _load_env_vars(self) -> Mapping[str, str | None]:
        given = {**DotEnvSettingsSource(self.settings_cls).env_vars, **super()._load_env_vars()}
        return given | _from_files(given, names_of(self.settings_cls))


def names_of(settings: type[BaseSettings]) -> dict[str, str]:
    """The variable of each field, in upper case."""
    prefix = settings.model_config.get("env_prefix", "")
    return {
        field: str(spec.validation_alias or f"{prefix}{field}").upper()
        for field, spec in settings.model_fields.items()
    }


def unknown(settings: type[BaseSettings]) -> list[str]:
    """Variables with the settings' prefix that are none of them, in the environment and in `.env`."""
    sources = (EnvSettingsSource(settings), DotEnvSettingsSource(settings))
    given = {name.upper() for source in sources for name in source.env_vars}
    names = names_of(settings).values()
    known = {*names, *(f"{name}{FILE.upper()}" for name in names)}
    prefix = settings.model_config.get("env_prefix", "")
    return sorted(name for name in given - known if name.startswith(prefix))


def _from_files(
    given: Mapping[str, str | None], fields: Mapping[str, str]
) -> dict[str, str | None]:
    """Names are in lower case, as the sources have them."""
    named = {name: given.get(f"{name.lower()}{FILE}") for name in fields.values()}
    return {name.lower(): _text(name, path, given) for name, path in named.items() if path}


def _text(name: str, path: str, given: Mapping[str, str | None]) -> str:
    variable = f"{name}{FILE.upper()}"
    if given.get(name.lower()) is not None:
        raise ConfigurationError(f"{name} and {variable} are both set")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ConfigurationError(f"{variable} cannot be read: {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"{variable} cannot be read: {path}: not UTF-8") from None
