"""Which sites' pages may act for their visitors: whose requests may carry a session's cookie."""

from dataclasses import dataclass

from starlette.types import Scope

from app.headers import header
from app.settings import ANY_ORIGIN, Settings


@dataclass(frozen=True, slots=True)
class Origins:
    """Origins as browsers write them (RFC 6454, section 6.1).

    Without an address of our `own` that people find us at, it is where the request was sent to.
    """

    own: str | None = None
    others: frozenset[str] = frozenset()

    def include(self, scope: Scope) -> bool:
        """Whether the request comes from one of them, or from no page of another site at all.

        Browsers say where from in Sec-Fetch-Site, and in Origin unless it is a GET of our own pages.
        """
        if header(scope, b"sec-fetch-site") == "cross-site":
            return False
        origin = header(scope, b"origin")
        return not origin or origin in self.others or self._is_own(origin, scope)

    def _is_own(self, origin: str, scope: Scope) -> bool:
        if self.own is not None:
            return origin == self.own
        return origin.partition("://")[2] == header(scope, b"host")


def origins_of(settings: Settings) -> Origins:
    """Ours and those that the settings name; "*" means pages without cookies and so none of them."""
    return Origins(settings.public_url, frozenset(settings.cors_origins) - {ANY_ORIGIN})
