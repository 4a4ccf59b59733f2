import json
from collections.abc import Callable
from pathlib import Path

AUDITS = 61


def test_every_audit_of_graphql_over_http_is_ok(
    server: str, node: str, clients: Path, run: Callable[..., str]
) -> None:
    audits = json.loads(run(node, clients / "audit.mjs", f"{server}/graphql"))
    assert [audit for audit in audits if audit["status"] != "ok"] == []
    assert len(audits) == AUDITS
