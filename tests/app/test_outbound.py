"""Requests to addresses that others name: none reaches a machine of ours."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app import outbound as module
from app.outbound import LARGEST, Address, Outbound, Unreachable, is_public


@pytest.fixture
def production() -> Outbound:
    return Outbound(production=True)


@pytest.fixture
def development() -> Outbound:
    return Outbound(production=False)


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Has look-ups answered so, one after the other; the hosts that were looked up."""
    hosts: list[str] = []

    async def addresses_of(host: str) -> list[Address]:
        hosts.append(host)
        return [ip_address(text) for text in answers[len(hosts) - 1]]

    monkeypatch.setattr(module, "addresses_of", addresses_of)
    return hosts


class Recorder(httpx.AsyncBaseTransport):
    """Goes nowhere, and remembers where to."""

    def __init__(self, away: tuple[str, ...] = ()) -> None:
        self.away = away
        self.requests: list[tuple[str, str, object]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        host, name = request.url.host, request.extensions["sni_hostname"]
        self.requests.append((host, request.headers["Host"], name))
        if host in self.away:
            raise httpx.ConnectError("refused")
        return httpx.Response(200, stream=httpx.ByteStream(b"answer"))


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "192.0.0.8",
        "192.0.0.9",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
    ],
)
async def test_special_addresses_are_not_asked(
    address: str, production: Outbound, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not is_public(ip_address(address))
    # Not even behind a public one.
    resolving(monkeypatch, ["93.184.215.14", address])
    production._transport = recorder = Recorder()  # type: ignore[assignment]
    with pytest.raises(Unreachable, match="has an address that is not public"):
        await production.get("https://id.test/")
    assert recorder.requests == []


@pytest.mark.parametrize("address", ["93.184.215.14", "::ffff:93.184.215.14", "2606:4700::1111"])
async def test_public_addresses_are_asked(
    address: str, production: Outbound, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert is_public(ip_address(address))
    resolving(monkeypatch, [address])
    production._transport = recorder = Recorder()  # type: ignore[assignment]
    assert (await production.get("https://id.test:8443/a")).content == b"answer"
    asked = str(ip_address(address))
    assert recorder.requests == [(asked, "id.test:8443", "id.test")]


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "127.1", "2130706433", "0x7f000001", "017700000001", "0"],
)
async def test_this_machine_has_many_names(host: str, production: Outbound) -> None:
    with pytest.raises(Unreachable):
        await production.get(f"https://{host}/")


async def test_a_host_is_looked_up_once(
    production: Outbound, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: a second look-up would be answered with an address of ours."""
    hosts = resolving(monkeypatch, ["93.184.215.14"], ["127.0.0.1"])
    production._transport = recorder = Recorder()  # type: ignore[assignment]
    await production.get("https://id.test/")
    assert hosts == ["id.test"]
    assert recorder.requests == [("93.184.215.14", "id.test", "id.test")]


async def test_the_next_address_is_tried_where_nobody_listens(
    production: Outbound, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolving(monkeypatch, ["2606:4700::1111", "93.184.215.14"])
    production._transport = recorder = Recorder(away=("2606:4700::1111",))  # type: ignore[assignment]
    await production.get("https://id.test/")
    assert [host for host, *_ in recorder.requests] == ["2606:4700::1111", "93.184.215.14"]


@pytest.mark.parametrize(
    "url",
    [
        "http://id.test/",
        "ftp://id.test/",
        "file:///etc/passwd",
        "//id.test/",
        "gopher://id.test:70/",
        "https://",
        "https://[::1",
        "",
    ],
)
@pytest.mark.parametrize("profile", [True, False])
async def test_only_https_is_spoken(
    url: str, profile: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolving(monkeypatch, ["93.184.215.14"])
    outbound = Outbound(profile)
    outbound._transport = recorder = Recorder()  # type: ignore[assignment]
    with pytest.raises(Unreachable):
        await outbound.get(url)
    assert recorder.requests == []


# --- A server on this machine

Respond = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(respond: Respond, context: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """The port of a server that answers so."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            await respond(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def answering(text: str) -> Respond:
    async def respond(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(text.replace("\n", "\r\n").encode())
        await writer.drain()

    return respond


async def test_this_machine_answers_in_development(development: Outbound) -> None:
    async with serving(answering("HTTP/1.1 200 OK\nContent-Length: 2\n\nOK")) as port:
        for host in ("127.0.0.1", "localhost"):
            assert (await development.get(f"http://{host}:{port}/")).content == b"OK"


async def test_a_redirect_is_not_followed(development: Outbound) -> None:
    target = "HTTP/1.1 302 Found\nLocation: http://169.254.169.254/\nContent-Length: 0\n\n"
    async with serving(answering(target)) as port:
        with pytest.raises(Unreachable, match="status 302"):
            await development.get(f"http://127.0.0.1:{port}/")


async def test_a_long_answer_is_cut_off(development: Outbound) -> None:
    async def respond(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 65536)
            await writer.drain()

    async with serving(respond) as port:
        with pytest.raises(Unreachable, match="too long"):
            await development.get(f"http://127.0.0.1:{port}/")
    whole = f"HTTP/1.1 200 OK\nContent-Length: {LARGEST}\n\n{'x' * LARGEST}"
    async with serving(answering(whole)) as port:
        answer = await development.get(f"http://127.0.0.1:{port}/")
        assert len(answer.content) == LARGEST


async def test_a_slow_answer_is_not_waited_for(
    development: Outbound, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each byte comes in time, but the whole would take for ever."""
    monkeypatch.setattr(module, "SECONDS", 0.3)

    async def respond(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.01)

    async with serving(respond) as port:
        with pytest.raises(Unreachable, match="TimeoutError"):
            await development.get(f"http://127.0.0.1:{port}/")


async def test_compressed_answers_are_not_unpacked(development: Outbound) -> None:
    packed = "HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Length: 3\n\nabc"
    async with serving(answering(packed)) as port:
        assert (await development.get(f"http://127.0.0.1:{port}/")).content == b"abc"


async def test_the_certificate_is_the_named_host_s(
    development: Outbound, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, trusted = certified("id.test", tmp_path)
    resolving(monkeypatch, *[["127.0.0.1"]] * 3)
    ok = answering("HTTP/1.1 200 OK\nContent-Length: 2\n\nOK")
    async with serving(ok, server) as port:
        with pytest.raises(Unreachable, match="ConnectError"):
            await development.get(f"https://id.test:{port}/")
        development._transport._pool._ssl_context = trusted
        assert (await development.get(f"https://id.test:{port}/")).content == b"OK"
        with pytest.raises(Unreachable, match="ConnectError"):
            await development.get(f"https://other.test:{port}/")


def certified(host: str, folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context with a certificate for the host, and a client's that trusts it alone."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=True)
        .sign(key, SHA256())
    )
    file = folder / "server.pem"
    pem = certificate.public_bytes(Encoding.PEM)
    file.write_bytes(pem + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cadata=pem.decode())
