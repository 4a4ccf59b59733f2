import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Mapping

import pytest
import uvloop

from tests.app.connections.peers import SMALL, Server, serving


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """uvicorn takes the one when it is there, and the other when it is not."""
    return {"uvloop": uvloop.new_event_loop, "asyncio": asyncio.new_event_loop}


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        async with serving(listener) as server:
            yield server


@pytest.fixture
async def narrow() -> AsyncIterator[Server]:
    """A server whose kernel takes little of an answer that is not read."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL)
        async with serving(listener) as server:
            yield server
