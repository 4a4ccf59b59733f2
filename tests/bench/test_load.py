import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from bench.load import LOST, Load, send
from bench.processes import Failed

BODY = json.dumps({"query": "query Name { a }"})


class Handler(BaseHTTPRequestHandler):
    """Answers "refuse" with 400 and then closes, "break" with nothing, all else with 200."""

    protocol_version = "HTTP/1.1"
    bodies: list[str]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.bodies.append(body)
        self.close_connection = body in {"refuse", "break"}
        if body != "break":
            self.send_response(400 if body == "refuse" else 200)
            self.send_header("Content-Length", str(len(body)))
            if self.close_connection:
                self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(body.encode())

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def bodies() -> list[str]:
    """What the server has received."""
    return []


@pytest.fixture
def url(bodies: list[str]) -> Iterator[str]:
    handler = type("Recording", (Handler,), {"bodies": bodies})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_it_sends_so_many_requests_over_all_connections(url: str, bodies: list[str]) -> None:
    outcome = send(Load(url, (BODY,), connections=3, requests=20)).require_same()
    assert (outcome.requests, outcome.statuses, outcome.sizes) == (
        20,
        {200: 20},
        frozenset({len(BODY)}),
    )
    assert bodies == [BODY] * 20


def test_it_sends_for_so_long(url: str) -> None:
    outcome = send(Load(url, (BODY,), seconds=0.1))
    assert outcome.seconds >= 0.1
    assert outcome.rps == outcome.requests / outcome.seconds


def test_it_sends_the_bodies_in_turn(url: str, bodies: list[str]) -> None:
    send(Load(url, ("a", "b", "c"), connections=1, requests=5))
    assert bodies == ["a", "b", "c", "a", "b"]


def test_each_body_can_be_another_one(url: str, bodies: list[str]) -> None:
    send(Load(url, (BODY,), requests=20, unique="Name"))
    assert len(set(bodies)) == 20
    assert all("Name" not in body for body in bodies)


def test_it_connects_again_when_the_server_closes(url: str) -> None:
    outcome = send(Load(url, ("refuse", "break", BODY), connections=1, requests=6))
    assert outcome.statuses == {400: 2, LOST: 2, 200: 2}


def test_only_successes_of_one_size_are_the_same(url: str) -> None:
    for others in ("refuse", "break", "longer"):
        with pytest.raises(Failed, match="answers by status"):
            send(Load(url, ("other", others), connections=1, requests=2)).require_same()
