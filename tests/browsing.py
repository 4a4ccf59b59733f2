"""A browser that signs in with a provider: it follows redirects, keeps cookies, fills in forms."""

import re
from http.cookies import SimpleCookie
from urllib.parse import urljoin

import httpx

from tests.signing import Client


class Browser:
    """At Masthead, by `client`. Its cookies are kept by hand: they insist on HTTPS."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.cookies: dict[str, str] = {}

    async def open(self, address: str, **headers: str) -> httpx.Response:
        """Opens an address as a link does. Names of headers have underscores for hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        response = await self.client.get(address, headers={"Cookie": self.sent(), **named})
        for line in response.headers.get_list("Set-Cookie"):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
                if morsel["max-age"] == "0":
                    del self.cookies[name]
        return response

    async def goes_to(self, address: str, **headers: str) -> str:
        """Where the browser is sent from the address."""
        response = await self.open(address, **headers)
        assert response.status_code == 303, response.text
        return str(response.headers["Location"])

    async def me(self) -> object:
        """What the API says about whoever is signed in in the browser; the errors' code else."""
        body = await self.client.graphql(
            "{ me { username name email provider identities { provider email } } }",
            Cookie=self.sent(),
            GraphQL_Require_Preflight="1",
        )
        return body["data"]["me"] if body.get("data") else body["errors"][0]["extensions"]["code"]

    def sent(self) -> str:
        """The Cookie header."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())


async def at_provider(address: str, login: str) -> str:
    """Signs in there and consents to everything; where the provider sends the browser back to."""
    issuer = str(httpx.URL(address).copy_with(path="/", query=None))
    async with httpx.AsyncClient() as browser:
        response = await browser.get(address)
        for _ in range(20):
            if response.is_redirect:
                address = urljoin(str(response.url), response.headers["Location"])
                if not address.startswith(issuer):
                    return address
                response = await browser.get(address)
            else:
                [action] = re.findall(r'action="([^"]+)"', response.text)
                [prompt] = re.findall(r'name="prompt" value="(\w+)"', response.text)
                form = {"prompt": prompt, "login": login, "password": "any"}
                response = await browser.post(urljoin(str(response.url), action), data=form)
    raise AssertionError(f"the provider goes round in circles at {address}")
