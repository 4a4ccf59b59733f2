"""Passkeys in a real browser, with an authenticator made of software, against a running server."""

import asyncio
import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from db.database import Database
from tests.e2e.conftest import Serve
from tests.postgres import Clone, Server
from tests.signing import PASSWORD, person


def test_a_person_uses_passkeys(
    postgres: Server, serve: Serve, node: str, clients: Path, run: Callable[..., str]
) -> None:
    port = str(free_port())
    origin = f"http://localhost:{port}"
    with postgres.clone() as clone, serve(clone, PORT=port, MASTHEAD_PUBLIC_URL=origin):
        asyncio.run(add_ann(clone))
        script = clients.parent / "browser" / "passkeys.mjs"
        report = json.loads(run(node, script, origin, "ann@masthead.test", PASSWORD))
    assert_made_and_kept(report)
    assert_signs_in_alone(report["passkey"])
    assert_second_factor(report["secondFactor"])
    assert report["stepUp"] == {"success": True}
    assert report["unverified"] == {"refused": "NotAllowedError"}
    assert report["elsewhere"] == {"refused": "SecurityError"}


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


def assert_made_and_kept(report: dict[str, Any]) -> None:
    assert report["password"]["signIn"] == {"tokens": None, "secondFactor": None}
    assert current(report["password"]) == {"method": "password", "strong": False}
    assert len(report["registered"]["recoveryCodes"]) == 10
    [kept] = report["kept"]
    assert (kept["rpId"], kept["isResidentCredential"]) == ("localhost", True)
    assert report["out"] == {"code": "UNAUTHENTICATED"}


def assert_signs_in_alone(step: dict[str, Any]) -> None:
    """The same answer signs nobody in again."""
    assert (step["done"], step["again"]) == ({"tokens": None}, {"code": "UNAUTHENTICATED"})
    assert step["me"]["me"]["username"] == "ann"
    assert step["me"]["me"]["secondFactors"] == {"passkeys": [{"name": "Test key"}]}
    assert current(step) == {"method": "passkey", "strong": True}


def assert_second_factor(step: dict[str, Any]) -> None:
    """Without it, the password has signed nobody in."""
    assert (step["tokens"], step["methods"]) == (None, ["PASSKEY", "RECOVERY_CODE"])
    assert step["before"] == {"code": "UNAUTHENTICATED"}
    assert step["done"] == {"tokens": None}
    assert current(step) == {"method": "password", "strong": True}
