"""Requests to addresses that others have named, which may name a machine of ours.

A host is looked up once, and connected to at the address that was looked at: nobody can answer a second
look-up differently. No redirect is followed, no proxy is asked, and no answer is longer than LARGEST.
"""

import asyncio
import socket
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cached_property
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

import httpx

LARGEST: Final = 1_000_000
"""Bytes of an answer."""
SECONDS: Final = 5.0
"""For a request as a whole."""

Address = IPv4Address | IPv6Address

# What `is_global` takes for public (Python 3.11), though it leads elsewhere: to IPv4 by translation
# (RFC 6052, RFC 8215) or tunnels (RFC 3056, RFC 4380), to a gateway (RFC 7335), to many.
MISLEADING: Final = [
    ip_network(text)
    for text in (
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2001::/32",
        "2002::/16",
        "fec0::/10",
        "::/96",
        "192.0.0.0/24",
        "192.88.99.0/24",
    )
]


class Unreachable(Exception):
    """There is no answer, or none that may be asked for; the message is for the operator's log."""


class Outbound:
    """Sends requests; in production to public addresses only, elsewhere without TLS to this machine."""

    def __init__(self, production: bool) -> None:
        self._production = production

    @cached_property
    def _transport(self) -> httpx.AsyncHTTPTransport:
        """Made when it is first needed, for all certificates are read.

        No connection is kept: it would be found by address, whatever host's certificate it was for.
        """
        limits = httpx.Limits(max_keepalive_connections=0)
        return httpx.AsyncHTTPTransport(trust_env=False, limits=limits)

    async def get(self, url: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        """The answer to a GET; raises Unreachable where that is not 200."""
        response = await self.send("GET", url, headers)
        if response.status_code != httpx.codes.OK:
            raise Unreachable(f"{url} answers with status {response.status_code}")
        return response

    async def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        content: str | None = None,
    ) -> httpx.Response:
        """The whole answer, whatever its status. Raises Unreachable."""
        try:
            async with asyncio.timeout(SECONDS):
                return await self._send(
                    httpx.Request(method, url, headers=headers, content=content)
                )
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError, ValueError) as error:
            raise Unreachable(f"{url}: {type(error).__name__}") from error

    async def _send(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        if not url.host:
            raise Unreachable(f"{url} names no host")
        addresses = await addresses_of(url.host)
        self._require_allowed(url, addresses)
        request.extensions["sni_hostname"] = url.host
        request.extensions["timeout"] = httpx.Timeout(SECONDS).as_dict()
        request.headers["Accept-Encoding"] = "identity"
        for address in addresses[:-1]:
            with suppress(httpx.ConnectError):
                return await self._exchange(request, address)
        return await self._exchange(request, addresses[-1])

    async def _exchange(self, request: httpx.Request, address: Address) -> httpx.Response:
        # The Host header has been made of the name before.
        request.url = request.url.copy_with(host=str(address))
        response = await self._transport.handle_async_request(request)
        try:
            content = await _content(response)
            return httpx.Response(response.status_code, content=content, request=request)
        finally:
            await response.aclose()

    def _require_allowed(self, url: httpx.URL, addresses: Iterable[Address]) -> None:
        local = not self._production and all(address.is_loopback for address in addresses)
        if url.scheme != "https" and not (local and url.scheme == "http"):
            raise Unreachable(f"{url} must start with https://")
        if self._production and not all(map(is_public, addresses)):
            raise Unreachable(f"{url.host} has an address that is not public")


async def addresses_of(host: str) -> list[Address]:
    """The addresses of a host, in the order in which they are to be tried; raises OSError."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [ip_address(address[0]) for *_, address in found]


def is_public(address: Address) -> bool:
    """Whether it is one machine's on the internet, in whichever form it is written."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    if mapped is not None:
        return is_public(mapped)
    if address.is_multicast or not address.is_global:
        return False
    return not any(address in network for network in MISLEADING)


async def _content(response: httpx.Response) -> bytes:
    content = b""
    async for chunk in response.aiter_raw():
        content += chunk
        if len(content) > LARGEST:
            raise Unreachable("the answer is too long")
    return content
