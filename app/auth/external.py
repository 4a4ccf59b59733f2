"""Access tokens of other issuers, in place of ours: an identity provider used alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from app.auth.assertions import assertion_of, is_strong
from app.auth.discovery import Discovery
from app.outbound import Outbound, Unreachable
from app.providers import ExternalIssuer
from db.database import Database
from db.errors import Unavailable
from db.reading import Reads
from db.viewer import Client, Viewer
from db.viewers import viewer_of_identity
from db.writes.accounts.identities import Refused, require_active, sign_in_with_identity
from identity.issuers import TYPES, Header, header_of, verified_by
from identity.tokens import InvalidToken


@dataclass(frozen=True, slots=True)
class Known:
    """An issuer from the settings, and what it publishes."""

    issuer: ExternalIssuer
    discovery: Discovery


class ExternalIssuers:
    """Finds the viewer of a token that one of the settings' issuers has signed."""

    def __init__(
        self,
        issuers: Iterable[ExternalIssuer],
        database: Database,
        outbound: Outbound,
        sign_up_open: bool,
    ) -> None:
        self._database = database
        self._sign_up_open = sign_up_open
        self._known = {
            each.issuer: Known(each, Discovery(each, outbound, each.jwks_uri)) for each in issuers
        }

    def issued(self, token: str) -> bool:
        """Whether the token says that it is of one of them. Raises InvalidToken for what is none."""
        return bool(self._known) and header_of(token).issuer in self._known

    async def viewer_of(self, token: str, client: Client, reads: Reads) -> Viewer | None:
        """Whom the token is about; somebody new gets an account, by the rules for identities.

        None is somebody who may not act. Raises InvalidToken, and Unavailable where the issuer's keys
        cannot be had.
        """
        header = header_of(token)
        known = self._known[header.issuer]
        claims = await self._verified(token, header, known)
        viewer = await viewer_of_identity(reads, claims["iss"], claims["sub"])
        if viewer is None:
            await self._admit(client, known.issuer, claims)
            viewer = await viewer_of_identity(reads, claims["iss"], claims["sub"])
        proven_at = claims.get("auth_time")
        if viewer is None or not isinstance(proven_at, int):
            return viewer
        moment = datetime.fromtimestamp(min(proven_at, claims["iat"]), UTC)
        return replace(viewer, proven_at=moment, strong=is_strong(known.issuer, claims))

    async def _verified(self, token: str, header: Header, known: Known) -> dict[str, Any]:
        if header.type not in TYPES:
            raise InvalidToken("This is no access token.")
        try:
            key = await known.discovery.key(header.key_id)
        except Unreachable as error:
            raise Unavailable("The token's issuer cannot be reached.") from error
        if key is None:
            raise InvalidToken("The token is signed by no key of its issuer.")
        return verified_by(token, key, known.issuer.issuer, known.issuer.audience)

    async def _admit(
        self, client: Client, issuer: ExternalIssuer, claims: Mapping[str, Any]
    ) -> None:
        name = urlsplit(issuer.issuer).hostname or ""
        said = assertion_of(name, claims, issuer.claims, strong=is_strong(issuer, claims))
        try:
            async with self._database.write() as tx:
                user_id = await sign_in_with_identity(
                    tx, client, said, sign_up_open=self._sign_up_open
                )
                await require_active(tx, user_id)
        except Refused as refused:
            raise InvalidToken(str(refused)) from refused
