"""What a request shows of itself: a bearer's token, or a browser's cookie."""

from http.cookies import CookieError, SimpleCookie
from typing import Final, NamedTuple

from starlette.types import Scope

from app.auth.origins import Origins
from app.headers import header
from app.problems import Problem

# The prefix makes browsers insist on Secure, Path=/ and no Domain (RFC 6265bis, section 4.1.3.2), so no
# other host, and nothing that listens in, can set it.
COOKIE: Final = "__Host-masthead"
# No page of another site can have its visitors' browsers send one of these without asking first (CORS).
PREFLIGHTED: Final = (
    b"graphql-require-preflight",
    b"apollo-require-preflight",
    b"x-requested-with",
)


class Credential(NamedTuple):
    """A secret that says who asks, and whether a browser sent it by itself."""

    secret: str
    is_cookie: bool


def credential_of(scope: Scope, origins: Origins) -> Credential | None:
    """The request's credential: the Authorization header's, or else the cookie's.

    The header is `Bearer SECRET`, or the secret alone as the contract's clients send it. Raises
    Problem for another scheme, and for a cookie that a page of an origin which is none of these may have
    made a browser send.
    """
    given = header(scope, b"authorization")
    if given:
        return Credential(_bearer(given), False)
    cookie = cookie_of(scope, COOKIE)
    if cookie is None:
        return None
    _require_intent(scope, origins)
    return Credential(cookie, True)


def _require_intent(scope: Scope, origins: Origins) -> None:
    if not any(header(scope, name) for name in PREFLIGHTED):
        raise Problem(
            "CSRF_PREVENTED",
            'A request with a session cookie needs the header "GraphQL-Require-Preflight: 1".',
        )
    if not origins.include(scope):
        raise Problem("CSRF_PREVENTED", "Pages of this origin may not use a session cookie here.")


def set_cookie(token: str, seconds: int) -> str:
    """The Set-Cookie header of a session; 0 seconds take the cookie away."""
    return cookie_header(COOKIE, token, seconds)


def cookie_header(name: str, value: str, seconds: int) -> str:
    """A Set-Cookie header for a secret that no script and no other host gets to see."""
    return f"{name}={value}; Max-Age={seconds}; Path=/; Secure; HttpOnly; SameSite=Lax"


def _bearer(given: str) -> str:
    scheme, separator, rest = given.partition(" ")
    if not separator:
        return given
    if scheme.lower() != "bearer":
        raise Problem(
            "UNAUTHENTICATED",
            'The Authorization header must be "Bearer TOKEN".',
            {"WWW-Authenticate": "Bearer"},
        )
    return rest.strip()


def cookie_of(scope: Scope, name: str) -> str | None:
    """The value of a cookie that the browser has sent."""
    given = header(scope, b"cookie")
    if name not in given:
        return None
    try:
        morsel = SimpleCookie(given).get(name)
    except CookieError:
        return None
    return morsel.value if morsel and morsel.value else None
