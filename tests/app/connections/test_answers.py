"""Answers that are not taken."""

import asyncio

import pytest

from tests.app.connections.peers import CHUNK, CHUNKS, CLOSE, GET, SMALL, STEP, STEPS, Server
from tests.waiting import until


@pytest.mark.parametrize("path", [b"/large", b"/whole"])
async def test_who_reads_nothing_is_cut_off_and_the_task_ends(path: bytes, server: Server) -> None:
    peer = await server.connect()
    with peer.end:
        await peer.send(GET.replace(b"/hello", path))
        await until(lambda: server.application.began != [])
        await until(lambda: not server.connections and server.tasks == 0)
        assert server.application.ended == [path.decode()]
        assert len(await peer.rest()) < CHUNK * CHUNKS


@pytest.mark.parametrize("requests", [GET * 3, CLOSE])
async def test_the_last_bytes_are_not_waited_for_either(requests: bytes, narrow: Server) -> None:
    """So few that the application is done with them, and an answer that ends the connection as well."""
    peer = await narrow.connect()
    with peer.end:
        await peer.send(requests.replace(b"/hello", b"/" + b"a" * 20_000))
        await until(lambda: narrow.application.ended != [] and narrow.tasks == 0)
        await until(lambda: not narrow.connections)


@pytest.mark.parametrize("path", [b"/large", b"/whole"])
async def test_who_reads_slowly_gets_everything(path: bytes, server: Server) -> None:
    """Also while all of it comes from the kernel, and none from us."""
    peer = await server.connect()
    with peer.end:
        await peer.send(CLOSE.replace(b"/hello", path))
        read = 0
        for _ in range(STEPS):
            read += len(await peer.read(SMALL))
            await asyncio.sleep(STEP)
        assert 0 < read < CHUNK * CHUNKS / 10
        assert read + len(await peer.rest()) > CHUNK * CHUNKS
    assert server.application.ended == [path.decode()]
