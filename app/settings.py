"""What an operator may set, read once from the environment and from `.env` (the environment wins)."""

from dataclasses import fields
from functools import cached_property
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from graphql.language.parser import MAX_NESTING_DEPTH
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    NoDecode,
    SettingsConfigDict,
)

from db.errors import ConfigurationError
from engine.documents import DEFAULTS
from engine.limits import Limits
from identity.secrets import SHORTEST

PREFIX = "MASTHEAD_"
DIALECT = "postgresql+psycopg"


def _database_url(url: str) -> str:
    """The URL under SQLAlchemy's name for PostgreSQL by psycopg, whichever of the usual ones it has."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in {"postgres", "postgresql", DIALECT}:
        raise ValueError
    return f"{DIALECT}://{rest}"


def _origin(url: str) -> str:
    """The URL without a final slash; raises ValueError for what is not just a scheme and a host."""
    parts = urlsplit(url.removesuffix("/"))
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise ValueError
    return f"{parts.scheme}://{parts.netloc}".lower()


def _listed(value: object) -> object:
    """What stands between commas, less spaces."""
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


def _limit(default: int | None, most: int | None = None) -> Any:
    up_to = ", 1 or more" if most is None else f", 1 to {most}"
    return Field(default=default, ge=1, le=most, description=f"a whole number{up_to}")


Origin = Annotated[str, AfterValidator(_origin)]
DatabaseUrl = Annotated[str, AfterValidator(_database_url)]
LowerCase = BeforeValidator(str.lower)


class Settings(BaseSettings):
    """One variable a field; each description says what a value must be."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        validate_by_name=True,
    )

    database_url: DatabaseUrl | None = Field(
        default=None,
        validation_alias="DATABASE_URL",
        repr=False,
        description="postgresql://ROLE:PASSWORD@HOST:PORT/DATABASE",
    )
    migration_database_url: DatabaseUrl | None = Field(
        default=None,
        validation_alias="MIGRATION_DATABASE_URL",
        repr=False,
        description="postgresql://OWNER:PASSWORD@HOST:PORT/DATABASE, beside DATABASE_URL",
    )
    host: str = Field(
        default="127.0.0.1", validation_alias="HOST", description="an address of this machine"
    )
    port: int = Field(
        default=8000,
        validation_alias="PORT",
        ge=0,
        le=65535,
        description="a port, 0 to 65535 (0 takes a free one)",
    )
    data_dir: Annotated[Path, AfterValidator(Path.expanduser)] = Field(
        default=Path(".data"), description="the path of a folder"
    )
    log_level: Annotated[Literal["debug", "info", "warning", "error"], LowerCase] = Field(
        default="info", description="debug, info, warning or error"
    )
    log_format: Annotated[Literal["json", "console"], LowerCase] = Field(
        default="json", description="json or console"
    )
    profile: Annotated[Literal["development", "production"], LowerCase] = Field(
        default="development", description="development or production"
    )
    public_url: Origin | None = Field(
        default=None, description="where people find this server: https://HOST, or with a port"
    )
    secret_keys: Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(_listed)] = Field(
        default=(),
        repr=False,
        description="secrets of 32 characters or more, the newest first, with commas between them",
    )
    token_algorithm: Literal["EdDSA", "ES256", "RS256", "HS256"] = Field(
        default="EdDSA", description="EdDSA, ES256, RS256 or HS256"
    )
    token_audience: str = Field(default="masthead", min_length=1, description="any name")
    sign_up: Annotated[Literal["open", "closed"], LowerCase] = Field(
        default="open", description="open or closed"
    )
    passkey_origins: Annotated[tuple[Origin, ...], NoDecode, BeforeValidator(_listed)] = Field(
        default=(),
        description="https://HOST, or with a port, with commas between them",
    )
    body_limit: int = Field(
        default=1_000_000, ge=1, description="the largest request body in bytes, 1 or more"
    )
    graphiql: bool = Field(default=True, description="true or false")
    explain: bool | None = Field(default=None, description="true or false")
    request_timeout: float = Field(
        default=10, ge=0.001, le=3600, description="seconds, 0.001 to 3600"
    )
    max_document_length: int = _limit(DEFAULTS.document_length)
    max_tokens: int = _limit(DEFAULTS.tokens)
    max_definitions: int = _limit(DEFAULTS.definitions)
    max_depth: int = _limit(DEFAULTS.depth, MAX_NESTING_DEPTH)
    max_aliases: int = _limit(DEFAULTS.aliases)
    max_directives: int = _limit(DEFAULTS.directives)
    max_root_fields: int = _limit(DEFAULTS.root_fields)
    max_cost: int = _limit(DEFAULTS.cost)
    max_variable_values: int = _limit(DEFAULTS.variable_values)

    @cached_property
    def explains(self) -> bool:
        """Whether clients may see what their requests do; unless it is set, that is in development:

        with the embedded database, and where only this machine can connect.
        """
        if self.explain is not None:
            return self.explain
        return self.database_url is None and is_loopback(self.host)

    @property
    def origin(self) -> str:
        """Where people find this server, without a final slash."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url or f"http://{host}:{self.port}"

    @property
    def limits(self) -> Limits:
        """What a request may have at most."""
        return Limits(**{each.name: getattr(self, f"max_{each.name}") for each in fields(Limits)})

    @model_validator(mode="after")
    def _owner_beside_application(self) -> "Settings":
        if self.migration_database_url and not self.database_url:
            raise ValueError("MIGRATION_DATABASE_URL is set, but DATABASE_URL is not")
        return self

    @model_validator(mode="after")
    def _secrets_are_long(self) -> "Settings":
        if any(len(secret.get_secret_value()) < SHORTEST for secret in self.secret_keys):
            raise ValueError(f"{PREFIX}SECRET_KEYS must have {SHORTEST} characters or more each")
        return self


def load() -> Settings:
    """Raises ConfigurationError: one line that names every bad variable and what it should be."""
    try:
        return Settings()
    except ValidationError as error:
        faults = [_fault(fault["loc"], fault) for fault in error.errors()]
        raise ConfigurationError("; ".join(faults)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f".env cannot be read: {error}") from None


def is_loopback(host: str) -> bool:
    """Whether only this machine can connect to what listens on the host."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def unknown() -> list[str]:
    """Variables with our prefix that are no setting, in the environment and in `.env`."""
    sources = (EnvSettingsSource(Settings), DotEnvSettingsSource(Settings))
    given = {name.upper() for source in sources for name in source.env_vars}
    fields_of = Settings.model_fields.items()
    known = {f"{PREFIX}{name.upper()}" for name, spec in fields_of if not spec.validation_alias}
    return sorted(name for name in given - known if name.startswith(PREFIX))


def _fault(location: tuple[int | str, ...], fault: ErrorDetails) -> str:
    """One bad variable by its name; a database's URL may hold a password and is not repeated."""
    if not location:
        return str(fault["ctx"]["error"])
    name = str(location[0])
    field, spec = next(
        (field, spec)
        for field, spec in Settings.model_fields.items()
        if name in {field, spec.validation_alias}
    )
    variable = spec.validation_alias or f"{PREFIX}{field.upper()}"
    given = f", not {fault['input']!r}" if spec.repr else ""
    return f"{variable} must be {spec.description}{given}"
