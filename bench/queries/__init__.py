"""The operations that are measured, with their variables."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

FOLDER = Path(__file__).parent
HOST = "blog49.bench.test"


@dataclass(frozen=True, slots=True)
class Query:
    """`name` is the name in the results, `source` the file of its document."""

    name: str
    source: str
    variables: dict[str, Any]

    def body(self, folder: Path = FOLDER) -> str:
        """The POST body; another `folder` may hold another wording of the same documents."""
        document = (folder / f"{self.source}.graphql").read_text()
        return orjson.dumps({"query": document, "variables": self.variables}).decode()


QUERIES = (
    Query("feed", "feed", {"first": 20}),
    Query("feed100", "feed", {"first": 100}),
    Query("post", "post", {"host": HOST, "slug": "post-49999"}),
    Query("home", "home", {"host": HOST, "first": 20}),
    Query("wide", "wide", {}),
)
