"""Passkeys in a real browser, with an authenticator made of software, against a running server."""

import asyncio
import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from db.database import Database
from tests.e2e.conftest import Serve
from tests.postgres import Clone, Server
from tests.signing import PASSWORD, person


@pytest.fixture(scope="module")
def report(
    postgres: Server, serve: Serve, node: str, clients: Path, run: Callable[..., str]
) -> Any:
    """What a person's browser went through."""
    port = str(free_port())
    origin = f"http://localhost:{port}"
    with postgres.clone() as clone, serve(clone, PORT=port, MASTHEAD_PUBLIC_URL=origin):
        asyncio.run(add_ann(clone))
        script = clients.parent / "browser" / "passkeys.mjs"
        return json.loads(run(node, script, origin, "ann@masthead.test", PASSWORD))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port


async def add_ann(clone: Clone) -> None:
    database = Database(clone.url)
    await person(database, "ann")
    await database.dispose()


def current(step: dict[str, Any]) -> dict[str, Any]:
    """The session of that moment."""
    [session] = [each for each in step["me"]["me"]["sessions"] if each["current"]]
    return {name: session[name] for name in ("method", "strong")}


def test_a_passkey_is_made_and_kept(report: Any) -> None:
    assert report["password"]["signIn"] == {"tokens": None, "secondFactor": None}
    assert current(report["password"]) == {"method": "password", "strong": False}
    assert len(report["registered"]["recoveryCodes"]) == 10
    [kept] = report["kept"]
    assert (kept["rpId"], kept["isResidentCredential"]) == ("localhost", True)
    assert report["out"] == {"code": "UNAUTHENTICATED"}


def test_it_signs_in_alone_and_each_answer_once(report: Any) -> None:
    step = report["passkey"]
    assert (step["done"], step["again"]) == ({"tokens": None}, {"code": "UNAUTHENTICATED"})
    assert step["me"]["me"]["username"] == "ann"
    assert step["me"]["me"]["secondFactors"] == {"passkeys": [{"name": "Test key"}]}
    assert current(step) == {"method": "passkey", "strong": True}


def test_it_is_a_second_factor_and_a_proof_before_something_dangerous(report: Any) -> None:
    step = report["secondFactor"]
    assert (step["tokens"], step["methods"]) == (None, ["PASSKEY", "RECOVERY_CODE"])
    assert step["before"] == {"code": "UNAUTHENTICATED"}
    assert step["done"] == {"tokens": None}
    assert current(step) == {"method": "password", "strong": True}
    assert report["stepUp"] == {"success": True}


def test_browsers_refuse_strangers_and_other_origins(report: Any) -> None:
    assert report["unverified"] == {"refused": "NotAllowedError"}
    assert report["elsewhere"] == {"refused": "SecurityError"}
