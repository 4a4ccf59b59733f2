"""A server of uvicorn's whose connections have little patience, and clients that try it."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, cast

import uvicorn
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.http.connections import Connection, patient_for
from tests.waiting import until

PATIENCE: Final = 0.2
# What a slow client lets pass between its pieces, and how many of them outlast our patience.
STEP: Final = PATIENCE / 10
STEPS: Final = 40
CHUNK: Final = 65_536
CHUNKS: Final = 128
GET: Final = b"GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"
CLOSE: Final = GET.replace(b"Host", b"Connection: close\r\nHost")
# Bytes of a kernel's buffer.
SMALL: Final = 8_192


class Application:
    """Answers with the path, or with CHUNKS of CHUNK bytes at `/large`, and notes what has ended."""

    def __init__(self) -> None:
        self.began: list[str] = []
        self.ended: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await receive()
            return await send({"type": "websocket.close"})
        self.began.append(scope["path"])
        try:
            await self._answer(scope["path"], scope, receive, send)
        finally:
            self.ended.append(scope["path"])

    async def _answer(self, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        match path:
            case "/large":
                await send({"type": "http.response.start", "status": 200, "headers": []})
                for _ in range(CHUNKS):
                    body = {"type": "http.response.body", "body": b"a" * CHUNK, "more_body": True}
                    await send(body)
                await send({"type": "http.response.body"})
            case "/whole":
                await Response(b"a" * CHUNK * CHUNKS)(scope, receive, send)
            case "/work":
                await asyncio.sleep(PATIENCE * 2)
                await Response(path)(scope, receive, send)
            case _:
                await Response(path)(scope, receive, send)


class Server:
    """A server of the application, and clients of it."""

    def __init__(self, server: uvicorn.Server, application: Application) -> None:
        self._server = server
        self.application = application

    @property
    def connections(self) -> set[Connection]:
        return cast("set[Connection]", self._server.server_state.connections)

    @property
    def tasks(self) -> int:
        return len(self._server.server_state.tasks)

    async def connect(self) -> "Peer":
        end = socket.socket()
        end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
        end.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(end, self._server.servers[0].sockets[0].getsockname())
        await until(lambda: bool(self.connections))
        return Peer(end)

    async def answer_to(self, *pieces: bytes) -> bytes:
        """All that a client gets for these, sent one by one with time between them."""
        peer = await self.connect()
        with peer.end:
            answer = asyncio.create_task(peer.rest())
            for piece in pieces:
                if answer.done() or not await peer.send(piece):
                    break
                if len(pieces) > 1:
                    await asyncio.sleep(STEP)
            return await asyncio.wait_for(answer, 60)


class Peer:
    """One end of a connection, without a buffer of its own."""

    def __init__(self, end: socket.socket) -> None:
        self.end = end
        self._loop = asyncio.get_running_loop()

    async def send(self, data: bytes) -> bool:
        """Whether there was anybody to send it to."""
        try:
            await self._loop.sock_sendall(self.end, data)
        except ConnectionError:
            return False
        return True

    async def read(self, most: int = CHUNK) -> bytes:
        """Nothing when the connection is at its end, or was cut off."""
        try:
            return await self._loop.sock_recv(self.end, most)
        except ConnectionError:
            return b""

    async def rest(self) -> bytes:
        parts = []
        while part := await self.read():
            parts.append(part)
        return b"".join(parts)

    async def until(self, ending: bytes) -> bytes:
        answer = b""
        while not answer.endswith(ending):
            part = await self.read()
            assert part
            answer += part
        return answer


@asynccontextmanager
async def serving(listener: socket.socket) -> AsyncIterator[Server]:
    application = Application()
    config = uvicorn.Config(
        application, http=patient_for(PATIENCE), lifespan="off", log_config=None
    )
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    await until(lambda: server.started)
    try:
        yield Server(server, application)
    finally:
        server.should_exit = True
        await running


def statuses(answer: bytes) -> list[int]:
    return [int(each[:3]) for each in answer.split(b"HTTP/1.1 ")[1:]]


def drip(data: bytes) -> list[bytes]:
    return [data[place : place + 1] for place in range(len(data))]
