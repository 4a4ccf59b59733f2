"""What an operator may set, read once from the environment and from `.env` (the environment wins)."""

from dataclasses import fields
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, ip_network
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
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from app import smtp
from app.providers import ExternalIssuers, Providers
from app.variables import Variables, names_of
from db.errors import ConfigurationError
from engine.documents import DEFAULTS
from engine.limits import Limits
from identity.secrets import SHORTEST

PREFIX = "MASTHEAD_"
DIALECT = "postgresql+psycopg"
TOKEN = "{token}"  # noqa: S105 - its place in a link
ANY_ORIGIN = "*"
PORTS = {"http": 80, "https": 443}


def _database_url(url: str) -> str:
    """The URL under SQLAlchemy's name for PostgreSQL by psycopg, whichever of the usual ones it has."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in {"postgres", "postgresql", DIALECT}:
        raise ValueError
    return f"{DIALECT}://{rest}"


def _origin(url: str) -> str:
    """The URL as browsers write origins (RFC 6454, section 6.1), less a final slash; raises ValueError
    for what is not just a scheme, a host and perhaps a port.
    """
    parts = urlsplit(url.removesuffix("/"))
    rest = parts.path or parts.query or parts.fragment
    if parts.scheme not in PORTS or not parts.hostname or "@" in parts.netloc or rest:
        raise ValueError
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    is_usual = parts.port in {None, PORTS[parts.scheme]}
    return f"{parts.scheme}://{host}" if is_usual else f"{parts.scheme}://{host}:{parts.port}"


def _allowed_origin(url: str) -> str:
    return url if url == ANY_ORIGIN else _origin(url)


def _network(address: str) -> IPv4Network | IPv6Network:
    """An address is a network of one."""
    return ip_network(address, strict=False)


def _smtp_url(url: str) -> str:
    smtp.server(url)
    return url


def _mailbox(text: str) -> str:
    smtp.mailbox(text)
    return text


def _link(url: str) -> str:
    """A web address that a token stands in."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or TOKEN not in url:
        raise ValueError
    return url


def _listed(value: object) -> object:
    """What stands between commas, less spaces."""
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


def _valkey_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"valkey", "valkeys"} or not parts.hostname:
        raise ValueError
    return url


def _limit(default: int | None, most: int | None = None) -> Any:
    up_to = ", 1 or more" if most is None else f", 1 to {most}"
    return Field(default=default, ge=1, le=most, description=f"a whole number{up_to}")


Origin = Annotated[str, AfterValidator(_origin)]
DatabaseUrl = Annotated[str, AfterValidator(_database_url)]
LowerCase = BeforeValidator(str.lower)
Link = Annotated[str, AfterValidator(_link)]
LINK = "the address of a page of yours: https://HOST/PATH, with {token} in it"
AllowedOrigin = Annotated[str, AfterValidator(_allowed_origin)]
Network = Annotated[IPv4Network | IPv6Network, BeforeValidator(_network)]
Listed = BeforeValidator(_listed)


POINTS = "points of cost a minute, 0 for any number"


def _by_profile() -> Any:
    return Field(default=None, description="true or false")


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
    secret_keys: Annotated[tuple[SecretStr, ...], NoDecode, Listed] = Field(
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
    worker: bool = Field(default=True, description="true or false")
    smtp_url: Annotated[str, AfterValidator(_smtp_url)] | None = Field(
        default=None,
        repr=False,
        description="smtp://USER:PASSWORD@HOST:PORT, or smtps://",
    )
    mail_from: Annotated[str, AfterValidator(_mailbox)] | None = Field(
        default=None, description="who mail is from: NAME <ADDRESS>"
    )
    verify_email_url: Link | None = Field(default=None, description=LINK)
    reset_password_url: Link | None = Field(default=None, description=LINK)
    body_limit: int = Field(
        default=1_000_000, ge=1, description="the largest request body in bytes, 1 or more"
    )
    graphiql: bool | None = _by_profile()
    explain: bool | None = _by_profile()
    introspection: bool | None = _by_profile()
    suggestions: bool | None = _by_profile()
    error_details: bool | None = _by_profile()
    cors_origins: Annotated[tuple[AllowedOrigin, ...], NoDecode, Listed] = Field(
        default=(), description="origins such as https://HOST, with commas between them, or *"
    )
    trusted_proxies: Annotated[tuple[Network, ...], NoDecode, Listed] = Field(
        default=(), description="addresses and networks, with commas between them"
    )
    documents: Annotated[Path, AfterValidator(Path.expanduser)] | None = Field(
        default=None, description="the path of a manifest, or of a folder of .graphql files"
    )
    documents_only: bool = Field(default=False, description="true or false")
    cache_seconds: int = Field(
        default=60, ge=0, le=31_536_000, description="seconds, 0 to 31536000"
    )
    request_timeout: float = Field(
        default=10, ge=0.001, le=3600, description="seconds, 0.001 to 3600"
    )
    client_timeout: float = Field(default=20, ge=1, le=3600, description="seconds, 1 to 3600")
    oidc_providers: Annotated[Providers, NoDecode] = Field(
        default=(),
        repr=False,
        description="a list in JSON of name, issuer, client_id, client_secret: see docs/sign-in-with.md",
    )
    external_issuers: Annotated[ExternalIssuers, NoDecode] = Field(
        default=(),
        repr=False,
        description="a list in JSON of issuer and audience: see docs/sign-in-with.md",
    )
    redirects: Annotated[tuple[Origin, ...], NoDecode, BeforeValidator(_listed)] = Field(
        default=(), description="where sign-ins may return to: https://HOST, with commas between"
    )
    budget_anonymous: int = Field(default=200_000, ge=0, description=POINTS)
    budget_viewer: int = Field(default=400_000, ge=0, description=POINTS)
    budget_key: int = Field(default=1_000_000, ge=0, description=POINTS)
    valkey_url: Annotated[str, AfterValidator(_valkey_url)] | None = Field(
        default=None, repr=False, description="valkey://HOST:PORT, or valkeys://"
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

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        *_: PydanticBaseSettingsSource,
        **_named: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, Variables(settings_cls)

    @property
    def in_development(self) -> bool:
        return self.profile == "development"

    @cached_property
    def is_private(self) -> bool:
        """Whether all is on one machine: in development, with the embedded database, and where only
        this machine can connect.
        """
        return self.in_development and self.database_url is None and smtp.is_loopback(self.host)

    @cached_property
    def explains(self) -> bool:
        """Whether clients may see what their requests do."""
        return self.is_private if self.explain is None else self.explain

    @cached_property
    def details_errors(self) -> bool:
        """Whether clients see of a fault which exception it was."""
        return self.is_private if self.error_details is None else self.error_details

    @cached_property
    def introspects(self) -> bool:
        """Whether everybody may ask for the schema; admins always may."""
        return self.in_development if self.introspection is None else self.introspection

    @cached_property
    def suggests(self) -> bool:
        """Whether errors name what a client may have meant."""
        return self.in_development if self.suggestions is None else self.suggestions

    @cached_property
    def shows_graphiql(self) -> bool:
        """Whether the GraphiQL page is served."""
        return self.in_development if self.graphiql is None else self.graphiql

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
    def _mail_is_from_somebody(self) -> "Settings":
        if self.smtp_url and not self.mail_from:
            raise ValueError(f"{PREFIX}SMTP_URL is set, but {PREFIX}MAIL_FROM is not")
        return self

    @model_validator(mode="after")
    def _documents_beside_documents_only(self) -> "Settings":
        if self.documents_only and self.documents is None:
            raise ValueError(f"{PREFIX}DOCUMENTS_ONLY is set, but {PREFIX}DOCUMENTS is not")
        return self

    @model_validator(mode="after")
    def _secrets_are_long(self) -> "Settings":
        if any(len(secret.get_secret_value()) < SHORTEST for secret in self.secret_keys):
            raise ValueError(f"{PREFIX}SECRET_KEYS must have {SHORTEST} characters or more each")
        return self

    @model_validator(mode="after")
    def _issuers_are_secure(self) -> "Settings":
        issuers = [each.issuer for each in (*self.oidc_providers, *self.external_issuers)]
        if self.profile == "production" and any(url.startswith("http:") for url in issuers):
            raise ValueError("issuers must start with https:// in production")
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
    variable = names_of(Settings)[field]
    given = f", not {fault['input']!r}" if spec.repr else _place(location[1:], fault)
    return f"{variable} must be {spec.description}{given}"


def _place(location: tuple[int | str, ...], fault: ErrorDetails) -> str:
    """What is wrong, and where in a list, without what was given."""
    cause = fault["msg"].removeprefix("Value error, ")
    parts = (".".join(map(str, location)), cause)
    return f" ({': '.join(filter(None, parts))})" if cause else ""
